import { expect, onTestFinished, test } from "vitest";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { runToEnd, shortRuns } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

// What a page makes ready while it is looked at, before Run is pressed.
const studio = studioBed();

const short = "#/weight-decay?iterations=7&hiddenSizes=20,20&backend=wasm";

/** Pieces of the data that a page asks for, from its cache or from the site, from now on. */
function piecesAsked(page: TestPage): string[] {
  const pieces: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith(".bin")) {
      pieces.push(request.url());
    }
  });
  return pieces;
}

test("the workers of the next run stand ready; of the data nothing is fetched for who only reads", async () => {
  const page = await studio.open("#/");
  const pieces = piecesAsked(page);
  await page.goto(studio.site.url + short);
  await page.reload();
  // Two that train, and one that will load the data.
  await expect.poll(() => page.workers().length).toBe(3);
  await page.waitForTimeout(500);
  expect(pieces).toEqual([]);
  await runToEnd(page);
  expect(page.workers().length).toBe(3);
  expect(pieces.length).toBeGreaterThan(0);
  expect(page.complaints).toEqual([]);
});

test.for(few(2, Object.keys(shortRuns)))(
  "once the page of %s has come to rest, its run asks for data and for nothing else",
  async (id) => {
    const page = await studio.open(`#/${id}?${new URLSearchParams(shortRuns[id])}`);
    await expect.poll(() => page.workers().length).toBe(3);
    // What workers fetch counts for no state of the page: they listen when they have it all.
    const listening = () => Promise.all(page.workers().map((worker) => worker.evaluate(() => self.onmessage !== null)));
    await expect.poll(listening).toEqual([true, true, true]);
    await page.waitForLoadState("networkidle");
    const from = studio.site.requests.length;
    await runToEnd(page);
    expect(studio.site.requests.slice(from).filter((path) => !path.startsWith("data/"))).toEqual([]);
    expect(page.complaints).toEqual([]);
  },
);

test("who has trained here before has the rows at hand when the page stands, without asking the site again", async () => {
  const page = await studio.open(short);
  await runToEnd(page);
  const pieces = piecesAsked(page);
  const from = studio.site.requests.length;
  await page.reload();
  await expect.poll(() => pieces.map((url) => url.replace(/.*\/(train|test).*/, "$1"))).toEqual(["train", "test"]);
  await runToEnd(page);
  expect(studio.site.requests.slice(from).filter((path) => path.endsWith(".bin"))).toEqual([]);
  expect(page.complaints).toEqual([]);
});

test("a page in the background starts nothing before it is used", async () => {
  const page = await studio.open(short, {
    before: () => Object.defineProperty(document, "visibilityState", { get: () => "hidden" }),
  });
  await page.getByText("The book's own run.").or(page.getByText("Run again")).first().waitFor();
  await page.waitForTimeout(1000);
  expect(page.workers()).toEqual([]);
  await runToEnd(page);
});

test("workers that could not start while the page rested are started again by Run", async () => {
  let refused = 0;
  onTestFinished(() => {
    studio.site.intercept = null;
  });
  studio.site.intercept = (path, response) => {
    if (!/worker/.test(path)) {
      return false;
    }
    refused++;
    response.writeHead(503).end();
    return true;
  };
  const page = await studio.open(short);
  await expect.poll(() => refused).toBeGreaterThanOrEqual(2);
  await expect.poll(() => page.workers().length).toBe(0);
  studio.site.intercept = null;
  await runToEnd(page);
});

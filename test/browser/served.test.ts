import { afterAll, beforeAll, expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { studyJson } from "../../src/search/views/study-json.ts";
import type { ServerInfo } from "../../src/server/api.ts";
import { contentSecurityPolicy } from "../../src/server/security.ts";
import { clock, type Opened, openServer, studioFolder } from "../server/support.ts";
import { builtStudio, openBrowser, type TestBrowser, type TestPage } from "../support/browser.ts";
import { ended, startTanren } from "../support/cli.ts";
import { few } from "../support/few.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { sampleStudy } from "../support/sample-study.ts";
import { differing, done, goTo, openTab, press, reached, runToEnd, saved, settled } from "../support/studio.ts";
import { detail, expectNodesNumbers, openServedStudio, runsOf } from "./served-experiments.ts";

let browser: TestBrowser;
let pages: string;

beforeAll(async () => {
  [pages, browser] = await Promise.all([builtStudio(), openBrowser()]);
});

afterAll(() => browser?.close());

const openStudio = (server: Opened, hash: string) => openServedStudio(browser, server, hash);

const shelfOf = (page: TestPage) => page.getByRole("region", { name: "Runs" }).getByRole("listitem");

test("experiments run on the server from their pages: Node's numbers bit for bit, kept in its store", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/");
  await expectNodesNumbers(
    page,
    server,
    few(
      2,
      chapter.map(({ id }) => id),
    ),
  );
  await page.close();
});

test("the printed link lets a page in once, and it keeps running with the cookie alone; without it a page says what to open", async () => {
  const server = await openServer({ pages, token: undefined });
  const stranger = await browser.open({ locale: "ja-JP" });
  await stranger.goto(server.url.replace(/\?.*/, ""));
  expect(await stranger.locator("body").innerText()).toMatch(/asks for its token[\s\S]*トークンが必要です/);
  await stranger.close();
  const page = await openStudio(server, "#/optimizer-paths");
  expect(page.url()).toBe(server.url.replace(/\?.*/, "#/optimizer-paths"));
  await runToEnd(page);
  await page.reload();
  await page.getByRole("heading", { level: 1 }).waitFor();
  await runToEnd(page);
  expect(page.complaints).toEqual([]);
  await page.close();
});

test("auto takes the best kernels of the machine, and says so", async () => {
  const server = await openServer({ pages });
  const { kernels } = (await (await server.ask("/api/info")).json()) as ServerInfo;
  const page = await openStudio(server, `#/optimizer-comparison?iterations=40`);
  await runToEnd(page);
  const shown = await saved(page);
  const node = await runExperiment("optimizer-comparison", { set: ["iterations=40"], dtype: "float32" });
  expect(shown.engine.kernels).toBe(node.engine.kernels);
  expect(shown.engine.kernels.startsWith("native")).toBe(
    kernels.some(({ name, available }) => name.startsWith("native") && available),
  );
  expect(differing(shown, node)).toEqual([]);
  expect(page.complaints).toEqual([]);
  await page.close();
});

test("a run of the command line appears on the shelf while it goes on, and can be followed to its end", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/optimizer-comparison");
  const { store, home } = server.folder;
  const set = ["iterations=1000000", "hiddenSizes=50,50"].flatMap((assignment) => ["--set", assignment]);
  const cli = startTanren(["run", "optimizer-comparison", ...set, "--store", store, "--quiet"], { home });
  const end = ended(cli);
  await openTab(page, "runs");
  await shelfOf(page)
    .getByText(/running/)
    .waitFor({ timeout: 300_000 });
  await shelfOf(page).getByRole("button").first().click();
  await page.getByText(/^Running: /).waitFor();
  await page.getByLabel("history").waitFor();
  const before = await reached(page);
  await expect.poll(() => reached(page), { timeout: 300_000 }).toBeGreaterThan(before);
  expect(page.url()).toMatch(/iterations=1000000/);
  cli.kill("SIGINT");
  await end;
  await page.getByText(/^Stopped/).waitFor({ timeout: 300_000 });
  await shelfOf(page)
    .getByText(/interrupted/)
    .waitFor();
  expect(page.complaints).toEqual([]);
  await page.close();
});

test("a run goes on when its page is closed, and another page shows it live and done", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/optimizer-comparison?iterations=1000&hiddenSizes=20");
  const speed = (of: TestPage) => of.getByRole("combobox", { name: "speed" });
  // It cannot end before it has been looked at.
  await speed(page).selectOption("2");
  await press(page);
  await page.getByText(/^Running: /).waitFor();
  await page.close();
  const other = await openStudio(server, "#/optimizer-comparison");
  await openTab(other, "runs");
  const run = shelfOf(other).first();
  await run.getByText(/running/).waitFor();
  await run.getByRole("button").first().click();
  await other.getByText(/^Running: /).waitFor();
  await speed(other).selectOption("null");
  await done(other);
  await run.getByText(/done/).waitFor();
  const shown = await saved(other);
  expect(shown.settings).toMatchObject({ iterations: 1000 });
  const [kept] = await runsOf(server);
  expect(differing(shown, await detail(server, kept.id))).toEqual([]);
  expect(shown.series.every(({ x }) => (x.at(-1) ?? 0) >= 999)).toBe(true);
  expect([...page.complaints, ...other.complaints]).toEqual([]);
  await other.close();
});

test("a run on the server is paused, stepped, resumed and stopped from its page", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/optimizer-comparison?iterations=1000000&hiddenSizes=20");
  const click = (name: RegExp) => page.getByRole("button", { name }).click();
  await press(page);
  await page.getByLabel("history").waitFor({ timeout: 300_000 });
  await click(/Pause/);
  await page.getByText(/^Paused/).waitFor();
  const held = await settled(page);
  await click(/^Step$/);
  await expect.poll(() => reached(page), { timeout: 300_000 }).toBe(held + 1);
  await click(/Resume/);
  await expect.poll(() => reached(page), { timeout: 300_000 }).toBeGreaterThan(held + 1);
  await click(/Stop/);
  await page.getByText(/^Stopped/).waitFor({ timeout: 300_000 });
  await expect.poll(async () => (await runsOf(server))[0].status).toBe("interrupted");
  expect(page.complaints).toEqual([]);
  await page.close();
});

test("where this page is the place of the run, the browser computes and the server keeps", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/weight-decay?iterations=7&hiddenSizes=20,20&seed=3&backend=wasm-simd");
  await openTab(page, "more");
  await page.getByText("Where and how it computes").click();
  await page.getByLabel("runs in").selectOption({ label: "this page" });
  await page.getByText(/nothing leaves your browser/).waitFor();
  expect(await page.getByLabel("kernels").locator("option").allInnerTexts()).not.toContain("native");
  const before = (await runsOf(server)).length;
  await runToEnd(page);
  const shown = await saved(page);
  const set = ["iterations=7", "hiddenSizes=20,20"];
  expect(
    differing(shown, await runExperiment("weight-decay", { set, seed: 3, backend: "wasm-simd", dtype: "float32" })),
  ).toEqual([]);
  await expect.poll(async () => (await runsOf(server)).length).toBe(before + 1);
  await expect.poll(async () => (await runsOf(server))[0].status).toBe("done");
  const [kept] = await runsOf(server);
  expect(differing(await detail(server, kept.id), shown)).toEqual([]);
  const other = await openStudio(server, "#/weight-decay");
  await openTab(other, "runs");
  await shelfOf(other).getByText(/done/).waitFor();
  expect([...page.complaints, ...other.complaints]).toEqual([]);
  await page.close();
  await other.close();
});

test("the studies of the store are listed, drawn in all views and watched while they grow", async () => {
  const folder = studioFolder();
  const store = openSqliteStore({ path: folder.store, ...clock });
  const server = await openServer({ pages, store, studies: await openStudyStore(folder.store) });
  const worker = await openStudyStore(folder.store);
  const { trials, direction } = sampleStudy(14);
  const { id } = await worker.createStudy({
    name: "谷 & co.",
    direction,
    seed: 1,
    sampler: { name: "random" },
    pruner: null,
    space: trials[0].distributions,
    objective: { name: "made up" },
    constraints: 0,
  });
  const finish = async ({ number, params, distributions, value }: (typeof trials)[number]) => {
    // Of the study, in all.
    await worker.request(id, number + 1);
    const sample = () => ({ params, distributions });
    const claimed = await worker.claim(id, { worker: "w", leaseMs: 60_000, sample });
    await worker.finish(claimed!, { state: "complete", value: value ?? 1 });
  };
  for (const trial of trials.slice(0, 12)) {
    await finish(trial);
  }
  const page = await openStudio(server, "#/studies");
  await page.getByLabel("Show 谷 & co.").check();
  await expect.poll(() => page.url()).toMatch(/study=/);
  const study = page.getByRole("region", { name: "谷 & co.", exact: true });
  await study.waitFor();
  await expect.poll(() => study.locator("canvas, svg").count(), { timeout: 300_000 }).toBeGreaterThan(2);
  const row = page.getByRole("row", { name: /谷/ });
  await row.getByText("12 / 12").waitFor();
  for (const trial of trials.slice(12)) {
    await finish(trial);
  }
  await row.getByText("14 / 14").waitFor({ timeout: 300_000 });
  await page.reload();
  await study.waitFor();
  expect(page.complaints).toEqual([]);
  await worker.close();
  await page.close();
});

test("a study saved whole is opened beside those of the store, and nothing goes on with it", async () => {
  const folder = studioFolder();
  const server = await openServer({ pages, studies: await openStudyStore(folder.store) });
  const store = await openStudyStore(folder.store);
  const { trials, direction } = sampleStudy(14);
  const spec = { direction, seed: 1, sampler: null, pruner: null, space: null, objective: null, constraints: 0 };
  // A study of the store may be called as the page calls a file.
  await store.createStudy({ ...spec, name: "file-elsewhere" });
  const page = await openStudio(server, "#/studies");
  await page.getByLabel("Show file-elsewhere").waitFor();
  const study = { ...spec, name: "elsewhere" };
  const file = JSON.stringify(studyJson({ study, data: { trials, direction } }));
  const given = { name: "study.json", mimeType: "application/json", buffer: Buffer.from(file) };
  await page.getByLabel("Study files").setInputFiles(given);
  const region = page.getByRole("region", { name: "elsewhere", exact: true });
  await region.waitFor();
  await expect.poll(() => region.locator("canvas, svg").count(), { timeout: 300_000 }).toBeGreaterThan(2);
  expect(await region.getByRole("button", { name: "Resume" }).count()).toBe(0);
  await page.getByLabel("Show file-elsewhere").check();
  const kept = page.getByRole("region", { name: "file-elsewhere", exact: true });
  await kept.getByRole("button", { name: "Resume" }).waitFor();
  expect(await region.count()).toBe(1);
  await page.reload();
  await kept.waitFor();
  await page.getByRole("alert").filter({ hasText: "its file must be given again" }).waitFor();
  await page.getByLabel("Study files").setInputFiles(given);
  await region.waitFor();
  expect(page.complaints).toEqual([]);
  await store.close();
  await page.close();
});

test("a server that does not answer is said once in a place, and its silence is not taken for an empty store", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/");
  await page.route("**/api/**", (route) => route.abort());
  await goTo(page, "#/studies");
  await page.getByText(/server does not answer/).waitFor();
  expect(await page.getByText("No studies yet.").count()).toBe(0);
  await page.unroute("**/api/**");
  await page.getByText("No studies yet.").waitFor();
  await page.close();
});

test("pages of the studio live under the server's strict policy without a complaint", async () => {
  const server = await openServer({ pages });
  const page = await openStudio(server, "#/");
  const answer = await server.ask("/");
  expect(answer.headers.get("content-security-policy")).toBe(contentSecurityPolicy);
  expect(contentSecurityPolicy).not.toMatch(/'unsafe-|\*/);
  const all = [...chapter.map((experiment) => experiment.id), "sandbox", "studies", "compare", "glossary"];
  for (const id of few(5, all)) {
    await goTo(page, `#/${id}`);
    for (const tab of await page.getByRole("tab").all()) {
      await tab.click();
    }
    await page.evaluate(() => {
      for (const folded of document.querySelectorAll("details")) {
        folded.open = true;
      }
    });
    await page.waitForTimeout(200);
  }
  expect(page.complaints).toEqual([]);
  await page.close();
});

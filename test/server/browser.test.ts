import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openBrowser, type TestBrowser } from "../support/browser.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { openServer } from "./support.ts";

const folder = mkdtempSync(join(tmpdir(), "tanren-served-"));
let browser: TestBrowser;

beforeAll(async () => {
  browser = await openBrowser();
  await build({
    configFile: false,
    root: fileURLToPath(new URL("bed", import.meta.url)),
    base: "./",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false } },
  });
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test("a page in Chromium runs on its server, hears it live, shares memory, and gets the same bits; its console is empty", async () => {
  const server = await openServer({ pages: folder });
  const page = await browser.open();
  await page.goto(server.url);
  const { series, kinds, ...rest } = await page.evaluate("served()").then((found) => found as Record<string, unknown>);
  expect(rest).toEqual({ isolated: true, status: "done", labels: ["from a page"], changes: expect.any(Number) });
  expect(kinds).toEqual(expect.arrayContaining(["points", "progress", "snapshot", "ended"]));
  const set = ["iterations=60", "hiddenSizes=20", "trainRows=600"];
  const theirs = await runExperiment("optimizer-comparison", { set, backend: "wasm-simd", dtype: "float32" });
  expect(series).toEqual(theirs.series);
  expect(page.complaints).toEqual([]);
});

test("the page's policy lets no inline script, no eval and no other site through", async () => {
  const server = await openServer({ pages: folder });
  const page = await browser.open();
  await page.goto(server.url);
  expect(await page.evaluate("forbidden()")).toEqual({ inline: false, evaluated: false, abroad: false });
  expect(page.complaints.length).toBeGreaterThan(0);
});

test("a page of another site can neither read nor start anything", async () => {
  const [server, other] = [await openServer({ pages: folder }), await openServer()];
  const page = await browser.open();
  // Playwright's own evaluation is not bound by the policy of the page it stands in, but the server's checks hold.
  await page.goto(other.url.replace("127.0.0.1", "localhost"));
  const tried = await page.evaluate(async (url) => {
    const attempt = (init?: RequestInit) =>
      fetch(`${url}api/runs`, init).then(
        (answer) => answer.status,
        () => "refused",
      );
    return [await attempt(), await attempt({ method: "POST", mode: "no-cors", body: "{}" })];
  }, server.url);
  expect(tried).toEqual(["refused", "refused"]);
  expect(await (await server.ask("/api/runs")).json()).toEqual({ runs: [], more: false });
});

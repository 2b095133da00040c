import { expect } from "vitest";
import type { RunDetail, RunList } from "../../src/server/api.ts";
import type { Opened } from "../server/support.ts";
import type { TestBrowser, TestPage } from "../support/browser.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { assignments, differing, goTo, runToEnd, saved, shortRuns } from "../support/studio.ts";

export async function openServedStudio(browser: TestBrowser, server: Opened, hash: string): Promise<TestPage> {
  const page = await browser.open({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
  await page.goto(`${server.url}${hash}`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

export async function runsOf(server: Opened): Promise<RunList["runs"]> {
  return ((await (await server.ask("/api/runs")).json()) as RunList).runs;
}

export async function detail(server: Opened, id: string): Promise<RunDetail> {
  return (await server.ask(`/api/runs/${id}`)).json() as Promise<RunDetail>;
}

/** Each experiment runs on the server from its page: Node's numbers bit for bit, kept in its store. */
export async function expectNodesNumbers(page: TestPage, server: Opened, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await goTo(page, `#/${id}?${new URLSearchParams({ ...shortRuns[id], seed: "3", backend: "wasm-simd" })}`);
    await runToEnd(page);
    const shown = await saved(page);
    const set = assignments(shortRuns[id]);
    const node = await runExperiment(id, { set, seed: 3, backend: "wasm-simd", dtype: "float32" });
    expect(shown.engine.kernels, id).toBe("wasm-simd");
    expect(shown.settings, id).toEqual(node.settings);
    expect(differing(shown, node), id).toEqual([]);
    const [kept] = await runsOf(server);
    expect(kept, id).toMatchObject({ experiment: id, status: "done" });
    expect(differing(await detail(server, kept.id), node), id).toEqual([]);
  }
  expect(page.complaints).toEqual([]);
}

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { optimizerComparison, optimizerPaths } from "../../src/index.ts";
import { openSqliteStore, openStudyStore, openWorkerRunner, runExperiment } from "../../src/node/index.ts";
import { mnist } from "../support/mnist.ts";

// What is used after it was closed must say so: it hung, told of tasks that never ran as done, or said a library's words.

const folder = mkdtempSync(join(tmpdir(), "tanren-closed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kernels = { backend: "wasm-simd", dtype: "float32" } as const;
const closed = "worker: the threads that run tasks must be there, got a runner that is closed. Open another.";

describe("a runner", () => {
  test("that is closed runs nothing, and says so", async () => {
    const runner = openWorkerRunner(kernels);
    await runner.close();
    await runner.close();
    await expect(runExperiment(optimizerPaths, { runner })).rejects.toThrow(closed);
  });

  test("that is closed while tasks wait for its thread tells none of them as done", async () => {
    const runner = openWorkerRunner({ ...kernels, workers: 1 }, [await mnist()]);
    const tasks = optimizerComparison.plan({ ...optimizerComparison.presets.book, optimizers: ["SGD"] }, 0);
    const going = runner.run(optimizerComparison.id, tasks, new AbortController().signal);
    // The only thread is busy from here on.
    await going.next();
    const waiting = runner.run(optimizerComparison.id, tasks, new AbortController().signal);
    const first = waiting.next();
    await new Promise(setImmediate);
    await runner.close();
    const told = [(await first).value];
    for await (const event of waiting) {
      told.push(event);
    }
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ task: 0, event: { kind: "note", note: { kind: "failed", message: closed } } });
    await going.return();
  });
});

describe("a store", () => {
  test("of runs that is closed says so", () => {
    const store = openSqliteStore({ path: join(folder, "runs.sqlite"), now: Date.now, random: Math.random });
    store.close();
    for (const use of [() => store.list(), () => store.get("latest"), () => store.changes(0), () => store.revision()]) {
      expect(use).toThrow(/^run store .*runs\.sqlite: must be open, got one that is closed\. Open it again\.$/);
    }
  });

  test("of studies that is closed says so", async () => {
    const store = await openStudyStore(join(folder, "studies.sqlite"));
    await store.close();
    await expect(store.studies()).rejects.toThrow(
      /studies\.sqlite: must be open, got one that is closed\. Open it again\.$/,
    );
  });
});

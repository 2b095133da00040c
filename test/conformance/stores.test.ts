import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openMemoryStore } from "../../src/store/memory.ts";
import type { RunInfo, RunStore } from "../../src/store/run-store.ts";
import { openSqliteStore } from "../../src/store/sqlite.ts";

const info: RunInfo = {
  tanren: "0.1.0",
  experiment: "optimizer-comparison",
  preset: "book",
  seed: 3,
  settings: { iterations: 5, hiddenSizes: [10, 10], weightInit: "he" },
  engine: { kernels: "wasm-simd", dtype: "float32", workers: 2 },
  startedAt: "2026-11-24T05:30:12.000Z",
};
const points = (task: number, x: number[], y: (number | null)[]): RunEvent => ({
  task,
  event: { kind: "points", run: `run ${task}`, tags: {}, metric: "loss", x, y },
});
const later = (seconds: number): RunInfo => ({
  ...info,
  startedAt: new Date(Date.parse(info.startedAt) + 1000 * seconds).toISOString(),
});

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tanren-store-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let ids = 0;
const clock = { now: () => Date.parse(info.startedAt) + 2500, random: () => (ids++ % 1000) / 1000 };
const implementations: Record<string, () => RunStore> = {
  memory: () => openMemoryStore(clock),
  sqlite: () => openSqliteStore({ path: join(folder, "deep", "runs.sqlite"), ...clock }),
};

describe.each(Object.entries(implementations))("a run store: %s", (_, open) => {
  test("gives back a finished run as it was recorded, tasks in the order of the plan", () => {
    const store = open();
    const writer = store.begin(info);
    writer.append([points(1, [0], [2.5]), points(0, [0, 1], [2.4, 2.3])]);
    writer.append([
      points(1, [1], [null]),
      {
        task: 1,
        event: { kind: "note", note: { kind: "diverged", run: "run 1", tags: {}, step: 1, layer: "affine1" } },
      },
    ]);
    writer.finish("done", { total: 3, train: 2 });
    const run = store.get(writer.id);
    expect(run).toMatchObject({ ...info, id: writer.id, status: "done", seconds: { total: 3, train: 2 } });
    expect(run.series).toEqual([
      { run: "run 0", tags: {}, metric: "loss", x: [0, 1], y: [2.4, 2.3] },
      { run: "run 1", tags: {}, metric: "loss", x: [0, 1], y: [2.5, null] },
    ]);
    expect(run.events).toEqual([{ kind: "diverged", run: "run 1", tags: {}, step: 1, layer: "affine1" }]);
    store.close();
  });

  test("shows a run that still goes, and how long it has gone", () => {
    const store = open();
    const writer = store.begin(info);
    writer.append([points(0, [0], [1])]);
    expect(store.get(writer.id)).toMatchObject({ status: "running", seconds: { total: 2.5 } });
    expect(() => store.delete(writer.id)).toThrow(/must have ended/);
    store.close();
  });

  test("lists the newest first, by experiment, state and number", () => {
    const store = open();
    const names = [0, 10, 20].map((seconds) => store.begin(later(seconds)));
    names[1].finish("interrupted", { total: 1, train: 1 });
    store.begin({ ...later(5), experiment: "optimizer-paths" });
    expect(store.list({ experiment: info.experiment }).map(({ id }) => id)).toEqual(
      names.map(({ id }) => id).reverse(),
    );
    expect(store.list({ limit: 1 })[0].id).toBe(names[2].id);
    expect(store.list({ status: "interrupted" }).map(({ id }) => id)).toEqual([names[1].id]);
    expect(store.get("latest").id).toBe(names[2].id);
    store.close();
  });

  test("finds a run by the beginning of its id, and says when none or several fit", () => {
    const store = open();
    expect(() => store.get("latest")).toThrow(/store is empty/);
    const first = store.begin(info);
    store.begin(info);
    expect(store.get(first.id.slice(0, -1)).id).toBe(first.id);
    expect(() => store.get("2026")).toThrow(/fits 2/);
    expect(() => store.get("nothing")).toThrow(/must be the id of a recorded run/);
    expect(() => store.get(`${first.id.slice(0, -1)}x`)).toThrow(/Did you mean/);
    store.close();
  });

  test("refuses to write to a run that has ended or was deleted", () => {
    const store = open();
    const writer = store.begin(info);
    writer.finish("done", { total: 1, train: 1 });
    expect(() => writer.append([points(0, [0], [1])])).toThrow(/is done/);
    expect(() => writer.finish("done", { total: 1, train: 1 })).toThrow(/is done/);
    store.delete(writer.id);
    expect(() => writer.append([points(0, [0], [1])])).toThrow(/was deleted/);
    expect(store.list()).toEqual([]);
    store.close();
  });

  test("refuses points without a place, and keeps nothing of that append", () => {
    const store = open();
    const writer = store.begin(info);
    expect(() => writer.append([points(0, [0], [1]), points(0, [Number.NaN], [1])])).toThrow(/finite x/);
    expect(store.get(writer.id).series).toEqual([]);
    store.close();
  });
});

describe("the SQLite store", () => {
  const path = () => join(folder, "runs.sqlite");
  const open = (options = {}) => openSqliteStore({ path: path(), ...clock, ...options });

  test("is read back by another process's connection while one writes", () => {
    const first = open();
    const writer = first.begin(info);
    writer.append([points(0, [0], [1])]);
    const second = open();
    expect(second.get(writer.id).series[0].y).toEqual([1]);
    first.close();
    second.close();
  });

  test("calls a run interrupted whose process is gone", () => {
    const gone = open({
      owner: { pid: 2 ** 22 - 7, host: (process.env.HOSTNAME ?? "") || "elsewhere", birth: "never" },
    });
    const writer = gone.begin(info);
    gone.close();
    const store = open({ now: () => Date.parse(info.startedAt) + 24 * 3600 * 1000 });
    expect(store.get(writer.id).status).toBe("interrupted");
    store.close();
  });

  test("says what is wrong with a file that is no store, and leaves it as it was", () => {
    writeFileSync(path(), "these are not the bytes you are looking for".repeat(100));
    expect(() => open()).toThrow(/run store .*must/);
    rmSync(path());
    const other = new DatabaseSync(path());
    other.exec("CREATE TABLE recipes (name TEXT)");
    other.close();
    expect(() => open()).toThrow(/run store .*must/);
    const again = new DatabaseSync(path());
    expect(again.prepare("SELECT name FROM sqlite_master").all()).toEqual([{ name: "recipes" }]);
    again.close();
  });

  test("refuses a folder as its file", () => {
    expect(() => openSqliteStore({ path: folder, ...clock })).toThrow(/must be a file, got a folder/);
  });
});

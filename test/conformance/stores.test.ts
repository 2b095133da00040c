import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openMemoryStore } from "../../src/store/runs/memory.ts";
import type { RunInfo, RunStore } from "../../src/store/runs/run-store.ts";

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
    expect(store.list({ limit: 1 }).map(({ id }) => id)).toEqual([names[2].id]);
    expect(store.list({ limit: 3 })).toHaveLength(3);
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

  test("says whether it holds an end, and none of a run that was deleted", () => {
    const store = open();
    const writer = store.begin(info);
    expect(writer.ended("done")).toBe(false);
    writer.append([points(0, [0], [2.5])]);
    writer.finish("done", { total: 1, train: 1 });
    expect([writer.ended("done"), writer.ended("interrupted")]).toEqual([true, false]);
    store.delete(writer.id);
    expect(writer.ended("done")).toBe(false);
  });

  test("keeps the marks a person gives, and leaves those alone that are not given", () => {
    const store = open();
    const { id } = store.begin(info);
    expect(store.get(id)).toMatchObject({ label: null, pinned: false, origin: "cli" });
    expect(store.annotate(id, { label: "wide network" })).toMatchObject({ label: "wide network", pinned: false });
    store.annotate(id, { pinned: true });
    expect(store.list()[0]).toMatchObject({ id, label: "wide network", pinned: true });
    expect(store.summary(id)).toEqual(store.list()[0]);
    expect(() => store.summary("nothing")).toThrow(/must be a recorded run/);
    expect(store.annotate(id, { label: null })).toMatchObject({ label: null, pinned: true });
    expect(() => store.annotate("nothing", { pinned: true })).toThrow(/must be the id/);
    store.close();
  });

  test("gives what was appended chunk by chunk, from any of them on, and says how far a record goes", () => {
    const store = open();
    const writer = store.begin(info);
    expect(store.get(writer.id).upTo).toBe(0);
    writer.append([points(0, [0], [1])]);
    writer.append([{ task: 0, event: { kind: "progress", run: "run 0", tags: {}, done: 1, total: 2, loss: 1 } }]);
    writer.append([points(0, [1], [2]), points(0, [2], [3])]);
    writer.append([points(0, [3], [4])]);
    expect(store.get(writer.id).upTo).toBe(3);
    expect(store.chunks(writer.id, 0, 2).map(({ number }) => number)).toEqual([1, 2]);
    expect(store.chunks(writer.id, 1, 100)).toEqual([
      { number: 2, events: [points(0, [1, 2], [2, 3])] },
      { number: 3, events: [points(0, [3], [4])] },
    ]);
    expect(store.chunks(writer.id, 3, 100)).toEqual([]);
    expect(() => store.chunks("nothing", 0, 1)).toThrow(/must be a recorded run/);
    store.close();
  });

  test("tells what changed since a revision, of each run only the last, and of deleted runs too", () => {
    const store = open();
    expect(store.changes(0)).toEqual({ revision: store.revision(), runs: [], deleted: [] });
    const first = store.begin(info);
    const second = store.begin({ ...later(1), origin: "server" });
    const before = store.revision();
    first.append([points(0, [0], [1])]);
    first.finish("done", { total: 1, train: 1 });
    const once = store.changes(before);
    expect(once.runs.map(({ id, status }) => [id, status])).toEqual([[first.id, "done"]]);
    expect(once.revision).toBe(store.revision());
    store.delete(first.id);
    second.append([points(0, [0], [1])]);
    expect(store.changes(once.revision)).toMatchObject({ runs: [{ id: second.id }], deleted: [first.id] });
    expect(store.changes(0, 1)).toMatchObject({ runs: [], deleted: [first.id] });
    expect(store.changes(store.revision())).toEqual({ revision: store.revision(), runs: [], deleted: [] });
    store.close();
  });

  test("takes a run in under the id it had elsewhere, once", () => {
    const store = open();
    const writer = store.begin({ ...info, origin: "page" }, "20261124-053012-abcd");
    expect(writer.id).toBe("20261124-053012-abcd");
    expect(store.summary(writer.id).origin).toBe("page");
    expect(() => store.begin(info, writer.id)).toThrow(/which is there already/);
    store.close();
  });

  test("lists the runs after another one", () => {
    const store = open();
    const [a, b, c] = [0, 0, 20].map((seconds) => store.begin({ ...later(seconds), origin: "server" }));
    expect(store.list({ before: c.id }).map(({ id }) => id)).toEqual([b.id, a.id]);
    expect(store.list({ before: b.id, limit: 5, origin: "server" }).map(({ id }) => id)).toEqual([a.id]);
    expect(store.list({ origin: "cli" })).toEqual([]);
    expect(() => store.list({ before: "nothing" })).toThrow(/must be a recorded run/);
    store.close();
  });

  test("resumes no run whose process lives, and none that has ended", () => {
    const store = open();
    const writer = store.begin({ ...info, origin: "server" });
    expect(store.abandoned("server")).toEqual([]);
    expect(() => store.resume(writer.id)).toThrow(/which is running/);
    writer.finish("interrupted", { total: 1, train: 1 });
    expect(store.abandoned("server")).toEqual([]);
    expect(() => store.resume(writer.id)).toThrow(/which is interrupted/);
    store.close();
  });

  test("counts attempts of a run that goes on, and of no other", () => {
    const store = open();
    const writer = store.begin({ ...info, origin: "server" });
    expect(writer.attempts).toBe(0);
    writer.attempt();
    writer.leave();
    writer.finish("done", { total: 1, train: 1 });
    expect(() => writer.attempt()).toThrow(/which is done/);
    expect(() => writer.leave()).toThrow(/which is done/);
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

  test("counts the attempts of dead processes that recorded nothing new, but for those left in good order", () => {
    const process = (pid: number) => open({ owner: { pid: 2 ** 22 - pid, host: hostname(), birth: "never" } });
    const { id, attempt } = process(7).begin({ ...info, origin: "server" });
    attempt();
    const second = process(8).resume(id);
    expect(second.attempts).toBe(1);
    second.attempt();
    expect(attempt).toThrow(/another process's/);
    const third = process(9).resume(id);
    expect(third.attempts).toBe(2);
    third.attempt();
    third.leave();
    const fourth = process(10).resume(id);
    expect(fourth.attempts).toBe(2);
    fourth.attempt();
    fourth.append([]);
    const fifth = process(11).resume(id);
    expect(fifth.attempts).toBe(3);
    fifth.attempt();
    fifth.append([points(0, [0], [1])]);
    expect(open().resume(id).attempts).toBe(1);
  });

  test("hands a run over whose process is gone, and refuses the dead one's writer from then on", () => {
    const dead = open({ owner: { pid: 2 ** 22 - 7, host: hostname(), birth: "never" } });
    const late = dead.begin({ ...info, origin: "server" });
    const ofCli = dead.begin(later(1));
    late.append([points(0, [0], [1])]);
    const store = open();
    expect(store.abandoned("server").map(({ id }) => id)).toEqual([late.id]);
    expect(store.abandoned("cli").map(({ id }) => id)).toEqual([ofCli.id]);
    const writer = store.resume(late.id);
    expect(store.get(late.id).status).toBe("running");
    expect(() => store.resume(late.id)).toThrow(/which is running/);
    expect(() => late.append([points(0, [1], [2])])).toThrow(/another process's/);
    expect(() => late.finish("done", { total: 1, train: 1 })).toThrow(/another process's/);
    writer.append([points(0, [1], [3])]);
    writer.finish("done", { total: 2, train: 2 });
    expect(store.get(late.id)).toMatchObject({ status: "done", series: [{ y: [1, 3] }] });
    dead.close();
    store.close();
  });

  test("brings a file of the first schema up to date and keeps its runs", () => {
    const store = open();
    const { id } = store.begin(info);
    store.close();
    const old = new DatabaseSync(path());
    old.exec(`DROP TRIGGER run_inserted; DROP TRIGGER run_updated; DROP TRIGGER run_deleted; DROP TABLE changes;
      DROP INDEX runs_going; ALTER TABLE runs DROP COLUMN origin; ALTER TABLE runs DROP COLUMN label;
      ALTER TABLE runs DROP COLUMN pinned; ALTER TABLE runs DROP COLUMN attempts; DROP TABLE schema_version;
      PRAGMA user_version = 1`);
    old.close();
    const again = open();
    expect(again.get(id)).toMatchObject({ ...info, origin: "cli", label: null, pinned: false });
    expect(again.changes(0).runs.map((run) => run.id)).toEqual([id]);
    again.close();
  });

  test("tells one process's changes to another's connection", () => {
    const [first, second] = [open(), open()];
    const { id } = first.begin(info);
    expect(second.changes(0).runs.map((run) => run.id)).toEqual([id]);
    const seen = second.revision();
    first.annotate(id, { label: "seen" });
    expect(second.changes(seen).runs).toMatchObject([{ id, label: "seen" }]);
    first.close();
    second.close();
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

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync, type SQLInputValue } from "node:sqlite";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import type { DamagedRun, RunInfo } from "../../src/store/runs/run-store.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";

const clock = { now: () => Date.parse("2026-11-24T05:40:00Z"), random: Math.random };
const info: RunInfo = {
  ...{ tanren: "0.1.0", experiment: "optimizer-comparison", preset: "book", seed: 3, settings: { iterations: 2 } },
  engine: { kernels: "wasm-simd", dtype: "float32", workers: 2 },
  startedAt: "2026-11-24T05:30:12.000Z",
};
const points = (from: number): RunEvent => ({
  task: 0,
  event: { kind: "points", run: "SGD", tags: {}, metric: "loss", x: [from, from + 1], y: [2, 1] },
});

/** A store of three runs of three chunks each, the newest first. */
function sound(): { path: string; ids: string[] } {
  const path = join(temporaryFolder(), "runs.sqlite");
  const store = openSqliteStore({ path, ...clock });
  const ids = [0, 1, 2].map((i) => {
    const startedAt = new Date(Date.parse(info.startedAt) + 60_000 * i).toISOString();
    const writer = store.begin({ ...info, startedAt });
    for (const from of [0, 2, 4]) {
      writer.append([points(from)]);
    }
    writer.finish("done", { total: 3, train: 2 });
    return writer.id;
  });
  store.close();
  return { path, ids: ids.reverse() };
}

function damage(path: string, sql: string, ...values: SQLInputValue[]): void {
  const db = new DatabaseSync(path);
  db.exec("PRAGMA ignore_check_constraints = ON");
  expect(db.prepare(sql).run(...values).changes).toBe(1);
  db.close();
}

test.each(["runs", "chunks"])(
  "where another program has dropped the table %s, a sentence says what is missing",
  (table) => {
    const { path, ids } = sound();
    const db = new DatabaseSync(path);
    db.exec(`DROP TABLE ${table}`);
    db.close();
    const read = () => {
      const store = openSqliteStore({ path, ...clock });
      try {
        return [store.list(), store.get(ids[0])];
      } finally {
        store.close();
      }
    };
    expect(read).toThrow(
      new RegExp(
        `must hold its tables as Tanren made them, got "no such table: (main\\.)?${table}"\\. Another program`,
      ),
    );
  },
);

describe("one damaged row", () => {
  const rows: Record<string, [column: string, value: SQLInputValue]> = {
    "settings that are no JSON": ["settings", '{"iterations":'],
    "settings that are no object": ["settings", "null"],
    "an engine that is no JSON": ["engine", "\u0000\u0001"],
    "an engine without kernels": ["engine", "{}"],
    "a start that is no time": ["started_at", "yesterday"],
  };
  test.each(Object.entries(rows))("%s: the run is named and set aside, the others are shown", (_, [column, value]) => {
    const { path, ids } = sound();
    damage(path, `UPDATE runs SET ${column} = ? WHERE id = ?`, value, ids[1]);
    const store = openSqliteStore({ path, ...clock });
    const damaged: DamagedRun[] = [];
    expect(store.list({ onDamaged: (run) => damaged.push(run) }).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    expect(damaged.map(({ id }) => id)).toEqual([ids[1]]);
    expect(store.list({ limit: 2 }).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
    const changes = store.changes(0);
    expect(changes.runs).toHaveLength(2);
    expect(changes.damaged?.map(({ id }) => id)).toEqual([ids[1]]);
    expect(() => store.get(ids[1])).toThrow(`run ${ids[1]} must be readable, got`);
    expect(store.get(ids[0]).series[0].y).toHaveLength(6);
    expect(store.abandoned("server")).toEqual([]);
    store.delete(ids[1]);
    expect(store.list()).toHaveLength(2);
    store.close();
  });

  const chunks: Record<string, [sql: string, x: number[], told: RegExp]> = {
    "no JSON": ["UPDATE chunks SET events = '[[0,' WHERE number = 2", [0, 1, 4, 5], /Part 2 .* damaged/],
    "JSON of something else": ["UPDATE chunks SET events = '{}' WHERE number = 2", [0, 1, 4, 5], /Part 2 .* damaged/],
    "events without their parts": [
      `UPDATE chunks SET events = '[[0,{"kind":"points","x":[1],"y":[]}]]' WHERE number = 1`,
      [2, 3, 4, 5],
      /Part 1 .* damaged/,
    ],
    "numbers that are words": [
      `UPDATE chunks SET events = replace(events, '[2,1]', '["two",1]') WHERE number = 3`,
      [0, 1, 2, 3],
      /Part 3 .* damaged/,
    ],
    "one missing": ["DELETE FROM chunks WHERE number = 2", [0, 1, 4, 5], /Part 2 of .* missing/],
    "the first missing": ["DELETE FROM chunks WHERE number = 1", [2, 3, 4, 5], /Part 1 .* missing/],
  };
  test.each(Object.entries(chunks))("a chunk, %s: the record says so and holds the rest", (_, [sql, x, told]) => {
    const { path, ids } = sound();
    damage(path, `${sql} AND run = (SELECT sequence FROM runs WHERE id = ?)`, ids[0]);
    const store = openSqliteStore({ path, ...clock });
    const run = store.get(ids[0]);
    expect(run.series[0].x).toEqual(x);
    expect(run.upTo).toBe(3);
    expect(run.events).toMatchObject([{ kind: "damaged", message: expect.stringMatching(told) }]);
    expect(store.get(ids[1]).events).toEqual([]);
    store.close();
  });

  test("whatever stands in one chunk: the record is given, and the other chunks are in it", () => {
    const { path, ids } = sound();
    const store = openSqliteStore({ path, ...clock });
    const db = new DatabaseSync(path);
    const write = db.prepare(
      "UPDATE chunks SET events = ? WHERE number = 2 AND run = (SELECT sequence FROM runs WHERE id = ?)",
    );
    const anything = fc.oneof(
      fc.json(),
      fc.string(),
      fc.json().map((inner) => `[[0,${inner}]]`),
    );
    fc.assert(
      fc.property(anything, (text) => {
        write.run(text, ids[0]);
        const { series, upTo } = store.get(ids[0]);
        expect(upTo).toBe(3);
        expect(series[0].x).toEqual(expect.arrayContaining([0, 1, 4, 5]));
      }),
      { numRuns: 200 },
    );
    db.close();
    store.close();
  });

  test("show and compare name it on standard error, in either language, and show the rest", async () => {
    const { path, ids } = sound();
    const home = temporaryFolder();
    damage(path, "UPDATE runs SET settings = '{' WHERE id = ?", ids[1]);
    const list = await tanren(["show", "--json", "--store", path], { home, pictures: "none" });
    expect(list.status).toBe(0);
    expect(JSON.parse(list.stdout)).toHaveLength(2);
    expect(list.stderr).toContain(`Run ${ids[1]} is damaged in the store (settings that are no JSON)`);
    const ja = await tanren(["show", "--store", path, "--lang", "ja"], { home, pictures: "none" });
    expect(ja.stderr).toContain(`実行 ${ids[1]} の記録が壊れているため除外しました`);
    const compared = await tanren(["compare", ...ids, "--json", "--store", path], { home, pictures: "none" });
    expect(compared.status).toBe(0);
    expect(JSON.parse(compared.stdout).runs).toHaveLength(2);
    const one = await tanren(["show", ids[1], "--store", path], { home, pictures: "none" });
    expect(one).toMatchObject({ status: 1, stdout: "" });
    expect(one.stderr).toMatch(/must be readable, got settings that are no JSON\. .*delete this run/);
  });
});

/** A store as a version before this wrote it: what its tables are of stands in its name. */
function oldStore(name: string): string {
  const path = join(temporaryFolder(), "old.sqlite");
  const packed = new URL(`../conformance/old-stores/${name}.sqlite.gz`, import.meta.url);
  writeFileSync(path, gunzipSync(readFileSync(packed)));
  return path;
}

/** What the file says of its tables' versions. */
function versionsIn(path: string) {
  const db = new DatabaseSync(path, { readOnly: true });
  const rows = db.prepare("SELECT component, version FROM schema_version ORDER BY component").all();
  const { user_version: header } = db.prepare("PRAGMA user_version").get() as { user_version: number };
  db.close();
  return { ...Object.fromEntries(rows.map(({ component, version }) => [component, version])), header };
}

test("a store that an earlier version wrote is brought up to date, runs and studies alike", async () => {
  const path = oldStore("runs2-studies1");
  const store = openSqliteStore({ path, ...clock });
  expect(store.list().map(({ id, status, origin, label, pinned }) => [id, status, origin, label, pinned])).toEqual([
    ["20260601-080201-4924", "interrupted", "server", null, false],
    ["20260601-080101-2492", "failed", "server", null, false],
    ["20260601-080000-0000", "done", "cli", "the first", true],
  ]);
  const run = store.get("20260601-080000-0000");
  expect(run).toMatchObject({ seed: 3, settings: { iterations: 3, hiddenSizes: [10], weightInit: "he" } });
  expect(run.series).toEqual([{ run: "SGD", tags: {}, metric: "loss", x: [0, 1, 2], y: [2.4, 2.3, null] }]);
  expect(run.events).toMatchObject([{ kind: "diverged", step: 2, layer: "affine1" }]);
  const gone = store.resume("20260601-080201-4924");
  gone.append([points(1)]);
  gone.finish("done", { total: 1, train: 1 });
  expect(store.get(gone.id).series[0].x).toEqual([0, 1, 2]);
  store.close();

  const studies = await openStudyStore(path);
  const [study] = await studies.studies();
  expect(study).toMatchObject({
    name: "old study",
    counts: { complete: 2, waiting: 1 },
    best: { number: 1, value: 2 },
  });
  const { trials } = await studies.loadStudy("old study");
  expect(trials.map(({ value, params }) => [value, params])).toEqual([
    [1, { lr: 0.25 }],
    [2, { lr: 0.5 }],
    [null, {}],
  ]);
  await studies.close();
});

test("a store with two ways of counting its versions goes on under one, whoever opens it first", async () => {
  for (const first of ["runs", "studies"]) {
    const path = oldStore("runs3-studies1");
    const readRuns = () => {
      const store = openSqliteStore({ path, ...clock, now: () => Date.parse("2026-12-01T00:00:00Z") });
      expect(store.list().map(({ status, label }) => [status, label])).toEqual([
        ["interrupted", null],
        ["done", "the first"],
      ]);
      expect(store.get("20261127-040006-6937").series[0].y).toEqual([2.4, 2.3, null]);
      store.close();
    };
    if (first === "runs") {
      readRuns();
    }
    const studies = await openStudyStore(path);
    const { trials } = await studies.loadStudy("kept study");
    expect(trials.map(({ value, params }) => [value, params])).toEqual([
      [1, { lr: 0.25 }],
      [2, { lr: 0.5 }],
      [null, {}],
    ]);
    await studies.close();
    readRuns();
  }
});

test("a store that holds runs only gets its studies' tables when studies are asked for, and one table of versions", async () => {
  const path = oldStore("runs3");
  openSqliteStore({ path, ...clock }).close();
  const stores = await Promise.all([openStudyStore(path), openStudyStore(path)]);
  expect(versionsIn(path)).toEqual({ runs: 3, studies: 1, header: 3 });
  await Promise.all(stores.map((studies) => studies.close()));
  const fresh = join(temporaryFolder(), "fresh.sqlite");
  openSqliteStore({ path: fresh, ...clock }).close();
  expect(versionsIn(fresh)).toEqual({ runs: 3, header: 3 });
});

test("a store of the last version is opened for reading without a change to it", () => {
  const path = oldStore("runs3");
  const before = readFileSync(path);
  const store = openSqliteStore({ path, ...clock });
  expect(store.list()).toHaveLength(2);
  store.close();
  const db = new DatabaseSync(path);
  expect(db.prepare("SELECT name FROM sqlite_schema WHERE name = 'schema_version'").all()).toEqual([]);
  db.close();
  expect(readFileSync(path).length).toBe(before.length);
});

describe("one damaged row of a study", () => {
  async function studies() {
    const path = join(temporaryFolder(), "studies.sqlite");
    const store = await openStudyStore(path);
    const made = [];
    for (const name of ["first", "second"]) {
      const spec = { name, direction: "minimize", seed: 0, sampler: { name: "random" }, pruner: null } as const;
      const study = await store.createStudy({ ...spec, space: null, objective: "x", constraints: 0 });
      for (const value of [3, 1, 2]) {
        const lease = await store.claim(study.id, { worker: "w", leaseMs: 60_000, create: true });
        await store.suggest(lease!, { params: { lr: value }, distributions: {} });
        await store.finish(lease!, { state: "complete", value });
      }
      made.push(study);
    }
    await store.close();
    return { path, made };
  }

  const columns: Record<string, [column: string, value: string]> = {
    "a sampler that is no JSON": ["sampler", "{"],
    "an objective that is no JSON": ["objective", "\u0001"],
    "a space that is no object": ["space", "7"],
  };
  test.each(Object.entries(columns))(
    "%s: the study is named and left out, the other is listed",
    async (_, [column, value]) => {
      const { path } = await studies();
      damage(path, `UPDATE studies SET ${column} = ? WHERE name = 'first'`, value);
      const store = await openStudyStore(path);
      const damaged: string[] = [];
      expect((await store.studies(({ name }) => damaged.push(name))).map(({ name }) => name)).toEqual(["second"]);
      expect(damaged).toEqual(["first"]);
      await expect(store.study("first")).rejects.toThrow("study first: its row in the store must be readable, got");
      expect((await store.loadStudy("second")).trials).toHaveLength(3);
      await store.deleteStudy("first");
      expect(await store.studies()).toHaveLength(1);
      await store.close();
    },
  );

  const cells: Record<string, [column: string, value: string]> = {
    "params that are no JSON": ["params", "{"],
    "params that are a list": ["params", "[1]"],
    "distributions that are no JSON": ["distributions", "nothing"],
    "attributes that are null": ["attributes", "null"],
    "a value that is a word": ["value", "much"],
    "intermediate values that are no JSON": ["intermediate", "[[1"],
    "constraints that are no numbers": ["constraints", '["a"]'],
  };
  test.each(Object.entries(cells))(
    "%s: the trial keeps its place as one that failed, the others are whole",
    async (_, [column, value]) => {
      const { path, made } = await studies();
      damage(path, `UPDATE trials SET ${column} = ? WHERE study = ? AND number = 0`, value, made[0].id);
      const store = await openStudyStore(path);
      const { trials } = await store.loadStudy("first");
      expect(trials.map(({ state, value: of }) => [state, of])).toEqual([
        ["failed", null],
        ["complete", 1],
        ["complete", 2],
      ]);
      expect(trials[0].error).toMatch(/row must be readable/);
      expect((await store.view(made[0].id)).finished.map(({ number }) => number)).toEqual([0, 1, 2]);
      const more = await store.claim(made[0].id, { worker: "w", leaseMs: 60_000, create: true });
      expect(more?.seen).toBe(3);
      await store.close();
    },
  );

  test("the best of a list is one that can be read", async () => {
    const { path, made } = await studies();
    damage(path, "UPDATE trials SET params = '{' WHERE study = ? AND number = 1", made[0].id);
    const store = await openStudyStore(path);
    const listed = await store.studies();
    expect(listed.map(({ name, best }) => [name, best])).toEqual([
      ["second", { number: 1, value: 1 }],
      ["first", { number: 2, value: 2 }],
    ]);
    await store.close();
  });

  const waiting: Record<string, [column: string, value: string]> = {
    "params that are no JSON": ["params", "{"],
    "distributions that are a list": ["distributions", "[]"],
    "attributes that are null": ["attributes", "null"],
  };
  test.each(Object.entries(waiting))(
    "%s: a waiting trial ends as failed when it is claimed, and the one behind it has its turn",
    async (_, [column, value]) => {
      const { path, made } = await studies();
      const store = await openStudyStore(path);
      const [study] = made;
      expect(await store.enqueue(study.id, [{}, {}, {}])).toEqual([3, 4, 5]);
      damage(path, `UPDATE trials SET ${column} = ? WHERE study = ? AND number = 3`, value, study.id);
      damage(path, `UPDATE trials SET ${column} = ? WHERE study = ? AND number = 5`, value, study.id);
      const claim = { worker: "w", leaseMs: 60_000 };
      const next = await store.claim(study.id, claim);
      expect(next).toMatchObject({ number: 4, seen: 4 });
      // What is damaged while it runs is written no more.
      damage(path, `UPDATE trials SET ${column} = ? WHERE study = ? AND number = 4`, value, study.id);
      await expect(store.suggest(next!, { params: { a: 1 }, distributions: {} })).rejects.toThrow("row is damaged");
      await expect(store.finish(next!, { state: "complete", value: 0 })).rejects.toThrow("row is damaged");
      expect(await store.claim(study.id, { ...claim, number: 5 })).toBeNull();
      const { trials } = await store.loadStudy("first");
      expect(trials.map(({ number, state, error }) => [number, state, error?.slice(0, 6)]).slice(3)).toEqual([
        [3, "failed", "store:"],
        [4, "failed", "store:"],
        [5, "failed", "store:"],
      ]);
      expect((await store.view(study.id)).finished).toHaveLength(5);
      await store.close();
    },
  );

  test("a checkpoint whose reports cannot be read lets the next attempt begin anew", async () => {
    const { path, made } = await studies();
    const store = await openStudyStore(path);
    const claim = { worker: "w", leaseMs: 60_000, create: true };
    const first = (await store.claim(made[0].id, claim))!;
    await store.report(first, [{ step: 0, value: 1 }]);
    await store.checkpoint(first, Uint8Array.of(1));
    await store.release(first);
    damage(path, "UPDATE artifacts SET intermediate = '[[0' WHERE number = ?", first.number);
    expect(await store.claim(made[0].id, claim)).toMatchObject({ number: first.number, checkpoint: null });
    await store.close();
  });

  test("study list and show name what is damaged and show the rest; delete takes it away", async () => {
    const { path, made } = await studies();
    const home = temporaryFolder();
    damage(path, "UPDATE studies SET sampler = '{' WHERE name = 'first'");
    damage(path, "UPDATE trials SET params = '{' WHERE study = ? AND number = 2", made[1].id);
    const run = (...args: string[]) => tanren(["study", ...args, "--store", path], { home, pictures: "none" });
    const list = await run("list");
    expect(list).toMatchObject({ status: 0, stderr: expect.stringContaining("Study first is damaged in the store") });
    expect(list.stdout).toContain("second");
    const shown = await run("show", "second");
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/1 trial failed \(2\): store: the trial's row must be readable/);
    expect((await run("delete", "first", "--yes")).status).toBe(0);
    expect((await run("list")).stderr).toBe("");
  });
});

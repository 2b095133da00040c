import { createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { MemoryStudyLog, type StudyLog } from "../../src/search/memory-study-log.ts";
import { isFeasible } from "../../src/search/ranking.ts";
import type { SqlStudyStore } from "../../src/store/studies/sql-study-store.ts";
import {
  type Json,
  type KnownTrials,
  type Lease,
  StaleAttemptError,
  type StudySpec,
} from "../../src/store/studies/study-store.ts";
import { temporaryFolder } from "../support/cli.ts";
import { fillStudy } from "../support/fill-study.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { sampleStudy } from "../support/sample-study.ts";

const spec: StudySpec = {
  name: "first",
  direction: "minimize",
  seed: 7,
  sampler: { name: "tpe", settings: { gamma: 0.1, startup: 10 } },
  pruner: null,
  space: null,
  objective: { kind: "module", path: "objective.ts" },
  constraints: 0,
};
const x = { x: { kind: "real", low: 0, high: 1 } } as const;
const leaseMs = 1000;

let postgres: TestPostgres;
let databases = 0;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const places: Record<string, () => Promise<string>> = {
  sqlite: async () => join(temporaryFolder(), "deep", "studies.sqlite"),
  postgres: () => postgres.database(`conformance_${++databases}`),
};

/** A clock that only moves when told, for every store of a test. */
function clock() {
  let time = 1_800_000_000_000;
  return {
    now: () => time,
    pass: (ms: number) => {
      time += ms;
    },
  };
}

async function open(place: () => Promise<string>) {
  const where = await place();
  const time = clock();
  const another = async () => {
    const store = await openStudyStore(where, { now: time.now });
    onTestFinished(() => store.close());
    return store;
  };
  return { where, time, another, store: await another() };
}

/** Claims a trial that must be there. */
async function claim(store: SqlStudyStore, study: number, options: { create?: boolean; number?: number } = {}) {
  const trial = await store.claim(study, { worker: "w", leaseMs, create: true, ...options });
  expect(trial).not.toBeNull();
  return trial!;
}

async function whatIsKept(store: SqlStudyStore) {
  return { ...(await store.loadStudy(spec.name)), view: await store.view(1) };
}

describe.each(Object.entries(places))("a study store: %s", (_, place) => {
  test("that is closed says so, and may be closed again", async () => {
    const { store } = await open(place);
    await store.createStudy(spec);
    await store.close();
    for (const use of [() => store.studies(), () => store.study("first"), () => store.createStudy(spec)]) {
      await expect(use()).rejects.toThrow(/ store .*: must be open, got one that is closed\. Open it again\.$/);
    }
    await store.close();
  });

  test("gives back a study and its trials as they were told", async () => {
    const { store, another, time } = await open(place);
    const study = await store.createStudy({ ...spec, space: x, constraints: 2 });
    expect(study).toEqual({ ...spec, space: x, constraints: 2, id: 1, createdAt: time.now() });
    const trial = (await store.claim(study.id, {
      worker: "w",
      leaseMs,
      create: true,
      sample: (view, number) => {
        expect(view.finished).toEqual([]);
        return { params: { x: 1 / 3 }, distributions: x, attributes: { drawn: number } };
      },
    }))!;
    expect(trial).toMatchObject({ number: 0, attempt: 1, params: { x: 1 / 3 }, seen: 0, checkpoint: null });
    const category = { kind: { kind: "category", choices: ["a", null, true, 2] } } as const;
    await store.suggest(trial, { params: { kind: null }, distributions: category });
    await store.report(trial, [
      { step: 3, value: 0.1 + 0.2 },
      { step: 1, value: Number.NaN },
    ]);
    await store.report(trial, [
      { step: 2, value: Number.NEGATIVE_INFINITY },
      { step: 3, value: 5 },
    ]);
    time.pass(1500);
    await store.finish(trial, { state: "complete", value: -1e-300, constraints: [-1, 0.5], attributes: { note: [1] } });
    const expected = {
      number: 0,
      state: "complete",
      attempt: 1,
      value: -1e-300,
      params: { x: 1 / 3, kind: null },
      distributions: { ...x, ...category },
      intermediate: [
        { step: 1, value: null },
        { step: 2, value: Number.NEGATIVE_INFINITY },
        { step: 3, value: 0.1 + 0.2 },
      ],
      constraints: [-1, 0.5],
      attributes: { drawn: 0, note: [1] },
      startedAt: time.now() - 1500,
      finishedAt: time.now(),
    };
    for (const each of [store, await another()]) {
      expect((await each.loadStudy("first")).trials).toEqual([expected]);
      expect(await each.view(study.id)).toEqual({ finished: [expected], running: [] });
    }
    // A trial that breaks a constraint is not the best.
    expect(await store.studies()).toMatchObject([{ name: "first", counts: { complete: 1, running: 0 }, best: null }]);
  });

  test("opens a study again by the same settings, and refuses others without changing it", async () => {
    const { store, another } = await open(place);
    const study = await store.createStudy(spec);
    const sameButOrdered = { ...spec, sampler: { settings: { startup: 10, gamma: 0.1 }, name: "tpe" } };
    expect(await (await another()).createStudy(sameButOrdered, { existing: "open" })).toEqual(study);
    await expect(store.createStudy(spec)).rejects.toThrow(/study first: its name must be new, got one that is taken/);
    const others: Partial<StudySpec>[] = [
      { seed: 8 },
      { direction: "maximize" },
      { space: x },
      { sampler: { name: "random" } },
      { constraints: 1 },
    ];
    for (const other of others) {
      const [setting] = Object.keys(other);
      await expect(store.createStudy({ ...spec, ...other }, { existing: "open" })).rejects.toThrow(
        new RegExp(`study first: ${setting} must be as when it began, .*, got .*another study name`),
      );
    }
    await expect(store.study("frist")).rejects.toThrow(/study frist: must be in the store.*Did you mean first\?/);
    expect(await store.studies()).toHaveLength(1);
  });

  test("numbers trials without a gap or a double, whoever asks", async () => {
    const { store, another } = await open(place);
    const { id } = await store.createStudy(spec);
    const stores = [store, await another(), await another()];
    const trials = await Promise.all(Array.from({ length: 30 }, (_, i) => claim(stores[i % 3], id)));
    expect(trials.map(({ number }) => number).sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i));
    await Promise.all(trials.map((trial, i) => stores[i % 3].finish(trial, { state: "complete", value: i })));
    const orders = await Promise.all(
      stores.map(async (each) => (await each.view(id)).finished.map(({ number }) => number)),
    );
    expect(orders[0]).toHaveLength(30);
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
  });

  test("asks for as many trials as told, however often, and gives them in order", async () => {
    const { store } = await open(place);
    const { id } = await store.createStudy(spec);
    expect(await store.claim(id, { worker: "w", leaseMs })).toBeNull();
    expect(await store.request(id, 3)).toBe(3);
    expect(await store.request(id, 3)).toBe(0);
    expect((await claim(store, id, { create: false, number: 1 })).number).toBe(1);
    expect(await store.claim(id, { worker: "w", leaseMs, number: 1 })).toBeNull();
    expect((await claim(store, id, { create: false })).number).toBe(0);
    expect(await store.withdraw(id)).toBe(1);
    expect(await store.claim(id, { worker: "w", leaseMs })).toBeNull();
    expect(await store.unfinished(id)).toBe(2);
    expect(await store.request(id, 3)).toBe(1);
    expect((await claim(store, id, { create: false })).number).toBe(2);
    expect((await store.openStudies()).map(({ name }) => name)).toEqual(["first"]);
  });

  test("shows a sampler what had finished, and remembers how much that was for later attempts", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    await store.finish(await claim(store, id), { state: "failed", value: null, error: "It threw." });
    const seen: number[] = [];
    const sample = (view: { finished: readonly unknown[] }) => {
      seen.push(view.finished.length);
      return { params: { x: 0.5 }, distributions: x };
    };
    const first = (await store.claim(id, { worker: "w", leaseMs, create: true, sample }))!;
    await store.finish(await claim(store, id), { state: "complete", value: 1 });
    time.pass(leaseMs + 1);
    const again = (await store.claim(id, { worker: "w", leaseMs, sample }))!;
    expect(again).toMatchObject({ number: first.number, attempt: 2, seen: 1, params: { x: 0.5 } });
    expect(seen).toEqual([1]);
  });

  test("changes nothing when the sampler throws", async () => {
    const { store } = await open(place);
    const { id } = await store.createStudy(spec);
    await store.request(id, 1);
    const before = await whatIsKept(store);
    const sample = () => {
      throw new Error("no such range");
    };
    await expect(store.claim(id, { worker: "w", leaseMs, sample })).rejects.toThrow("no such range");
    expect(await whatIsKept(store)).toEqual(before);
  });

  test("refuses every write of an attempt that no longer counts, and changes nothing by it", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    const dead = await claim(store, id);
    await store.report(dead, [{ step: 0, value: 99 }]);
    time.pass(leaseMs + 1);
    const alive = await claim(store, id, { create: false });
    expect(alive).toMatchObject({ number: dead.number, attempt: 2 });
    await store.report(alive, [{ step: 0, value: 1 }]);
    const before = await whatIsKept(store);
    const writes: Record<string, (lease: Lease) => Promise<unknown>> = {
      suggest: (lease) => store.suggest(lease, { params: { x: 1 }, distributions: x }),
      report: (lease) => store.report(lease, [{ step: 1, value: 99 }]),
      finish: (lease) => store.finish(lease, { state: "complete", value: 99 }),
      release: (lease) => store.release(lease),
      attach: (lease) => store.attachArtifact(lease, "weights", new Uint8Array([9])),
      checkpoint: (lease) => store.checkpoint(lease, new Uint8Array([9])),
    };
    for (const [name, write] of Object.entries(writes)) {
      await expect(write(dead), name).rejects.toThrow(StaleAttemptError);
      await expect(write(dead), name).rejects.toThrow(
        /trial 0 must still be running as attempt 1.*got a running one, attempt 2/,
      );
      await expect(write({ ...dead, number: 77 }), name).rejects.toThrow(StaleAttemptError);
    }
    expect(await store.heartbeat([dead, alive], leaseMs)).toEqual([dead]);
    expect(await whatIsKept(store)).toEqual(before);
    expect(await store.artifacts(id, 0)).toEqual([]);
    await store.finish(alive, { state: "complete", value: 1 });
    await expect(store.finish(alive, { state: "complete", value: 2 })).rejects.toThrow(StaleAttemptError);
    const { trials } = await store.loadStudy(spec.name);
    expect(trials).toMatchObject([{ value: 1, attempt: 2, intermediate: [{ step: 0, value: 1 }] }]);
  });

  test("takes trials back from leases that ran out, and fails one that was lost too often", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    await store.request(id, 2);
    const kept = await claim(store, id, { create: false });
    await claim(store, id, { create: false });
    time.pass(leaseMs - 1);
    expect(await store.heartbeat([kept], leaseMs)).toEqual([]);
    expect(await store.reclaimExpired(id)).toBe(0);
    time.pass(2);
    expect(await store.reclaimExpired(id, { maxAttempts: 2 })).toBe(1);
    expect(await store.claim(id, { worker: "w", leaseMs })).toMatchObject({ number: 1, attempt: 2 });
    await store.heartbeat([kept], 10 * leaseMs);
    time.pass(leaseMs + 1);
    expect(await store.reclaimExpired(id, { maxAttempts: 2 })).toBe(1);
    expect((await store.view(id)).finished).toMatchObject([
      { number: 1, state: "failed", value: null, attempt: 2, error: "Its worker was lost 2 times." },
    ]);
    expect(await store.unfinished(id)).toBe(1);
  });

  test("a trial that fails for good while another begins is among what that one's sampler sees", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    await store.request(id, 2);
    for (let lost = 0; lost < 4; lost++) {
      await store.release(await claim(store, id, { create: false, number: 0 }), { lost: true });
    }
    await claim(store, id, { create: false, number: 0 });
    time.pass(leaseMs + 1);
    const looks: number[][] = [];
    const sample = (view: KnownTrials) => {
      looks.push(view.finished.map(({ number }) => number));
      return { params: {}, distributions: {} };
    };
    const next = await store.claim(id, { worker: "w", leaseMs, sample });
    expect(next).toMatchObject({ number: 1, seen: 1 });
    expect(looks).toEqual([[0]]);
    // What is drawn for it later is drawn from what it saw.
    await store.release(next!);
    expect(await store.claim(id, { worker: "w", leaseMs })).toMatchObject({ number: 1, seen: 1 });
    expect((await store.view(id)).finished).toMatchObject([{ number: 0, state: "failed", attempt: 5 }]);
  });

  test("what a claim read that came to nothing is not what a later one shows its sampler", async () => {
    const { store, another, time } = await open(place);
    const other = await another();
    const { id } = await store.createStudy(spec);
    await store.request(id, 3);
    for (let lost = 0; lost < 4; lost++) {
      await store.release(await claim(store, id, { create: false, number: 0 }), { lost: true });
    }
    await claim(store, id, { create: false, number: 0 });
    const going = await other.claim(id, { worker: "other", leaseMs: 100 * leaseMs, number: 1 });
    time.pass(leaseMs + 1);
    const looks: number[][] = [];
    const looking = (view: KnownTrials) => {
      looks.push(view.finished.map(({ number }) => number));
    };
    const broken = (view: KnownTrials) => {
      looking(view);
      throw new Error("no such range");
    };
    await expect(store.claim(id, { worker: "w", leaseMs, sample: broken })).rejects.toThrow("no such range");
    // Another trial takes the place that the lost one had for a moment.
    await other.finish(going!, { state: "complete", value: 1 });
    const sample = (view: KnownTrials) => {
      looking(view);
      return { params: {}, distributions: {} };
    };
    expect(await store.claim(id, { worker: "w", leaseMs, sample })).toMatchObject({ number: 2, seen: 2 });
    expect(looks).toEqual([[0], [1, 0]]);
  });

  test("counts no attempt as lost that was given back", async () => {
    const { store } = await open(place);
    const { id } = await store.createStudy(spec);
    for (let attempt = 1; attempt <= 8; attempt++) {
      const trial = await claim(store, id);
      expect(trial).toMatchObject({ number: 0, attempt });
      await store.release(trial, { reason: "stopped", maxAttempts: 1 });
    }
    await store.release(await claim(store, id), { lost: true, reason: "Its thread died.", maxAttempts: 1 });
    expect((await store.view(id)).finished).toMatchObject([{ state: "failed", error: "Its thread died." }]);
  });

  test("goes on from the last checkpoint, with what had been reported until then and no more", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    const first = await claim(store, id);
    await store.report(first, [{ step: 0, value: 0.5 }]);
    await store.checkpoint(first, new Uint8Array([1]));
    await store.report(first, [{ step: 1, value: 0.4 }]);
    await store.checkpoint(first, new Uint8Array([2, 0, 255]));
    await store.report(first, [{ step: 2, value: 99 }]);
    time.pass(leaseMs + 1);
    const second = await claim(store, id);
    expect(second.attempt).toBe(2);
    expect(second.checkpoint).toEqual({
      bytes: new Uint8Array([2, 0, 255]),
      intermediate: [
        { step: 0, value: 0.5 },
        { step: 1, value: 0.4 },
      ],
    });
    await store.report(second, [{ step: 2, value: 0.3 }]);
    await store.checkpoint(second, new Uint8Array([3]));
    time.pass(leaseMs + 1);
    const third = await claim(store, id);
    expect(third.checkpoint).toMatchObject({ bytes: new Uint8Array([3]), intermediate: { length: 3 } });
    await store.finish(third, { state: "complete", value: 0.3 });
    expect((await store.view(id)).finished[0].intermediate.map(({ value }) => value)).toEqual([0.5, 0.4, 0.3]);
    expect(await store.artifacts(id, 0)).toEqual([]);
  });

  test("keeps artifacts by trial, attempt and name", async () => {
    const { store, time } = await open(place);
    const { id } = await store.createStudy(spec);
    const first = await claim(store, id);
    await store.attachArtifact(first, "weights", new Uint8Array([1]));
    await store.attachArtifact(first, "weights", new Uint8Array([1, 2]));
    time.pass(leaseMs + 1);
    const second = await claim(store, id);
    expect(await store.readArtifact(id, 0, "weights")).toEqual(new Uint8Array([1, 2]));
    await store.attachArtifact(second, "weights", new Uint8Array([3]));
    expect(await store.readArtifact(id, 0, "weights")).toEqual(new Uint8Array([3]));
    expect(await store.readArtifact(id, 0, "nothing")).toBeNull();
    expect(await store.artifacts(id, 0)).toMatchObject([
      { name: "weights", attempt: 1, size: 2 },
      { name: "weights", attempt: 2, size: 1 },
    ]);
  });

  test("tells what changed since a revision, and what runs", async () => {
    const { store } = await open(place);
    const { id } = await store.createStudy(spec);
    await store.finish(await claim(store, id), { state: "complete", value: 1 });
    const { revision, trials } = await store.trials(id);
    expect(trials).toHaveLength(1);
    expect((await store.trials(id, { since: revision })).trials).toEqual([]);
    const running = await claim(store, id);
    await store.report(running, [{ step: 0, value: 3 }]);
    await store.request(id, 3);
    const next = await store.trials(id, { since: revision });
    expect(next.trials).toMatchObject([
      { number: 1, state: "running", intermediate: [{ step: 0, value: 3 }] },
      { number: 2, state: "waiting", intermediate: [] },
    ]);
    expect((await store.trials(id, { since: next.revision })).trials).toMatchObject([{ number: 1 }]);
  });

  test("reads every one of more trials than it takes at a time, to the last page and where that is full", async () => {
    const { store } = await open(place);
    for (const count of [4096, 5000]) {
      const { trials, direction } = sampleStudy(count);
      const ended = trials.map((trial) => ({
        ...trial,
        state: "complete" as const,
        value: trial.number,
        intermediate: [],
      }));
      await fillStudy(store, `${count}`, { trials: ended, direction, now: 0 });
      const { study, trials: read } = await store.loadStudy(`${count}`);
      expect(read.map(({ number }) => number)).toEqual(ended.map(({ number }) => number));
      expect((await store.view(study.id)).finished.map(({ value }) => value)).toEqual(ended.map(({ value }) => value));
      expect((await store.trials(study.id, { since: 1 })).trials).toEqual([]);
    }
  });

  test("names the best trial by direction, and forgets a study only when nobody works on it", async () => {
    const { store } = await open(place);
    for (const direction of ["minimize", "maximize"] as const) {
      const { id } = await store.createStudy({ ...spec, name: direction, direction });
      for (const value of [2, -1, 5, -1]) {
        await store.finish(await claim(store, id), { state: "complete", value });
      }
    }
    expect((await store.studies()).map(({ name, best }) => [name, best])).toEqual([
      ["maximize", { number: 2, value: 5 }],
      ["minimize", { number: 1, value: -1 }],
    ]);
    const { id } = await store.study("minimize");
    const busy = await claim(store, id);
    await expect(store.deleteStudy("minimize")).rejects.toThrow(/no trial may be running, got trial 4 at work/);
    await store.release(busy);
    await store.deleteStudy("minimize");
    expect((await store.studies()).map(({ name }) => name)).toEqual(["maximize"]);
    await expect(claim(store, id)).rejects.toThrow(/the study must still be there/);
    // The same name, begun anew, has no trial of the old one.
    const anew = await store.createStudy({ ...spec, name: "minimize" });
    expect((await store.view(anew.id)).finished).toEqual([]);
  });

  test("refuses a complete trial without a number", async () => {
    const { store } = await open(place);
    const { id } = await store.createStudy(spec);
    const trial = await claim(store, id);
    for (const value of [null, Number.NaN]) {
      await expect(store.finish(trial, { state: "complete", value })).rejects.toThrow(/must have a number/);
    }
    await store.finish(trial, { state: "complete", value: Number.POSITIVE_INFINITY });
  });

  test("refuses a schema of a newer version and leaves it as it is", async () => {
    const { store, where } = await open(place);
    await store.createStudy(spec);
    const versions = store.database.db.updateTable("schema_version").where("component", "=", "studies");
    await versions.set({ version: 99 }).execute();
    await expect(openStudyStore(where)).rejects.toThrow(/must be of schema version 1 or older, got 99/);
    await versions.set({ version: 1 }).execute();
    expect(await store.studies()).toHaveLength(1);
  });

  test("may be opened by several at once when it is new", async () => {
    const where = await place();
    const stores = await Promise.all(Array.from({ length: 4 }, () => openStudyStore(where)));
    const made = await Promise.all(stores.map((store) => store.createStudy(spec, { existing: "open" })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(1);
    await Promise.all(stores.map((store) => store.close()));
  });
});

test("studies and runs share one SQLite file, whichever came first", async () => {
  for (const first of ["runs", "studies"]) {
    const path = join(temporaryFolder(), "tanren.sqlite");
    const runs = () => openSqliteStore({ path, now: () => 0, random: () => 0.5 });
    const studies = () => openStudyStore(path);
    const opened = first === "runs" ? [runs(), await studies()] : [await studies(), runs()];
    expect(runs().list()).toEqual([]);
    await Promise.all(opened.map((store) => store.close()));
  }
});

test("an SQLite file of another program is refused and left alone", async () => {
  const path = join(temporaryFolder(), "other.sqlite");
  const other = new DatabaseSync(path);
  other.exec("create table recipes (name text)");
  other.close();
  await expect(openStudyStore(path)).rejects.toThrow(/got the database of another program/);
  await expect(openStudyStore(temporaryFolder())).rejects.toThrow(/must be a file, got a folder/);
});

test("a database that cannot be used is told of in one sentence, without the password", async () => {
  const url = await postgres.database("refusals");
  const changed = (change: (at: URL) => void) => {
    const at = new URL(url);
    change(at);
    return at.href;
  };
  const cases: Record<string, [string, RegExp]> = {
    "wrong password": [changed((at) => (at.password = "hunter22")), /refusal of the user or the password/],
    "no such user": [changed((at) => (at.username = "nobody")), /refusal of the user or the password/],
    "no such database": [changed((at) => (at.pathname = "/nothing")), /must have this database, got none of that name/],
    "nobody listens": [changed((at) => (at.port = "1")), /must be reachable, got a refused connection/],
    "no such host": ["postgres://u:hunter22@nowhere.invalid/x", /must be reachable, got a host name that nobody knows/],
    "not a URL": ["postgres://u:hunter22@host:port:x/", /must be a URL like postgres:.*got one that cannot be read/],
    "another kind": ["mysql://u:hunter22@host/x", /must be a file or postgres:.*got mysql:/],
  };
  for (const [name, [where, sentence]] of Object.entries(cases)) {
    const error = await openStudyStore(where).then(
      () => undefined,
      (reason: Error) => reason,
    );
    expect(error?.name, name).toBe("DataError");
    expect(error?.message, name).toMatch(sentence);
    const said = `${error?.message} ${error?.stack} ${JSON.stringify(error?.cause ?? "")}`;
    expect(said, name).not.toContain("hunter22");
    expect(said, name).not.toContain(postgres.password);
    expect(said, name).not.toContain(encodeURIComponent(postgres.password));
  }
});

test("a user without the right to make tables is refused", async () => {
  const url = await postgres.database("rights");
  const store = await openStudyStore(url);
  await sql`create role reader login password 'hunter22'`.execute(store.database.db);
  await sql`revoke create on database rights from public`.execute(store.database.db);
  await sql`drop schema tanren cascade`.execute(store.database.db);
  await store.close();
  const at = new URL(url);
  at.username = "reader";
  at.password = "hunter22";
  await expect(openStudyStore(at.href)).rejects.toThrow(/must let this user make its tables, got a refusal/);
});

test("a PostgreSQL older than 14 is refused by its version", async () => {
  // As much of a server as it takes to be asked for its version: authentication, then one row for any query.
  const message = (type: string, ...parts: (string | Uint8Array)[]) => {
    const body = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
    const head = Buffer.alloc(5);
    head.write(type);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
  };
  const int = (value: number, bytes: 2 | 4) => {
    const out = Buffer.alloc(bytes);
    out.writeIntBE(value, 0, bytes);
    return out;
  };
  const column = (name: string, type: number) =>
    Buffer.concat([Buffer.from(`${name}\0`), int(0, 4), int(0, 2), int(type, 4), int(-1, 2), int(-1, 4), int(0, 2)]);
  const cell = (text: string) => Buffer.concat([int(text.length, 4), Buffer.from(text)]);
  const ready = message("Z", "I");
  const server = createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", int(0, 4)), ready]));
      socket.on("data", () =>
        socket.write(
          Buffer.concat([
            message("T", int(2, 2), column("number", 23), column("text", 25)),
            message("D", int(2, 2), cell("130014"), cell("13.14")),
            message("C", "SELECT 1\0"),
            ready,
          ]),
        ),
      );
    });
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  await expect(openStudyStore(`postgres://u@127.0.0.1:${port}/x`)).rejects.toThrow(
    /must be PostgreSQL 14 or newer, got 13\.14/,
  );
});

const logs: Record<
  string,
  (now: () => number) => Promise<StudyLog & Required<Pick<StudyLog, "heartbeat" | "checkpoint">>>
> = {
  memory: async (now) => new MemoryStudyLog({ now }),
  ...Object.fromEntries(
    Object.entries(places).map(([name, place]) => [
      name,
      async (now: () => number) => {
        const store = await openStudyStore(await place(), { now });
        onTestFinished(() => store.close());
        return store;
      },
    ]),
  ),
};

describe.each(Object.entries(logs))("where a study's trials are kept: %s", (_, openLog) => {
  const begin = async (more: Partial<StudySpec> = {}) => {
    const time = clock();
    const log = await openLog(time.now);
    const { id } = await log.createStudy({ ...spec, ...more });
    const take = async () => (await log.claim(id, { worker: "w", leaseMs, create: true }))!;
    return { log, id, time, take };
  };

  test("whatever float64 was told comes back, and −0 as 0", async () => {
    const { log, id, take } = await begin({ constraints: 4 });
    const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MIN_VALUE, -0, 1 / 3];
    for (const value of odd) {
      const trial = await take();
      await log.report(
        trial,
        [...odd, Number.NaN].map((each, step) => ({ step, value: each })),
      );
      await log.finish(trial, { state: "complete", value, constraints: [Number.NaN, value, -value, -0] });
    }
    const { finished } = await log.view(id);
    expect(finished.map(({ value }) => value)).toEqual(odd.map((value) => value + 0));
    for (const [i, { intermediate, constraints }] of finished.entries()) {
      expect(intermediate.map(({ value }) => value)).toEqual([...odd.map((value) => value + 0), null]);
      expect(constraints).toEqual([Number.NaN, odd[i] + 0, -odd[i] + 0, 0]);
    }
    expect(finished.map(isFeasible)).toEqual(odd.map(() => false));
  });

  test("attributes are kept as plain JSON, numbers that it has not as words, each name the last told", async () => {
    const { log, id, take } = await begin();
    const trial = await take();
    const note = { deep: [Number.NaN, { far: Number.NEGATIVE_INFINITY }], gone: undefined } as unknown as Json;
    await log.suggest(trial, { params: {}, distributions: {}, attributes: { note, first: 1 } });
    await log.suggest(trial, { params: {}, distributions: {}, attributes: { first: 2 } });
    await log.finish(trial, { state: "pruned", value: null, attributes: { last: Number.POSITIVE_INFINITY } });
    const [{ attributes }] = (await log.view(id)).finished;
    expect(attributes).toEqual({ note: { deep: ["NaN", { far: "-Infinity" }] }, first: 2, last: "Infinity" });
  });

  test("only the attempt that counts writes; the others are refused and change nothing", async () => {
    const { log, id, take } = await begin();
    const dead = await take();
    await log.report(dead, [{ step: 0, value: 99 }]);
    await log.release(dead);
    await expect(log.finish(dead, { state: "complete", value: 99 })).rejects.toThrow(StaleAttemptError);
    const alive = await take();
    expect(alive).toMatchObject({ number: dead.number, attempt: 2, checkpoint: null });
    await log.report(alive, [{ step: 0, value: 1 }]);
    const before = structuredClone(await log.view(id));
    const writes: Record<string, (lease: Lease) => Promise<unknown>> = {
      suggest: (lease) => log.suggest(lease, { params: { x: 1 }, distributions: x }),
      report: (lease) => log.report(lease, [{ step: 1, value: 99 }]),
      finish: (lease) => log.finish(lease, { state: "complete", value: 99 }),
      release: (lease) => log.release(lease),
      checkpoint: (lease) => log.checkpoint(lease, new Uint8Array([9])),
    };
    for (const [name, write] of Object.entries(writes)) {
      await expect(write(dead), name).rejects.toThrow(StaleAttemptError);
      await expect(write({ ...alive, attempt: 3 }), name).rejects.toThrow(StaleAttemptError);
      await expect(write({ ...alive, number: 77 }), name).rejects.toThrow(StaleAttemptError);
    }
    expect(await log.heartbeat([dead, alive], leaseMs)).toEqual([dead]);
    expect(await log.view(id)).toEqual(before);
    await log.finish(alive, { state: "complete", value: 1 });
    await expect(log.finish(alive, { state: "complete", value: 2 })).rejects.toThrow(StaleAttemptError);
    expect((await log.view(id)).finished).toMatchObject([
      { value: 1, attempt: 2, intermediate: [{ step: 0, value: 1 }] },
    ]);
  });

  test("the first report of a step counts, and steps ascend", async () => {
    const { log, id, take } = await begin();
    const trial = await take();
    await log.report(trial, [
      { step: 2, value: 1 },
      { step: 0, value: 2 },
    ]);
    await log.report(trial, [
      { step: 2, value: 3 },
      { step: 1, value: 4 },
    ]);
    const expected = [
      { step: 0, value: 2 },
      { step: 1, value: 4 },
      { step: 2, value: 1 },
    ];
    expect((await log.view(id)).running).toMatchObject([{ number: 0, intermediate: expected }]);
    await log.finish(trial, { state: "complete", value: 0 });
    expect((await log.view(id)).finished).toMatchObject([{ intermediate: expected }]);
  });

  test("an attempt goes on from the checkpoint before, with what had been reported until then", async () => {
    const { log, take } = await begin();
    const first = await take();
    await log.report(first, [{ step: 0, value: 0.5 }]);
    await log.checkpoint(first, new Uint8Array([2, 0, 255]));
    await log.report(first, [{ step: 1, value: 99 }]);
    await log.release(first);
    const second = await take();
    expect(second.checkpoint).toEqual({ bytes: new Uint8Array([2, 0, 255]), intermediate: [{ step: 0, value: 0.5 }] });
  });

  test("a trial that was given back keeps what it drew and saw, begins again, and fails when lost too often", async () => {
    const { log, id, time } = await begin();
    const sample = () => ({ params: { x: 0.5 }, distributions: x });
    const first = (await log.claim(id, { worker: "w", leaseMs, create: true, sample }))!;
    const other = (await log.claim(id, { worker: "w", leaseMs, create: true, sample }))!;
    await log.finish(other, { state: "failed", value: null, error: "It threw." });
    time.pass(10);
    await log.release(first, { lost: true, maxAttempts: 2 });
    const again = (await log.claim(id, { worker: "w", leaseMs }))!;
    expect(again).toMatchObject({ number: 0, attempt: 2, seen: 0, params: { x: 0.5 } });
    expect((await log.view(id)).running).toMatchObject([{ startedAt: time.now() }]);
    await log.release(again, { lost: true, maxAttempts: 2, reason: "Its thread died." });
    expect((await log.view(id)).finished).toMatchObject([
      { number: 1, state: "failed", error: "It threw." },
      { number: 0, state: "failed", error: "Its thread died.", attempt: 2, params: { x: 0.5 } },
    ]);
  });

  test("a sampler that throws, and a complete trial without a number, change nothing", async () => {
    const { log, id, take } = await begin();
    const sample = () => {
      throw new Error("no such range");
    };
    await expect(log.claim(id, { worker: "w", leaseMs, create: true, sample })).rejects.toThrow("no such range");
    const trial = await take();
    expect(trial.number).toBe(0);
    for (const value of [null, Number.NaN]) {
      await expect(log.finish(trial, { state: "complete", value })).rejects.toThrow(/must have a number/);
    }
    expect((await log.view(id)).running).toHaveLength(1);
  });

  test("a study is opened again by the same settings and by no others", async () => {
    const { log, id } = await begin({ space: x });
    expect((await log.createStudy({ ...spec, space: x }, { existing: "open" })).id).toBe(id);
    await expect(log.createStudy({ ...spec, space: x })).rejects.toThrow(/its name must be new/);
    await expect(log.createStudy({ ...spec, space: x, seed: 8 }, { existing: "open" })).rejects.toThrow(
      /seed must be as/,
    );
  });
});

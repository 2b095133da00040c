import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import type { TrialRecord } from "../../src/core/trial.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import type { StudyEvent } from "../../src/node/study/events.ts";
import type { ObjectiveRef } from "../../src/node/study/objective/objective.ts";
import { runStudyPool, type StudyPoolOptions } from "../../src/node/study/pool.ts";
import { temporaryFolder } from "../support/cli.ts";
import { expectWhole, makeStudy } from "./study-harness.ts";
import { Processes } from "./study-processes.ts";

/** A study in a file whose objective is this text of a module. */
async function study(source: string, ref: Partial<ObjectiveRef> = {}, pruner = { name: "none" }) {
  const folder = temporaryFolder();
  const write = (text: string) => writeFileSync(join(folder, "objective.ts"), text);
  write(source);
  const store = await openStudyStore(join(folder, "studies.sqlite"));
  onTestFinished(() => store.close());
  const record = await store.createStudy({
    name: "study",
    direction: "minimize",
    seed: 5,
    sampler: { name: "random" },
    pruner,
    space: null,
    objective: { kind: "module", path: "objective.ts", ...ref },
    constraints: 0,
  });
  const run = async (options: Partial<StudyPoolOptions> = {}, onEvent: (event: StudyEvent) => void = () => {}) => {
    const events: StudyEvent[] = [];
    const signal = new AbortController().signal;
    for await (const event of runStudyPool({ store, study: record, threads: 2, signal, folder, ...options })) {
      events.push(event);
      onEvent(event);
    }
    return events;
  };
  const trials = async (): Promise<readonly TrialRecord[]> => (await store.loadStudy("study")).trials;
  return { store, record, run, trials, write };
}

test("an objective given in place of the recorded one runs under the limit of time that the study keeps", async () => {
  const { run, trials } = await study("export default () => new Promise(() => {});", { maxTimeMs: 800 });
  await run({ trials: 1, objective: { kind: "module", path: "objective.ts" } });
  expect((await trials()).map(({ error }) => error)).toEqual([expect.stringContaining("must end within 800 ms")]);
});

test("an objective that throws, gives no number or never ends fails its own trial and no other", async () => {
  const { run, trials } = await study(
    `export default async function (trial: { number: number; real: Function; signal: AbortSignal }) {
      const x = trial.real("x", { min: 0, max: 1 });
      switch (trial.number) {
        case 0: throw new RangeError("no such layer");
        case 1: return Number.NaN;
        case 2: for (;;) {}
        case 3: return "0.5";
        case 4: return trial.real("y", { min: 1, max: 0 });
        case 5: return new Promise(() => {});
        case 6: return { value: x, constraints: [1] };
        case 7: throw undefined;
        default: return x;
      }
    }`,
    { maxTimeMs: 2500 },
  );
  const events = await run({ trials: 12 });
  const errors = (await trials()).map(({ state, error }) => error ?? state);
  expect(errors.slice(8)).toEqual(["complete", "complete", "complete", "complete"]);
  for (const [i, sentence] of [
    /^RangeError: no such layer$/,
    /must give a number, got NaN/,
    /must end within 2500 ms/,
    /must give a number, got "0.5"/,
    /HyperError: y: min must be ≤ max/,
    /must end within 2500 ms/,
    /as many constraints as the study has/,
    /undefined/,
  ].entries()) {
    expect(errors[i]).toMatch(sentence);
  }
  expect((await trials()).map(({ attributes }) => attributes.thrownAt)).toEqual([
    "objective.ts:4:23",
    ...new Array(3).fill(undefined),
    expect.stringMatching(/^objective\.ts:\d+:\d+$/),
    ...new Array(7).fill(undefined),
  ]);
  const last = events.findLast((event) => event.kind === "finished");
  expect(last?.progress).toMatchObject({ total: 12, running: 0, complete: 4, failed: 8, pruned: 0 });
  const values = (await trials()).flatMap(({ value }) => (value === null ? [] : [value]));
  expect(last?.progress.best?.value).toBe(Math.min(...values));
});

test("a thread that dies costs an attempt, and fails its trial when it dies too often", async () => {
  const { run, trials } = await study(
    `export function objective(trial) {
      if (trial.number === 0 || (trial.number === 1 && trial.attempt === 1)) process.exit(3);
      return trial.attempt;
    }`,
  );
  const events = await run({ trials: 3, maxAttempts: 2 });
  expect(await trials()).toMatchObject([
    { state: "failed", attempt: 2, error: "Its worker was lost: its thread ended with exit 3." },
    { state: "complete", attempt: 2, value: 2 },
    { state: "complete", attempt: 1 },
  ]);
  expect(events.filter(({ kind }) => kind === "returned")).toHaveLength(3);
});

test("a study that is stopped gives its trials back, and goes on from their checkpoints without losing an attempt", async () => {
  const { run, trials, store, record } = await study(
    `export function objective(trial) {
      const x = trial.real("x", { min: 0, max: 1 });
      const from = trial.resumed?.step ?? 0;
      for (let step = from; step < 40; step++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        trial.report(trial.attempt, step);
        trial.checkpoint({ step: step + 1 });
      }
      return from;
    }`,
  );
  const stop = new AbortController();
  const before = await run({ trials: 2, signal: stop.signal, maxAttempts: 1 }, (event) => {
    if (event.kind === "reported" && event.step >= 10) {
      stop.abort();
    }
  });
  expect(before.filter(({ kind }) => kind === "returned")).toHaveLength(2);
  const waiting = await trials();
  expect(waiting.map(({ state, params }) => [state, Object.keys(params)])).toEqual([
    ["waiting", ["x"]],
    ["waiting", ["x"]],
  ]);
  await run({ maxAttempts: 1 });
  const done = await trials();
  expect(done.map(({ params }) => params)).toEqual(waiting.map(({ params }) => params));
  expect(Math.max(...done.map(({ value }) => value!))).toBeGreaterThan(5);
  for (const { intermediate, value, attempt } of done) {
    expect(attempt).toBe(2);
    expect(intermediate).toHaveLength(40);
    expect(intermediate.map((each) => each.value)).toEqual(
      Array.from({ length: 40 }, (_, step) => (step < value! ? 1 : 2)),
    );
  }
  expect(await store.readArtifact(record.id, 0, "checkpoint")).toBeNull();
});

test("a space that changed between resumes stops the study with a sentence and leaves it as it was", async () => {
  const { run, trials, write } = await study(
    `export const objective = (trial) => trial.real("lr", { min: 1, max: 2 });`,
  );
  await run({ trials: 3 });
  const before = await trials();
  write(`export const objective = (trial) => trial.category("lr", ["high", "low"]) === "high" ? 1 : 0;`);
  await expect(run({ trials: 5 })).rejects.toThrow(
    /lr: must be drawn as in the study's earlier trials, real \[1, 2\], got/,
  );
  const after = await trials();
  expect(after.slice(0, 3)).toEqual(before);
  expect(after.slice(3).map(({ state, params }) => [state, params])).toEqual([
    ["waiting", {}],
    ["waiting", {}],
  ]);
  write(`export const objective = (trial) => trial.real("lr", { min: 1, max: 2 });`);
  await run({ trials: 5 });
  expect((await trials()).map(({ state }) => state)).toEqual(Array(5).fill("complete"));
});

test("a module that is missing, broken or exports nothing stops the study before a trial is touched", async () => {
  const { run, trials, write } = await study("export const other = 1;");
  await expect(run({ trials: 2 })).rejects.toThrow(/must export a function "objective" or a default one, got other/);
  write("export const objective = ;");
  await expect(run({ trials: 2 })).rejects.toThrow(/must be a module that loads, got SyntaxError/);
  write("process.exit(1)");
  await expect(run({ trials: 2 })).rejects.toThrow(/must load without ending its thread/);
  const missing = { kind: "module", path: "nowhere.ts" } as const;
  await expect(run({ trials: 2, objective: missing })).rejects.toThrow(
    /nowhere.ts: must be a JavaScript or TypeScript/,
  );
  expect(await trials()).toEqual([]);
});

test("trials are the same on one thread and on two, and prune by what the others reported", async () => {
  const source = `export function objective(trial) {
    const x = trial.real("x", { min: -1, max: 1 });
    const n = trial.int("n", { min: 1, max: 4 });
    for (let step = 0; step < 4; step++) {
      trial.report(x * x + n - step, step);
      if (trial.shouldPrune()) { const e = new Error("enough"); e.name = "PrunedTrial"; throw e; }
    }
    return x * x + n;
  }`;
  const [one, two] = [await study(source, {}, { name: "median" }), await study(source, {}, { name: "median" })];
  await one.run({ trials: 30, threads: 1 });
  await two.run({ trials: 30, threads: 2 });
  const drawn = (trials: readonly TrialRecord[]) => trials.map(({ params }) => params);
  expect(drawn(await two.trials())).toEqual(drawn(await one.trials()));
  for (const { trials } of [one, two]) {
    const states = (await trials()).map(({ state }) => state);
    expect(states).toContain("pruned");
    expect(states).toContain("complete");
  }
});

test("a search killed with -9 beside another on one file: the other finishes what it left", async () => {
  const path = join(temporaryFolder(), "studies.sqlite");
  const store = await makeStudy(path, "killed");
  const processes = new Processes({ store: path, study: "killed", trials: 40, leaseMs: 1000 });
  onTestFinished(async () => {
    await processes.close();
    await store.close();
  });
  processes.keep("survivor", "pool");
  processes.keep("victim", "pool");
  await Promise.all(processes.names.map((name) => processes.get(name).ready));
  while (!/^started$/m.test(processes.get("victim").output())) {
    await wait(20);
  }
  processes.signal("victim", "SIGKILL");
  await processes.ended(600_000);
  await expectWhole(store, "killed", 40);
});

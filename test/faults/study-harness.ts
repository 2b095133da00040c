import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { sql } from "kysely";
import { expect } from "vitest";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import type { SqlStudyStore } from "../../src/store/studies/sql-study-store.ts";
import { bundled } from "../support/bundle.ts";
import { steps } from "./study-objective.ts";
import type { ProcessTask } from "./study-process.ts";

const script = bundled("study-process");
const objective = fileURLToPath(new URL("./study-objective.ts", import.meta.url));

/** A process that works on a study, and what it has said. */
export interface Working {
  readonly child: ChildProcess;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Once it works. */
  readonly ready: Promise<void>;
  output(): string;
}

export function startProcess(task: ProcessTask, env: NodeJS.ProcessEnv = {}): Working {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", script, JSON.stringify(task)], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...env },
  });
  let output = "";
  const ready = Promise.withResolvers<void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (output.includes("ready")) {
        ready.resolve();
      }
    });
  }
  const ended = new Promise<number | string>((resolve) => {
    child.on("close", (code, signal) => {
      ready.resolve();
      resolve(code ?? signal ?? -1);
    });
  });
  return { child, ended, ready: ready.promise, output: () => output };
}

/** Makes the study that a fault test works on. */
export async function makeStudy(where: string, name: string): Promise<SqlStudyStore> {
  const store = await openStudyStore(where);
  await store.createStudy({
    name,
    direction: "minimize",
    seed: 1,
    sampler: { name: "random", settings: {} },
    pruner: { name: "none", settings: {} },
    space: null,
    objective: { kind: "module", path: objective },
    constraints: 0,
  });
  return store;
}

/**
 * What must hold of a study after any fault: every trial finished exactly once, by exactly one attempt, with that
 * attempt's metrics and no other's; nothing waits, nothing runs.
 */
export async function expectWhole(store: SqlStudyStore, name: string, trials: number): Promise<void> {
  const loaded = await store.loadStudy(name);
  expect(loaded.trials.map(({ number }) => number)).toEqual(Array.from({ length: trials }, (_, i) => i));
  for (const trial of loaded.trials) {
    expect(trial).toMatchObject({ state: "complete", value: expect.any(Number) });
    expect(trial.intermediate).toEqual(
      Array.from({ length: steps }, (_, step) => ({ step, value: trial.attempt + step / 100 })),
    );
    expect(Object.keys(trial.params).sort()).toEqual(["kind", "x"]);
  }
  const { db } = store.database;
  const rows = await db
    .selectFrom("trials")
    .select(["number", "attempt", "finish_order"])
    .where("study", "=", loaded.study.id)
    .execute();
  expect(rows.map((row) => row.finish_order).sort((a, b) => a! - b!)).toEqual(
    Array.from({ length: trials }, (_, i) => i + 1),
  );
  const attempts = await db
    .selectFrom("attempts")
    .select(["number", "attempt", "outcome"])
    .where("study", "=", loaded.study.id)
    .orderBy("number")
    .orderBy("attempt")
    .execute();
  const completed = attempts.filter(({ outcome }) => outcome === "complete");
  expect(completed.map(({ number, attempt }) => `${number}/${attempt}`)).toEqual(
    rows.sort((a, b) => a.number - b.number).map(({ number, attempt }) => `${number}/${attempt}`),
  );
  expect(
    attempts.filter(({ outcome }) => outcome !== "complete" && outcome !== "lost" && outcome !== "released"),
  ).toEqual([]);
  const { rows: dead } = await sql<{ n: number }>`
    select count(*) as n from ${sql.table(store.database.kind === "postgres" ? "tanren.metrics" : "metrics")} m
    where m.study = ${loaded.study.id} and not exists (
      select 1 from ${sql.table(store.database.kind === "postgres" ? "tanren.attempts" : "attempts")} a
      where a.study = m.study and a.number = m.number and a.attempt = m.attempt and a.outcome in ('lost', 'released'))
  `.execute(db);
  expect(Number(dead[0].n)).toBe(0);
}

/** How many attempts at trials of a study were lost. */
export async function lostAttempts(store: SqlStudyStore, name: string): Promise<number> {
  const { id } = await store.study(name);
  const row = await store.database.db
    .selectFrom("attempts")
    .select(({ fn }) => fn.countAll<number>().as("n"))
    .where("study", "=", id)
    .where("outcome", "=", "lost")
    .executeTakeFirstOrThrow();
  return Number(row.n);
}

/** The attempts of a process: `number/attempt` and how each ended, null while it goes on. */
async function attemptsOf(store: SqlStudyStore, name: string, { child }: Working): Promise<Map<string, string | null>> {
  const { id } = await store.study(name);
  const rows = await store.database.db
    .selectFrom("attempts")
    .select(["number", "attempt", "outcome"])
    .where("study", "=", id)
    .where("worker", "like", `%:${child.pid}:%`)
    .execute();
  return new Map(rows.map(({ number, attempt, outcome }) => [`${number}/${attempt}`, outcome]));
}

/**
 * Freezes a process in the middle of a trial, whose result it has not begun to tell: whoever kills it then loses that.
 * @returns what it has in hand, as `number/attempt`
 */
export async function freezeInTrial(store: SqlStudyStore, name: string, working: Working): Promise<string[]> {
  for (const end = Date.now() + 300_000; Date.now() < end; ) {
    working.child.kill("SIGSTOP");
    // What was on its way to the store arrives meanwhile.
    await wait(100);
    const held = [...(await attemptsOf(store, name, working))].filter(([, outcome]) => outcome === null);
    if (held.length > 0) {
      return held.map(([attempt]) => attempt);
    }
    working.child.kill("SIGCONT");
    await wait(20);
  }
  throw new Error("the process must have a trial in hand, got none in five minutes");
}

/**
 * Freezes a process that has a trial in hand, and wakes it once another has taken that trial from it: however busy the
 * machine is, its result then comes too late.
 */
export async function freezeUntilLost(store: SqlStudyStore, name: string, working: Working): Promise<void> {
  for (const end = Date.now() + 300_000; Date.now() < end; ) {
    const held = await freezeInTrial(store, name, working);
    let lost = false;
    // Frozen in the middle of a write it may hold the lock that the others need: then it is woken and frozen again.
    for (let looks = 0; !lost && looks < 60; looks++) {
      await wait(100);
      const now = await attemptsOf(store, name, working);
      lost = held.some((attempt) => now.get(attempt) === "lost");
    }
    working.child.kill("SIGCONT");
    if (lost) {
      return;
    }
    await wait(20);
  }
  throw new Error("another process must have taken a trial from one that was frozen, got none in five minutes");
}

import { allOrNone } from "../../core/all-or-none.ts";
import { checkOptions, type OptionNames, oneOf, wholeNumber } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import { EventQueue } from "../../core/event-queue.ts";
import { rest, waitableTime } from "../../core/timers.ts";
import { checkLeases } from "../../search/study-options.ts";
import type { StudyRecord, StudyStore } from "../../store/studies/study-store.ts";
import { StudyCrew } from "./crew.ts";
import type { StudyEvent } from "./events.ts";
import { keepLeases } from "./heartbeat.ts";
import { processHost, type ThreadsOptions, threadsOptionNames } from "./host.ts";
import { tooSlow } from "./objective/inspect.ts";
import { objectiveOf } from "./objective/objective.ts";
import { resumeStudy } from "./resume.ts";

export interface StudyPoolOptions extends ThreadsOptions {
  readonly store: StudyStore;
  readonly study: StudyRecord;
  /** Trials at a time, each in a thread of its own; 0 to ask for trials and watch others run them. */
  readonly threads: number;
  /** Trials that the study is to have in the end, those it has already included; only what waits when absent. */
  readonly trials?: number;
  /** No trial begins after so many milliseconds, and those that run are given back. */
  readonly timeoutMs?: number;
  /** Where what the objective prints goes; `stdout` unless told. */
  readonly prints?: "stdout" | "stderr";
}

const optionNames: OptionNames<StudyPoolOptions> = {
  ...threadsOptionNames,
  store: true,
  study: true,
  threads: true,
  trials: true,
  timeoutMs: true,
  prints: true,
};

/** How often to look at what other processes do, in milliseconds. */
const lookAgain = 250;

/**
 * Runs a study's trials on worker threads of this process until it has as many as asked for, time is up or `signal`
 * aborts; tells of trials that other processes finish, too. Several processes may work on one study at once. Leaving the
 * loop stops it as `signal` does.
 * @throws DataError when the objective cannot be loaded or the store no longer be written
 * @throws SpaceChangedError when the objective draws otherwise than the study's earlier trials
 */
export async function* runStudyPool(options: StudyPoolOptions): AsyncGenerator<StudyEvent, void, void> {
  checkOptions("runStudyPool", options, optionNames);
  const { store, threads, leaseMs = 30_000, maxAttempts, folder = process.cwd(), prints, host = processHost } = options;
  const { timers } = host;
  if (!Number.isSafeInteger(threads) || threads < 0) {
    throw new HyperError({
      en: `threads: must be a whole number ≥ 0, got ${threads}. Use 1 for one trial at a time.`,
      ja: `threads: 0以上の整数を指定してください(指定された値: ${threads})。1なら試行を1つずつ実行します。`,
    });
  }
  checkLeases("runStudyPool", options);
  waitableTime("runStudyPool", "timeoutMs", options.timeoutMs);
  if (options.trials !== undefined) {
    wholeNumber("runStudyPool", "trials", options.trials, { min: 0 });
  }
  oneOf("runStudyPool", "prints", prints ?? "stdout", ["stdout", "stderr"]);
  const objective = objectiveOf(options.study.objective, options.objective);
  const study = await resumeStudy(store, options.study, { worker: host.workerName(), leaseMs, maxAttempts });
  const { id } = study.record;
  const stop = new AbortController();
  const timeIsUp = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal, timeIsUp.signal]);
  const { timeoutMs } = options;
  const callOff = timeoutMs === undefined ? () => {} : timers.after(timeoutMs, () => timeIsUp.abort());
  const { maxTimeMs } = objective;
  const events = new EventQueue<StudyEvent>();
  const thread = { folder, prints };
  const crew = new StudyCrew(study, { host, objective, thread, maxTimeMs, maxAttempts, signal, events });
  const { teller } = crew;

  const prepare = async (slots: number) => {
    // The objective is loaded before any trial is touched.
    const loaded = await crew.prepare(slots);
    if (!loaded && !options.signal.aborted && !stop.signal.aborted) {
      throw tooSlow(objective, options.timeoutMs ?? 0);
    }
    if (loaded && options.trials !== undefined) {
      teller.total = Math.min(options.trials, study.limit ?? options.trials);
      await store.request(id, teller.total);
    }
  };
  /** One slot: takes a trial, runs it, takes the next. */
  const work = async () => {
    while (!signal.aborted) {
      const trial = await study.take({ signal });
      if (trial === undefined) {
        // What runs elsewhere may come back.
        if ((await store.unfinished(id)) === 0) {
          return;
        }
        await rest(timers, lookAgain, signal);
        continue;
      }
      await crew.run(trial);
    }
  };
  /** Tells of what others do. */
  const watch = async () => {
    while (!signal.aborted && (await store.unfinished(id)) > 0) {
      await rest(timers, lookAgain, signal);
      await study.look();
      teller.look();
    }
  };
  const slots = study.oneAtATime ? Math.min(threads, 1) : threads;
  const beating = keepLeases(
    store,
    () => study.leases,
    leaseMs,
    (lease) => crew.revoke(lease),
    { timers, studies: () => [id], maxAttempts },
  );
  const run = async () => {
    await prepare(slots);
    await allOrNone([watch, ...Array.from({ length: slots }, () => work)], () => stop.abort());
    await study.look();
    teller.look();
  };
  yield* events.during(run, async (all) => {
    callOff();
    stop.abort();
    await all;
    beating.stop();
    await crew.close();
  });
}

import { setMaxListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { HyperError } from "../core/errors.ts";
import { EventQueue } from "../core/event-queue.ts";
import type { ParameterValue, TrialRecord } from "../core/trial.ts";
import type { Study } from "../search/study.ts";
import type { Trial } from "../search/trial.ts";
import { type Lease, StaleAttemptError, type StudyRecord, type StudyStore } from "../store/study-store.ts";
import { keepLeases } from "./study-heartbeat.ts";
import { ProgressCounter, type StudyProgress } from "./study-progress.ts";
import { resumeStudy, workerName } from "./study-resume.ts";
import { runAttempt } from "./trial-attempt.ts";
import { type ObjectiveRef, objectiveRef } from "./trial-objective.ts";
import { TrialThread } from "./trial-thread.ts";

export interface StudyPoolOptions {
  readonly store: StudyStore;
  readonly study: StudyRecord;
  /** Trials at a time, each in a thread of its own. */
  readonly threads: number;
  /** Trials that the study is to have in the end, those it has already included; only what waits when absent. */
  readonly trials?: number;
  /** No trial begins after so many milliseconds, and those that run are given back. */
  readonly timeoutMs?: number;
  /** A trial that takes longer fails, in milliseconds. */
  readonly maxTimePerTrialMs?: number;
  /** How long an attempt may be silent before others take its trial, in milliseconds; 30,000 unless told. */
  readonly leaseMs?: number;
  /** How many attempts at a trial may be lost before it fails; 5 unless told. */
  readonly maxAttempts?: number;
  /** Stops the study: running trials are given back, no attempt is counted as lost. */
  readonly signal: AbortSignal;
  /** Where a relative path of the objective starts; the working folder unless told. */
  readonly folder?: string;
  /** What to run in place of what the study says: the same objective at another place. */
  readonly objective?: ObjectiveRef;
}

/** What happens while trials run. */
export type StudyEvent =
  | {
      readonly kind: "started";
      readonly number: number;
      readonly attempt: number;
      /** Drawn so far; an objective that draws as it goes has drawn nothing yet. */
      readonly params: Readonly<Record<string, ParameterValue>>;
    }
  | { readonly kind: "reported"; readonly number: number; readonly step: number; readonly value: number | null }
  | { readonly kind: "finished"; readonly trial: TrialRecord; readonly progress: StudyProgress }
  /** The trial waits for another attempt. */
  | { readonly kind: "returned"; readonly number: number; readonly attempt: number; readonly reason: string }
  /** The attempt had been given up: what it did is not in the record. */
  | { readonly kind: "refused"; readonly number: number; readonly attempt: number; readonly reason: string };

/** How often to look whether a trial has come back, in milliseconds. */
const lookAgain = 250;

/**
 * Runs a study's trials on worker threads of this process until it has as many as asked for, time is up or `signal`
 * aborts. Several processes may do so with one study at once. Leaving the loop stops it as `signal` does.
 * @throws DataError when the objective cannot be loaded or the store no longer be written
 * @throws SpaceChangedError when the objective draws otherwise than the study's earlier trials
 */
export async function* runStudyPool(options: StudyPoolOptions): AsyncGenerator<StudyEvent, void, void> {
  const { store, threads, leaseMs = 30_000 } = options;
  if (!Number.isSafeInteger(threads) || threads < 1) {
    throw new HyperError(`threads: must be a whole number ≥ 1, got ${threads}. Use 1 for one trial at a time.`);
  }
  const study = await resumeStudy(store, options.study, { worker: workerName(), leaseMs });
  const stop = new AbortController();
  const signals = [options.signal, stop.signal];
  if (options.timeoutMs !== undefined) {
    signals.push(AbortSignal.timeout(options.timeoutMs));
  }
  const signal = AbortSignal.any(signals);
  const events = new EventQueue<StudyEvent>();
  const pool = new Pool(study, options, signal, events);
  const beating = keepLeases(
    store,
    () => study.leases,
    leaseMs,
    (lease) => pool.revoke(lease),
  );
  const slots = study.oneAtATime ? 1 : threads;
  const work = pool
    .prepare(slots)
    .then(() => Promise.all(Array.from({ length: slots }, () => pool.work())))
    .then(
      () => events.close(),
      (error: unknown) => events.fail(error),
    );
  try {
    yield* events;
  } finally {
    stop.abort();
    await work;
    beating.stop();
    await pool.close();
  }
}

class Pool {
  private readonly study: Study;
  private readonly options: StudyPoolOptions;
  private readonly signal: AbortSignal;
  private readonly events: EventQueue<StudyEvent>;
  private readonly progress: ProgressCounter;
  private readonly broken = new AbortController();
  private readonly idle: TrialThread[] = [];
  private readonly attempts = new Map<string, AbortController>();
  private total = 0;

  constructor(study: Study, options: StudyPoolOptions, signal: AbortSignal, events: EventQueue<StudyEvent>) {
    this.study = study;
    this.options = options;
    // One slot that breaks stops the others: their trials are given back.
    this.signal = AbortSignal.any([signal, this.broken.signal]);
    // One listener for each trial that runs.
    setMaxListeners(0, signal, this.broken.signal, this.signal);
    this.events = events;
    this.progress = new ProgressCounter(study.direction);
  }

  /** Loads the objective before any trial is touched, then asks for the trials. */
  async prepare(slots: number): Promise<void> {
    for (let i = 0; i < slots; i++) {
      this.idle.push(this.open());
    }
    await Promise.all(this.idle.map((thread) => thread.ready()));
    const { store, trials } = this.options;
    if (trials !== undefined) {
      this.total = Math.min(trials, this.study.limit ?? trials);
      await store.request(this.study.record.id, this.total);
    }
  }

  /** One slot: takes a trial, runs it, takes the next. */
  async work(): Promise<void> {
    try {
      while (!this.signal.aborted) {
        const trial = await this.study.take({ signal: this.signal });
        if (trial !== undefined) {
          await this.run(trial);
        } else if (await this.allDone()) {
          return;
        } else {
          await pause(lookAgain, undefined, { signal: this.signal }).catch(() => {});
        }
      }
    } catch (error) {
      this.broken.abort();
      throw error;
    }
  }

  /** Ends an attempt whose trial has been given to another. */
  revoke(lease: Lease): void {
    this.attempts.get(`${lease.number}/${lease.attempt}`)?.abort(new StaleAttemptError(lease, "another attempt"));
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.terminate("the study is over")));
  }

  private async run(trial: Trial): Promise<void> {
    const { number, attempt } = trial;
    const revoked = new AbortController();
    this.attempts.set(`${number}/${attempt}`, revoked);
    this.events.push({ kind: "started", number, attempt, params: this.study.paramsOf(trial) });
    const thread = await this.thread();
    const end = await runAttempt(this.study, trial, thread, {
      maxTimeMs: this.options.maxTimePerTrialMs,
      maxAttempts: this.options.maxAttempts,
      signal: this.signal,
      revoked: revoked.signal,
      onReport: (entry) => this.events.push({ kind: "reported", number, ...entry }),
    });
    this.attempts.delete(`${number}/${attempt}`);
    if (thread.alive) {
      this.idle.push(thread);
    }
    this.events.push(
      end.kind === "finished"
        ? { kind: "finished", trial: end.trial, progress: this.progress.look(this.study.known, this.total) }
        : { kind: end.kind, number, attempt, reason: end.reason },
    );
  }

  private async thread(): Promise<TrialThread> {
    for (let thread = this.idle.pop(); thread !== undefined; thread = this.idle.pop()) {
      if (thread.alive) {
        return thread;
      }
    }
    const thread = this.open();
    await thread.ready();
    return thread;
  }

  private open(): TrialThread {
    const { objective, folder = process.cwd() } = this.options;
    return new TrialThread(objective ?? objectiveRef(this.study.record.objective), folder);
  }

  /** Whether nothing waits and nothing runs, here or elsewhere: what runs elsewhere may still come back. */
  private async allDone(): Promise<boolean> {
    return (await this.options.store.unfinished(this.study.record.id)) === 0;
  }
}

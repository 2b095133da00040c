import { setMaxListeners } from "node:events";
import type { EventQueue } from "../../core/event-queue.ts";
import { reasonOf } from "../../core/foreign-value.ts";
import { trialError, trialErrorText } from "../../core/trial-errors.ts";
import type { Study } from "../../search/study.ts";
import type { Trial } from "../../search/trial.ts";
import { type Lease, StaleAttemptError } from "../../store/studies/study-store.ts";
import { type StudyEvent, StudyTeller } from "./events.ts";
import type { StudyHost, TrialRunner } from "./host.ts";
import type { ObjectiveRef } from "./objective/objective.ts";
import { type AttemptEnd, runAttempt } from "./trial/attempt.ts";
import type { TrialThreadOptions } from "./trial/thread.ts";

export interface StudyCrewOptions {
  readonly host: Pick<StudyHost, "timers" | "openThread">;
  readonly objective: ObjectiveRef;
  /** Where a relative path of the objective starts, and where what it prints goes. */
  readonly thread: TrialThreadOptions;
  /** A trial that takes longer fails, in milliseconds. */
  readonly maxTimeMs?: number;
  readonly maxAttempts?: number;
  /** Stops what runs; trials are given back. */
  readonly signal: AbortSignal;
  /** Told what happens. */
  readonly events: Pick<EventQueue<StudyEvent>, "push">;
}

/** The threads that run the trials of one study in this process. A thread lives through many trials. */
export class StudyCrew {
  readonly study: Study;
  readonly teller: StudyTeller;
  private readonly options: StudyCrewOptions;
  private readonly idle: TrialRunner[] = [];
  private readonly threads = new Set<TrialRunner>();
  private readonly loading = new Set<TrialRunner>();
  private readonly attempts = new Map<string, AbortController>();

  constructor(study: Study, options: StudyCrewOptions) {
    this.study = study;
    this.teller = new StudyTeller(study, options.events);
    this.options = options;
    // One listener for each trial that runs.
    setMaxListeners(0, options.signal);
    options.signal.addEventListener("abort", () => this.giveUpLoading(), { once: true });
  }

  /**
   * Starts threads and loads the objective, before any trial is touched.
   * @returns false when the signal came before it had loaded
   * @throws DataError or HyperError when it does not load
   */
  async prepare(threads: number): Promise<boolean> {
    const opened = await Promise.all(Array.from({ length: threads }, () => this.open()));
    this.idle.push(...opened.filter((thread) => thread !== undefined));
    return opened.every((thread) => thread !== undefined);
  }

  /** Runs one attempt in a free thread or a new one, and tells of it. @throws as `runAttempt` */
  async run(trial: Trial): Promise<void> {
    this.teller.started(trial);
    this.teller.ended(trial, await this.attempt(trial));
  }

  private async attempt(trial: Trial): Promise<AttemptEnd> {
    const key = keyOf(trial.number, trial.attempt);
    const revoked = new AbortController();
    this.attempts.set(key, revoked);
    const thread = await this.thread(trial);
    if (thread === undefined) {
      this.attempts.delete(key);
      const reason = trialError("stopped");
      await this.study.release(trial, { reason });
      return { kind: "returned", reason: trialErrorText(reason) };
    }
    try {
      const { host, maxTimeMs, maxAttempts, signal } = this.options;
      return await runAttempt(this.study, trial, thread, {
        timers: host.timers,
        maxTimeMs,
        maxAttempts,
        signal,
        revoked: revoked.signal,
        onReport: ({ step, value }) => this.teller.reported(trial.number, step, value),
      });
    } finally {
      this.attempts.delete(key);
      if (thread.alive) {
        this.idle.push(thread);
      } else {
        this.threads.delete(thread);
      }
    }
  }

  /** Ends an attempt whose trial has been given to another. */
  revoke(lease: Lease): void {
    this.attempts
      .get(keyOf(lease.number, lease.attempt))
      ?.abort(new StaleAttemptError(lease, { en: "another attempt", ja: "別の回が実行しています" }));
  }

  async close(): Promise<void> {
    this.idle.length = 0;
    await Promise.all([...this.threads].map((thread) => thread.terminate("the study is over")));
  }

  /** A thread that is free, or a new one; undefined when the signal came before it was there. @throws as `prepare` */
  private async thread(trial: Trial): Promise<TrialRunner | undefined> {
    for (let thread = this.idle.pop(); thread !== undefined; thread = this.idle.pop()) {
      if (thread.alive) {
        return thread;
      }
    }
    try {
      return await this.open();
    } catch (error) {
      await this.study.release(trial, { reason: reasonOf(error) });
      throw error;
    }
  }

  private async open(): Promise<TrialRunner | undefined> {
    const { host, objective, thread: options, signal } = this.options;
    const thread = host.openThread(objective, options);
    this.threads.add(thread);
    this.loading.add(thread);
    try {
      if (signal.aborted) {
        this.giveUpLoading();
      }
      await thread.ready();
      return thread;
    } catch (error) {
      if (signal.aborted) {
        return undefined;
      }
      throw error;
    } finally {
      this.loading.delete(thread);
    }
  }

  /** A module that never ends loading is not waited for. */
  private giveUpLoading(): void {
    for (const thread of this.loading) {
      void thread.terminate("the study was stopped");
    }
  }
}

function keyOf(number: number, attempt: number): string {
  return `${number}/${attempt}`;
}

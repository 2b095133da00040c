import { setMaxListeners } from "node:events";
import type { Intermediate } from "../core/trial.ts";
import type { Study } from "../search/study.ts";
import type { Trial } from "../search/trial.ts";
import { type Lease, StaleAttemptError } from "../store/study-store.ts";
import { type AttemptEnd, runAttempt } from "./trial-attempt.ts";
import type { ObjectiveRef } from "./trial-objective.ts";
import { TrialThread } from "./trial-thread.ts";

export interface StudyCrewOptions {
  readonly objective: ObjectiveRef;
  /** Where a relative path of the objective starts. */
  readonly folder: string;
  /** A trial that takes longer fails, in milliseconds. */
  readonly maxTimeMs?: number;
  readonly maxAttempts?: number;
  /** Stops what runs; trials are given back. */
  readonly signal: AbortSignal;
}

/** The threads that run the trials of one study in this process. A thread lives through many trials. */
export class StudyCrew {
  readonly study: Study;
  private readonly options: StudyCrewOptions;
  private readonly idle: TrialThread[] = [];
  private readonly attempts = new Map<string, AbortController>();

  constructor(study: Study, options: StudyCrewOptions) {
    this.study = study;
    this.options = options;
    // One listener for each trial that runs.
    setMaxListeners(0, options.signal);
  }

  /** Starts threads and loads the objective, before any trial is touched. @throws DataError or HyperError when it does not load */
  async prepare(threads: number): Promise<void> {
    for (let i = 0; i < threads; i++) {
      this.idle.push(this.open());
    }
    await Promise.all(this.idle.map((thread) => thread.ready()));
  }

  /** Runs one attempt in a free thread or a new one. @throws as `runAttempt` */
  async run(trial: Trial, onReport: (entry: Intermediate) => void): Promise<AttemptEnd> {
    const key = keyOf(trial.number, trial.attempt);
    const revoked = new AbortController();
    this.attempts.set(key, revoked);
    const thread = await this.thread();
    try {
      const { maxTimeMs, maxAttempts, signal } = this.options;
      return await runAttempt(this.study, trial, thread, {
        maxTimeMs,
        maxAttempts,
        signal,
        revoked: revoked.signal,
        onReport,
      });
    } finally {
      this.attempts.delete(key);
      if (thread.alive) {
        this.idle.push(thread);
      }
    }
  }

  /** Ends an attempt whose trial has been given to another. */
  revoke(lease: Lease): void {
    this.attempts.get(keyOf(lease.number, lease.attempt))?.abort(new StaleAttemptError(lease, "another attempt"));
  }

  async close(): Promise<void> {
    await Promise.all(this.idle.splice(0).map((thread) => thread.terminate("the study is over")));
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
    return new TrialThread(this.options.objective, this.options.folder);
  }
}

function keyOf(number: number, attempt: number): string {
  return `${number}/${attempt}`;
}

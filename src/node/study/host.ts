import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import type { OptionNames } from "../../core/checks.ts";
import { ownTimers, type Timers } from "../../core/timers.ts";
import type { ObjectiveRef } from "./objective/objective.ts";
import { TrialThread, type TrialThreadOptions } from "./trial/thread.ts";

/** What the code that works on a study has of its process. A simulation gives its own. */
export interface StudyHost {
  readonly timers: Timers;
  /** A name that no other worker has. */
  workerName(): string;
  /** Starts a thread that loads an objective. */
  openThread(objective: ObjectiveRef, options: TrialThreadOptions): TrialRunner;
}

/** A thread as those see it who have it run trials. */
export type TrialRunner = Pick<TrialThread, "alive" | "ready" | "run" | "abort" | "terminate">;

/** This process. */
export const processHost: StudyHost = {
  timers: ownTimers,
  workerName: () => `${hostname()}:${process.pid}:${randomBytes(4).toString("hex")}`,
  openThread: (objective, options) => new TrialThread(objective, options),
};

/** How trials run in this process, whoever hands them out. */
export interface ThreadsOptions {
  /** How long an attempt may be silent before others take its trial, in milliseconds; 30,000 unless told. */
  readonly leaseMs?: number;
  /** How many attempts at a trial may be lost before it fails; 5 unless told. */
  readonly maxAttempts?: number;
  /** Stops it: running trials are given back, no attempt is counted as lost. */
  readonly signal: AbortSignal;
  /** Where a relative path of the objective starts; the working folder unless told. */
  readonly folder?: string;
  /** What to run in place of what the study says: the same objective at another place. */
  readonly objective?: ObjectiveRef;
  /** This process unless told. */
  readonly host?: StudyHost;
}

export const threadsOptionNames: OptionNames<ThreadsOptions> = {
  leaseMs: true,
  maxAttempts: true,
  signal: true,
  folder: true,
  objective: true,
  host: true,
};

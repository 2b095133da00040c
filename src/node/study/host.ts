import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
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

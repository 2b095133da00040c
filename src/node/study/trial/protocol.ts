import type { MessagePort } from "node:worker_threads";
import type { Told } from "../../../core/text.ts";
import type { Distribution, Intermediate, ParameterValue } from "../../../core/trial.ts";
import type { ObjectiveResult } from "../../../search/trial.ts";
import type { Declared, ObjectiveRef } from "../objective/objective.ts";

/** What a trial's thread is started with. */
export interface TrialThreadSetup {
  readonly objective: ObjectiveRef;
  readonly folder: string;
  /** What both say to each other. The thread's own port to its parent is left to the objective. */
  readonly talk: MessagePort;
  /** Where answers come in. */
  readonly answers: MessagePort;
  /** [1] in shared memory: not 0 once an answer is there. */
  readonly answered: Int32Array;
}

/** To a thread. */
export type ToTrialThread =
  | {
      readonly kind: "begin";
      readonly number: number;
      readonly attempt: number;
      readonly seed: number;
      readonly resumed: Uint8Array | null;
    }
  /** The trial's time is up or the study is stopped. */
  | { readonly kind: "abort"; readonly reason: string };

/** What the objective waits for, the thread with it. */
export type Question =
  | { readonly kind: "suggest"; readonly name: string; readonly distribution: Distribution }
  | { readonly kind: "should-prune" }
  /** Waits until what was told is kept, lest an objective that never pauses fill the memory with what it tells. */
  | { readonly kind: "catch-up" };

export type Answer =
  | { readonly value: ParameterValue | boolean }
  | { readonly error: { readonly name: string; readonly text: Told } };

/** How the objective ended. */
export type TrialEnd =
  | { readonly kind: "value"; readonly result: ObjectiveResult }
  | { readonly kind: "pruned" }
  | { readonly kind: "threw"; readonly message: string };

/** From a thread, in the order in which things happened. */
export type FromTrialThread =
  /** The objective is loaded. */
  | { readonly kind: "ready"; readonly declared: Declared }
  | { readonly kind: "unusable"; readonly name: string; readonly text: Told }
  | Question
  | { readonly kind: "reports"; readonly entries: readonly Intermediate[] }
  | { readonly kind: "note"; readonly key: string; readonly value: unknown }
  | { readonly kind: "checkpoint"; readonly bytes: Uint8Array }
  /** `spent`: an error that nobody caught has reached the thread, and no other trial should run in it. */
  | { readonly kind: "end"; readonly end: TrialEnd; readonly spent: boolean };

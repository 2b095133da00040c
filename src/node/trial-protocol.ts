import type { MessagePort } from "node:worker_threads";
import type { Distribution, ParameterValue } from "../core/trial.ts";
import type { ObjectiveResult } from "../search/trial.ts";
import type { ObjectiveRef } from "./trial-objective.ts";

/** What a trial's thread is started with. */
export interface TrialThreadSetup {
  readonly objective: ObjectiveRef;
  readonly folder: string;
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
  | { readonly kind: "should-prune" };

export type Answer =
  | { readonly value: ParameterValue | boolean }
  | { readonly error: { readonly name: string; readonly message: string } };

/** How the objective ended. */
export type TrialEnd =
  | { readonly kind: "value"; readonly result: ObjectiveResult }
  | { readonly kind: "pruned" }
  | { readonly kind: "threw"; readonly message: string };

/** From a thread, in the order in which things happened. */
export type FromTrialThread =
  /** The objective is loaded. */
  | { readonly kind: "ready" }
  | { readonly kind: "unusable"; readonly name: string; readonly message: string }
  | Question
  | { readonly kind: "report"; readonly step: number; readonly value: number | null }
  | { readonly kind: "note"; readonly key: string; readonly value: unknown }
  | { readonly kind: "checkpoint"; readonly bytes: Uint8Array }
  | { readonly kind: "end"; readonly end: TrialEnd };

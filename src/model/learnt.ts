import { type Asker, tensorsOf } from "./live-network.ts";
import type { ModelState } from "./model-state.ts";

/** What a model has to have learnt before it can be asked. */
export interface Learnt {
  /** All but the numbers. */
  readonly state: ModelState;
  readonly asker: Asker;
  /** Runs `evaluate` with the weights to be judged by. */
  judged<T>(evaluate: () => T): T;
  /** The model as it is at this moment, numbers and all: of a training under way, after the last update. */
  whole(): ModelState;
}

/** What a model has learnt whose training is over: its network has the weights to be judged by. */
export function learntOf(state: ModelState, asker: Asker): Learnt {
  const judged = <T>(evaluate: () => T) => evaluate();
  return { state, asker, judged, whole: () => ({ ...state, tensors: tensorsOf(asker.network) }) };
}

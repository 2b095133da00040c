import { checkOptions } from "../core/checks.ts";
import type { Direction, ParameterValue, TrialRecord } from "../core/trial.ts";
import { chosenOf } from "./chosen-point.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler } from "./sampler.ts";
import { StudyDraws } from "./study-draws.ts";
import { drawAll } from "./trial-run.ts";

export interface RedrawOptions {
  readonly study: { readonly name: string; readonly direction: Direction; readonly seed: number };
  readonly sampler: Sampler;
  /** The study's pruner where it keeps trials apart, as Hyperband does. */
  readonly pruner?: Pruner;
  /** The study's trials in the order in which they finished. */
  readonly finished: readonly TrialRecord[];
  /** The trial to draw again, drawn with a stream of its own. */
  readonly trial: TrialRecord;
}

/**
 * Draws a recorded trial's parameters again, from what its sampler saw when it began (`attributes.seen`, how many trials
 * had finished) and what was chosen for it: the same values, however many workers there were and however long they took.
 */
export function redraw(options: RedrawOptions): Record<string, ParameterValue> {
  checkOptions("redraw", options, { study: true, sampler: true, pruner: true, finished: true, trial: true });
  const { study, sampler, pruner, finished, trial } = options;
  const seen = typeof trial.attributes.seen === "number" ? trial.attributes.seen : finished.length;
  const draw = new StudyDraws({ study, sampler, pruner }).begin(trial.number, finished.slice(0, seen));
  return drawAll(draw, trial.distributions, chosenOf(trial.attributes));
}

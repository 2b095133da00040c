import type { Direction, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import { type ChosenPoint, chosenOf } from "./chosen-point.ts";
import type { Pruner } from "./pruner.ts";
import type { Sampler, TrialSampler } from "./sampler.ts";
import { isSingle } from "./space.ts";
import { trialStream } from "./streams.ts";

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
export function redraw({ study, sampler, pruner, finished, trial }: RedrawOptions): Record<string, ParameterValue> {
  const seen = typeof trial.attributes.seen === "number" ? trial.attributes.seen : finished.length;
  const trials = finished.slice(0, seen).sort((a, b) => a.number - b.number);
  const random = trialStream(study.seed, trial.number, "sampler");
  const draw = sampler.begin({
    direction: study.direction,
    number: trial.number,
    trials: pruner?.peers?.(study.name, trial.number, trials) ?? trials,
    random,
    startup: random,
  });
  return drawAgain(draw, trial.distributions, chosenOf(trial.attributes));
}

/** Moves a sampler that has just begun past what was drawn before, in that order. @returns the same values */
export function drawAgain(
  sampler: TrialSampler,
  distributions: SearchSpace,
  chosen: ChosenPoint,
): Record<string, ParameterValue> {
  const entries = Object.entries(distributions).map(([name, distribution]): [string, ParameterValue] => {
    const only = distribution.kind === "category" ? distribution.choices[0] : distribution.low;
    if (Object.hasOwn(chosen, name)) {
      return [name, chosen[name]];
    }
    return [name, isSingle(distribution) ? only : sampler.suggest(name, distribution)];
  });
  return Object.fromEntries(entries);
}

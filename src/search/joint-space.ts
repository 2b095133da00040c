import type { SearchSpace, TrialRecord } from "../core/trial.ts";
import { isSingle, sameDistribution } from "./space.ts";

/**
 * The parameters that every complete and pruned trial drew from the same distribution, sorted by name; those with only one
 * value are left out. Undefined when no trial is complete or pruned. Remembers what it has seen of a growing list.
 */
export class JointSpace {
  private space: SearchSpace | undefined;
  private count = 0;
  private last: TrialRecord | undefined;

  of(trials: readonly TrialRecord[]): SearchSpace | undefined {
    if (this.count > trials.length || (this.count > 0 && trials[this.count - 1] !== this.last)) {
      this.space = undefined;
      this.count = 0;
    }
    for (const { state, distributions } of trials.slice(this.count)) {
      if (state === "complete" || state === "pruned") {
        this.space = this.space === undefined ? sorted(distributions) : intersection(this.space, distributions);
      }
    }
    this.count = trials.length;
    this.last = trials.at(-1);
    return this.space;
  }
}

function sorted(space: SearchSpace): SearchSpace {
  const names = Object.keys(space).sort();
  return Object.fromEntries(names.filter((name) => !isSingle(space[name])).map((name) => [name, space[name]]));
}

function intersection(space: SearchSpace, other: SearchSpace): SearchSpace {
  const names = Object.keys(space);
  const shared = names.filter((name) => sameDistribution(space[name], other[name]));
  return shared.length === names.length ? space : Object.fromEntries(shared.map((name) => [name, space[name]]));
}

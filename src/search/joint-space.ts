import type { SearchSpace, TrialRecord } from "../core/trial.ts";
import { isSingle, sameDistribution } from "./space.ts";

/**
 * The parameters that every complete and pruned trial drew from the same distribution, in the order in which the first of
 * them did; those with only one value are left out. Undefined when no trial is complete or pruned. Remembers what it has seen of a growing list.
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
        this.space = this.space === undefined ? several(distributions) : intersection(this.space, distributions);
      }
    }
    this.count = trials.length;
    this.last = trials.at(-1);
    return this.space;
  }
}

function several(space: SearchSpace): SearchSpace {
  return Object.fromEntries(Object.entries(space).filter(([, distribution]) => !isSingle(distribution)));
}

function intersection(space: SearchSpace, other: SearchSpace): SearchSpace {
  const names = Object.keys(space);
  const shared = names.filter((name) => sameDistribution(space[name], other[name]));
  return shared.length === names.length ? space : Object.fromEntries(shared.map((name) => [name, space[name]]));
}

import type { SearchSpace, TrialRecord } from "../core/trial.ts";
import { GrowingList } from "./growing-list.ts";
import { isSingle, sameDistribution } from "./space.ts";

/**
 * The parameters that every complete and pruned trial drew from the same distribution, in the order in which the first of
 * them did; those with only one value are left out. Undefined when no trial is complete or pruned. Remembers what it has
 * seen of a growing list.
 */
export class JointSpace {
  private readonly list = new GrowingList<TrialRecord>();
  private space: SearchSpace | undefined;

  of(trials: readonly TrialRecord[]): SearchSpace | undefined {
    const known = this.list.follow(trials);
    if (known === 0) {
      this.space = undefined;
    }
    for (let i = known; i < trials.length; i++) {
      const { state, distributions } = trials[i];
      if (state === "complete" || state === "pruned") {
        this.space = this.space === undefined ? several(distributions) : intersection(this.space, distributions);
      }
    }
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

import type { SearchSpace } from "../core/trial.ts";
import { sameDistribution } from "./space.ts";

/** Spaces that are remembered: a study's trials seldom have more. */
const most = 8;

/**
 * One object for equal spaces: a study that was read from a file has one for every trial, which costs room, and time
 * whenever they are compared.
 */
export function sharedSpaces(): (space: SearchSpace) => SearchSpace {
  const known: { readonly space: SearchSpace; readonly names: readonly string[] }[] = [];
  return (space) => {
    const names = Object.keys(space);
    const same = known.find(
      (other) =>
        other.names.length === names.length &&
        names.every((name, i) => other.names[i] === name && sameDistribution(other.space[name], space[name])),
    );
    if (same !== undefined) {
      return same.space;
    }
    known.unshift({ space, names });
    known.length = Math.min(known.length, most);
    return space;
  };
}

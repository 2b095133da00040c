import { type LoopStage, visitNames } from "./program.ts";

/** What a loop touches, each name once, in the order in which it meets them. */
export interface LoopNames {
  /** Those that lie in memory. */
  readonly vectors: readonly string[];
  readonly scalars: readonly string[];
  /** The same for loops that compute the same, whatever else their rules do. */
  readonly key: string;
}

/** @param inMemory whether a vector has a place; others live within the loop */
export function loopNames({ body }: LoopStage, inMemory: (name: string) => boolean): LoopNames {
  const names = { vector: new Set<string>(), scalar: new Set<string>() };
  for (const { target, value } of body) {
    visitNames(value, (kind, name) => names[kind].add(name));
    names.vector.add(target);
  }
  const vectors = [...names.vector].filter(inMemory);
  return { vectors, scalars: [...names.scalar], key: JSON.stringify([body, vectors]) };
}

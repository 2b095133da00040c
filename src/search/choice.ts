import { type HyperSet, type HyperValue, resolve } from "../core/hyper.ts";

/** A sampler or pruner by its name in the registry, with settings other than its defaults. */
export interface Choice {
  readonly name: string;
  readonly settings?: Readonly<Record<string, HyperValue>>;
}

/** The choice of a kind with these of its settings. @throws HyperError on an unknown name or a value out of range */
export function chosen(
  { name, hyper }: { readonly name: string; readonly hyper: HyperSet },
  settings: Readonly<Record<string, HyperValue>>,
): Choice {
  resolve(hyper, settings);
  return { name, settings };
}

import type { Hyper, HyperSet } from "../core/hyper.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { Settings } from "./experiment.ts";

/** The optimizers' hyper-parameters as settings of an experiment: `SGD.lr`, `Momentum.momentum` … */
export function perRun(
  optimizers: readonly Optimizer[],
  defaults: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): HyperSet {
  return Object.fromEntries(
    optimizers.flatMap(({ label, hyper }) =>
      Object.entries(hyper as HyperSet).map(([name, definition]): [string, Hyper] => [
        `${label}.${name}`,
        { ...definition, default: defaults[label]?.[name] ?? definition.default },
      ]),
    ),
  );
}

/** The settings `<run>.<name>` of one run, by name. */
export function settingsOfRun(settings: Settings, run: string): Record<string, number> {
  const prefix = `${run}.`;
  return Object.fromEntries(
    Object.entries(settings)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, value]) => [name.slice(prefix.length), value as number]),
  );
}

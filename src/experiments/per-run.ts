import type { Hyper, HyperSet, HyperValue } from "../core/hyper.ts";
import type { RunRecord } from "../core/record.ts";
import { ruleTex } from "../formula/tex.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import type { FormulaNote, Settings } from "../runs/experiment.ts";

/**
 * The optimizers' hyper-parameters as settings of an experiment: `SGD.lr`, `Momentum.momentum` …
 * @typeParam N the names, for who asks for a value; {@link RuleSetting} are those of all rules
 */
export function perRun<N extends string = string>(
  optimizers: readonly Pick<Optimizer, "label" | "hyper">[],
  defaults: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
): Readonly<Record<N, Hyper<number>>> {
  return Object.fromEntries(
    optimizers.flatMap(({ label, hyper }) =>
      Object.entries(hyper as HyperSet).map(([name, definition]): [string, Hyper] => [
        `${label}.${name}`,
        { ...ofRun(definition, label, name), default: defaults[label]?.[name] ?? definition.default },
      ]),
    ),
  ) as unknown as Readonly<Record<N, Hyper<number>>>;
}

/** A setting as one run's own. */
export function ofRun<T extends HyperValue>(hyper: Hyper<T>, run: string, name: string): Hyper<T> {
  return { ...hyper, of: { run, name } };
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

/** The update rules of the runs in a record, with their papers. */
export function rulesOf(record: Pick<RunRecord, "series">, optimizers: readonly Optimizer[]): FormulaNote[] {
  const runs = new Set(record.series.map(({ run }) => run));
  return optimizers
    .filter(({ label }) => runs.has(label))
    .map(({ label, rule, paper }) => ({
      name: label,
      tex: ruleTex(rule),
      source: paper && `${paper.authors} (${paper.year}), ${paper.title}, ${paper.where}`,
    }));
}

import type { HyperSet, HyperValue, ValuesOf } from "../core/hyper.ts";
import type { Text } from "../core/text.ts";
import type { Direction, TrialRecord } from "../core/trial.ts";
import { type Typed, typed } from "../core/typed.ts";
import { type Choice, chosen } from "./choice.ts";

/** What a pruner may look at when a trial asks. */
export interface PrunerView {
  readonly direction: Direction;
  /** The study's name: Hyperband chooses a trial's bracket by it. */
  readonly study: string;
  /** The trial that asks, with its reports and attributes so far. */
  readonly trial: TrialRecord;
  /** Every other trial of the study as far as it is known, running ones included. */
  readonly others: readonly TrialRecord[];
}

/** A pruner's answer. */
export interface Verdict {
  readonly prune: boolean;
  /** What must be kept with the trial for later decisions; plain JSON, merged into its attributes. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Decides whether a trial is worth going on with: the same view gives the same verdict. */
export interface Pruner {
  /** As in the registry. */
  readonly name: string;
  judge(view: PrunerView): Verdict;
  /**
   * The trials that a sampler may learn from for trial `number`; all of them when absent. Hyperband keeps its brackets
   * apart.
   */
  peers?(study: string, number: number, trials: readonly TrialRecord[]): readonly TrialRecord[];
}

/** A kind of pruner: its page in the registry, its settings, and how it is opened. */
export interface PrunerKind<S extends HyperSet = HyperSet> {
  /** kebab-case, unique: `successive-halving` */
  readonly name: string;
  /** As it is written in print. */
  readonly label: string;
  /** One sentence: the idea. */
  readonly about: Text;
  readonly hyper: S;
  /** @throws HyperError when a setting is unknown or out of range */
  open(values?: Partial<ValuesOf<S>>): Pruner;
}

/** A kind of pruner that can be given its values: `median({ startupTrials: 3 })` is what a study takes. */
export type TypedPruner<S extends HyperSet> = Typed<PrunerKind<S>, S, Choice>;

/** Makes a kind of pruner of its definition. */
export function definePruner<S extends HyperSet>(kind: PrunerKind<S>): TypedPruner<S> {
  return typed(kind, (values) => chosen(kind, values as Readonly<Record<string, HyperValue>>));
}

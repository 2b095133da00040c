import type { HyperSet, HyperValue, ValuesOf } from "../core/hyper.ts";
import type { RandomStream } from "../core/random.ts";
import type { Text } from "../core/text.ts";
import type { Direction, Distribution, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import { type Typed, typed } from "../core/typed.ts";
import { type Choice, chosen } from "./choice.ts";

/** What a sampler may look at when a trial begins. */
export interface SamplerView {
  readonly direction: Direction;
  /** The trial to draw for. */
  readonly number: number;
  /** The finished trials it may learn from, ascending by number; never changed. */
  readonly trials: readonly TrialRecord[];
  /** Where all its randomness comes from. */
  readonly random: RandomStream;
  /** For trials drawn at random before the sampler knows enough: Optuna has a second stream for them. */
  readonly startup: RandomStream;
}

/** Draws the hyper-parameters of one trial. */
export interface TrialSampler {
  /** A value of the distribution, which has more than one; called once for each name. */
  suggest(name: string, distribution: Distribution): ParameterValue;
  /** What must be kept with the trial for later trials to learn from; plain JSON. */
  readonly attributes?: Readonly<Record<string, unknown>>;
}

/** Draws hyper-parameters: the same view gives the same values. */
export interface Sampler {
  /** As in the registry. */
  readonly name: string;
  /** Begins a trial. */
  begin(view: SamplerView): TrialSampler;
  /** Whether values depend on the trials that finished before, so that the number of workers matters. */
  readonly learns: boolean;
  /** How many trials there are to try; absent when there is no end. */
  readonly trials?: number;
}

/** What a sampler is opened with beside its own settings. */
export interface SamplerSetting {
  /** The study's seed, a whole number in [0, 2³²). */
  readonly seed: number;
  /** The whole space where it is known beforehand; Grid needs it. */
  readonly space?: SearchSpace;
}

/** A kind of sampler: its page in the registry, its settings, and how it is opened. */
export interface SamplerKind<S extends HyperSet = HyperSet> {
  /** kebab-case, unique: `cma-es` */
  readonly name: string;
  /** As it is written in print. */
  readonly label: string;
  /** One sentence: the idea. */
  readonly about: Text;
  readonly hyper: S;
  /** @throws HyperError when a setting is unknown or out of range, or the space does not fit */
  open(setting: SamplerSetting, values?: Partial<ValuesOf<S>>): Sampler;
}

/** A kind of sampler that can be given its values: `tpe({ startupTrials: 20 })` is what a study takes. */
export type TypedSampler<S extends HyperSet> = Typed<SamplerKind<S>, S, Choice>;

/** Makes a kind of sampler of its definition. */
export function defineSampler<S extends HyperSet>(kind: SamplerKind<S>): TypedSampler<S> {
  return typed(kind, (values) => chosen(kind, values as Readonly<Record<string, HyperValue>>));
}

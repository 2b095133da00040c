import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import { plainJson, plainNumber } from "../core/plain-json.ts";
import type { RandomStream } from "../core/random.ts";
import type { Distribution, Intermediate, ParameterValue } from "../core/trial.ts";
import { type CheckpointState, decodeCheckpoint, encodeCheckpoint } from "./checkpoint.ts";
import {
  categoryDistribution,
  checkDistribution,
  describeDistribution,
  intDistribution,
  type RangeOptions,
  realDistribution,
  sameDistribution,
} from "./space.ts";

/** Thrown by an objective to end its trial early: `if (trial.shouldPrune()) throw new PrunedTrial()`. */
export class PrunedTrial extends Error {
  override name = "PrunedTrial";

  constructor(message = "The trial was pruned.") {
    super(message);
  }
}

/** What stands behind a trial: where its values come from and where its reports go. */
export interface TrialBacking {
  readonly number: number;
  readonly attempt: number;
  /** This trial's own stream, for whatever the objective draws; the same on every attempt. */
  readonly random: RandomStream;
  /** Aborted when the trial's time is up or the study is stopped. */
  readonly signal: AbortSignal;
  /** Draws a value; called once for each name. */
  suggest(name: string, distribution: Distribution): ParameterValue;
  report(entry: Intermediate): void;
  shouldPrune(): boolean;
  note(key: string, value: unknown): void;
  /** Keeps what a later attempt at this trial goes on from. */
  checkpoint(bytes: Uint8Array): void;
  /** What an attempt before kept; null for a fresh start. */
  readonly resumed: Uint8Array | null;
}

/** What an objective gets: it asks the trial for hyper-parameters when it needs them, and reports how it goes. */
export class Trial {
  private readonly backing: TrialBacking;
  private readonly drawn = new Map<string, { distribution: Distribution; value: ParameterValue }>();
  private readonly steps = new Set<number>();

  constructor(backing: TrialBacking) {
    this.backing = backing;
  }

  /** From 0, in the order in which trials were asked for. */
  get number(): number {
    return this.backing.number;
  }

  /** 1 for the first attempt. */
  get attempt(): number {
    return this.backing.attempt;
  }

  /** A random stream of this trial alone: whatever the objective draws from it is the same on every machine. */
  get random(): RandomStream {
    return this.backing.random;
  }

  /** Aborted when the trial's time is up or the study is stopped; hand it on to whatever can be stopped. */
  get signal(): AbortSignal {
    return this.backing.signal;
  }

  /** The values drawn so far, by name. */
  get params(): Readonly<Record<string, ParameterValue>> {
    return Object.fromEntries([...this.drawn].map(([name, { value }]) => [name, value]));
  }

  /** A real number in [min, max]. @throws HyperError on a range that cannot be, or another than this trial used before */
  real(name: string, options: RangeOptions): number {
    return this.suggest(name, realDistribution(name, options)) as number;
  }

  /** A whole number in [min, max]. @throws HyperError as `real` */
  int(name: string, options: RangeOptions): number {
    return this.suggest(name, intDistribution(name, options)) as number;
  }

  /** One of `choices`. @throws HyperError as `real` */
  category<const T extends ParameterValue>(name: string, choices: readonly T[]): T {
    return this.suggest(name, categoryDistribution(name, choices)) as T;
  }

  /** A value of a distribution; asking again gives the same value. @throws HyperError when it was another's */
  suggest(name: string, given: Distribution): ParameterValue {
    const distribution = checkDistribution(checkKey(name, "trial"), given);
    const before = this.drawn.get(name);
    if (before !== undefined) {
      if (!sameDistribution(before.distribution, distribution)) {
        throw new HyperError({
          en:
            `${name}: must keep its distribution within a trial, ${describeDistribution(before.distribution)}, got ` +
            `${describeDistribution(distribution)}. Give the second one another name.`,
          ja:
            `${name}: 1つの試行の中で分布を変えることはできません(最初は ${describeDistribution(before.distribution)}、今回は ` +
            `${describeDistribution(distribution)})。2つ目には別の名前を付けてください。`,
        });
      }
      return before.value;
    }
    const value = this.backing.suggest(name, distribution);
    this.drawn.set(name, { distribution, value });
    return value;
  }

  /**
   * Reports the objective as it stands after `step` (an epoch, an iteration: what the objective counts). The first report
   * of a step counts, later ones are ignored; a value that is not a number is kept as such and never wins.
   * @throws HyperError when the step is not a whole number ≥ 0, or the value of another kind
   */
  report(value: number, step: number): void {
    if (!Number.isSafeInteger(step) || step < 0) {
      throw new HyperError({
        en: `report: step must be a whole number ≥ 0, got ${describeValue(step)}. Count epochs or iterations.`,
        ja: `report: step には0以上の整数を指定してください(指定された値: ${describeValue(step)})。エポックか反復を数えます。`,
      });
    }
    if (this.steps.has(step)) {
      return;
    }
    // Plain JavaScript may call this with anything; a word or an object is a mistake, nothing at all a missing value.
    if (typeof value !== "number" && value !== undefined && value !== null) {
      throw new HyperError({
        en: `report: value must be a number, got ${describeValue(value)}. Convert it first.`,
        ja: `report: value には数を指定してください(指定された値: ${describeValue(value)})。先に数へ変換してください。`,
      });
    }
    this.steps.add(step);
    this.backing.report({ step, value: typeof value !== "number" || Number.isNaN(value) ? null : plainNumber(value) });
  }

  /** Whether the study's pruner would stop here, judging by what was reported. The objective then throws PrunedTrial. */
  shouldPrune(): boolean {
    return this.backing.shouldPrune();
  }

  /**
   * Leaves bytes or plain JSON from which another attempt goes on, should this one be lost: weights, the step, the state
   * of a random stream. Each replaces the one before; what was reported until now stays with it.
   * @throws HyperError when it is neither
   */
  checkpoint(state: CheckpointState): void {
    this.backing.checkpoint(encodeCheckpoint(state));
  }

  /** What an attempt before left by `checkpoint`; undefined when the trial begins afresh. */
  get resumed(): CheckpointState | undefined {
    const { resumed } = this.backing;
    return resumed === null ? undefined : decodeCheckpoint(resumed);
  }

  /**
   * Keeps a copy of plain JSON with the trial. Numbers that JSON has not are kept as the words "NaN", "Infinity" and
   * "-Infinity".
   * @throws HyperError when it is none
   */
  note(key: string, value: unknown): void {
    this.backing.note(checkKey(key, "note"), plainJson(value, `note ${key}`));
  }
}

/** A name under which something is kept with a trial. @throws HyperError on what cannot be one */
function checkKey(name: unknown, where: string): string {
  // Of an object's keys, this one alone is not kept.
  if (typeof name !== "string" || name === "" || name === "__proto__") {
    throw new HyperError({
      en: `${where}: a name must be a word, got ${describeValue(name)}. Give another.`,
      ja: `${where}: 名前には空でない文字列を指定してください(指定された値: ${describeValue(name)})。別の名前にしてください。`,
    });
  }
  return name;
}

/** What a study minimizes or maximizes. */
export type Objective = (trial: Trial) => ObjectiveResult | Promise<ObjectiveResult>;

/** The objective's number, with constraints where the study has some: each ≤ 0 is met. */
export type ObjectiveResult = number | { readonly value: number; readonly constraints?: readonly number[] };

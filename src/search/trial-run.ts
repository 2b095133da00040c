import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { RandomStream } from "../core/random.ts";
import type { Direction, Distribution, Intermediate, ParameterValue, SearchSpace, TrialRecord } from "../core/trial.ts";
import { type ChosenPoint, checkChosen } from "./chosen-point.ts";
import { addInOrder } from "./intermediate.ts";
import type { Pruner } from "./pruner.ts";
import type { TrialSampler } from "./sampler.ts";
import { contains, describeDistribution, isSingle } from "./space.ts";
import { trialStream } from "./streams.ts";
import type { TrialBacking } from "./trial.ts";

/** A study's objective asks for another kind of value under a name than its recorded trials did. */
export class SpaceChangedError extends HyperError {
  override name = "SpaceChangedError";
}

export interface TrialRunOptions {
  readonly study: { readonly name: string; readonly direction: Direction; readonly seed: number };
  readonly number: number;
  readonly attempt: number;
  /** Draws what `known` does not hold. */
  readonly sampler: TrialSampler;
  readonly pruner: Pruner;
  /** The study's other trials as they are known now, for the pruner. */
  readonly others: () => readonly TrialRecord[];
  /** How recorded trials drew a name; undefined when none has. */
  readonly earlier?: (name: string) => Distribution | undefined;
  /** Values that a person chose for this trial. */
  readonly chosen?: ChosenPoint;
  /** An earlier attempt's values, used instead of drawing where they are still in the range. */
  readonly known?: Readonly<Record<string, ParameterValue>>;
  /** What the trial's record already holds. */
  readonly attributes?: Readonly<Record<string, unknown>>;
  /** What an attempt before had reported until the checkpoint that this one goes on from. */
  readonly intermediate?: readonly Intermediate[];
  /** The checkpoint itself; null for a fresh start. */
  readonly resumed?: Uint8Array | null;
  readonly startedAt?: number | null;
  readonly signal: AbortSignal;
  /** Told at once, before the objective sees the value. */
  readonly onDrawn?: (name: string, distribution: Distribution, value: ParameterValue) => void;
  readonly onReport?: (entry: Intermediate) => void;
  /** Told whenever attributes are added, by the objective or the pruner. */
  readonly onNote?: (key: string, value: unknown) => void;
  readonly onCheckpoint?: (bytes: Uint8Array) => void;
}

/**
 * One attempt at a trial, wherever it runs: draws values, asks the pruner and keeps the record. All synchronous; writing
 * it down is up to whoever listens.
 */
export class TrialRun implements TrialBacking {
  readonly number: number;
  readonly attempt: number;
  readonly signal: AbortSignal;
  private readonly options: TrialRunOptions;
  private readonly params: Record<string, ParameterValue> = {};
  private readonly distributions: Record<string, Distribution> = {};
  private readonly attributes: Record<string, unknown>;
  private readonly intermediate: Intermediate[];
  private readonly steps: Set<number>;
  private stream: RandomStream | undefined;

  constructor(options: TrialRunOptions) {
    this.options = options;
    this.number = options.number;
    this.attempt = options.attempt;
    this.signal = options.signal;
    this.attributes = { ...options.attributes };
    this.intermediate = [...(options.intermediate ?? [])];
    this.steps = new Set(this.intermediate.map(({ step }) => step));
  }

  get random(): RandomStream {
    this.stream ??= trialStream(this.options.study.seed, this.number, "objective");
    return this.stream;
  }

  /**
   * @throws SpaceChangedError when recorded trials drew the name in another way
   * @throws HyperError when a value was chosen that the distribution does not have
   */
  suggest(name: string, distribution: Distribution): ParameterValue {
    const earlier = this.options.earlier?.(name);
    if (earlier !== undefined && !compatible(earlier, distribution)) {
      throw new SpaceChangedError({
        en:
          `${name}: must be drawn as in the study's earlier trials, ${describeDistribution(earlier)}, got ` +
          `${describeDistribution(distribution)}. Give it another name, or begin another study.`,
        ja:
          `${name}: この study のこれまでの試行と同じ引き方にしてください(これまでは ${describeDistribution(earlier)}、今回は ` +
          `${describeDistribution(distribution)})。別の名前を付けるか、新しい study を始めてください。`,
      });
    }
    const value = this.draw(name, distribution);
    this.params[name] = value;
    this.distributions[name] = distribution;
    this.options.onDrawn?.(name, distribution, value);
    return value;
  }

  private draw(name: string, distribution: Distribution): ParameterValue {
    const { known = {}, chosen = {}, sampler } = this.options;
    const kept = !Object.hasOwn(chosen, name) && Object.hasOwn(known, name) && contains(distribution, known[name]);
    return kept ? known[name] : drawValue(sampler, name, distribution, chosen);
  }

  report(entry: Intermediate): void {
    if (this.steps.has(entry.step)) {
      return;
    }
    this.steps.add(entry.step);
    addInOrder(this.intermediate, entry);
    this.options.onReport?.(entry);
  }

  shouldPrune(): boolean {
    const { pruner, study, others } = this.options;
    const verdict = pruner.judge({
      direction: study.direction,
      study: study.name,
      trial: this.live(),
      others: others(),
    });
    if (typeof verdict?.prune !== "boolean") {
      throw new HyperError({
        en: `pruner ${pruner.name}: judge must give { prune: true } or { prune: false }, got ${describeValue(verdict)}. Correct it.`,
        ja: `pruner ${pruner.name}: judge は { prune: true } か { prune: false } を返してください(返した値: ${describeValue(verdict)})。`,
      });
    }
    for (const [key, value] of Object.entries(verdict.attributes ?? {})) {
      this.note(key, value);
    }
    return verdict.prune;
  }

  get resumed(): Uint8Array | null {
    return this.options.resumed ?? null;
  }

  checkpoint(bytes: Uint8Array): void {
    this.options.onCheckpoint?.(bytes);
  }

  note(key: string, value: unknown): void {
    this.attributes[key] = value;
    this.options.onNote?.(key, value);
  }

  /** The trial as it stands, for a look: what was reported is not copied, and grows on. */
  live(): TrialRecord {
    return this.with("running", this.intermediate);
  }

  /** The trial as it stands; a copy where it matters. */
  record(
    state: TrialRecord["state"],
    end: Partial<Pick<TrialRecord, "value" | "constraints" | "error" | "finishedAt">> = {},
  ): TrialRecord {
    return { ...this.with(state, [...this.intermediate]), ...end };
  }

  private with(state: TrialRecord["state"], intermediate: readonly Intermediate[]): TrialRecord {
    return {
      number: this.number,
      state,
      value: null,
      params: { ...this.params },
      distributions: { ...this.distributions } as SearchSpace,
      intermediate,
      attributes: { ...this.attributes },
      attempt: this.attempt,
      startedAt: this.options.startedAt ?? null,
      finishedAt: null,
    };
  }
}

/**
 * A value for a name: what was chosen for it, the only one there is, or what the sampler draws.
 * @throws HyperError when a value was chosen, or drawn by a sampler of one's own, that the distribution does not have
 */
function drawValue(
  sampler: TrialSampler,
  name: string,
  distribution: Distribution,
  chosen: ChosenPoint,
): ParameterValue {
  if (Object.hasOwn(chosen, name)) {
    return checkChosen(name, distribution, chosen[name]);
  }
  if (isSingle(distribution)) {
    return distribution.kind === "category" ? distribution.choices[0] : distribution.low;
  }
  const drawn: unknown = sampler.suggest(name, distribution);
  if (!contains(distribution, drawn as ParameterValue)) {
    throw new HyperError({
      en: `${name}: the sampler must draw from ${describeDistribution(distribution)}, got ${describeValue(drawn)}. Correct its suggest.`,
      ja: `${name}: サンプラーが ${describeDistribution(distribution)} にない値 ${describeValue(drawn)} を引きました。suggest を直してください。`,
    });
  }
  return drawn as ParameterValue;
}

/** A value for each name of a space, in its order. @throws HyperError as {@link drawValue} */
export function drawAll(
  sampler: TrialSampler,
  space: SearchSpace,
  chosen: ChosenPoint,
): Record<string, ParameterValue> {
  const entries = Object.entries(space);
  return Object.fromEntries(entries.map(([name, value]) => [name, drawValue(sampler, name, value, chosen)]));
}

/** Whether trials that drew from both can be learnt from together: ranges may move, kind, scale and choices may not. */
function compatible(a: Distribution, b: Distribution): boolean {
  if (a.kind === "category" || b.kind === "category") {
    return (
      a.kind === "category" &&
      b.kind === "category" &&
      a.choices.length === b.choices.length &&
      a.choices.every((choice, i) => choice === b.choices[i])
    );
  }
  return a.kind === b.kind && (a.scale ?? "linear") === (b.scale ?? "linear");
}

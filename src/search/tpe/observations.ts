import type { Direction, Distribution, ParameterValue, TrialRecord } from "../../core/trial.ts";
import { GrowingList } from "../growing-list.ts";
import { sign, violation } from "../ranking.ts";
import { sameDistribution } from "../space.ts";

/** Which observations are good, and which are the others; each ascending. */
export interface Split {
  readonly good: Int32Array;
  readonly other: Int32Array;
}

/** How many trials are good: a tenth of them, rounded up, at most 25. */
export function goodCount(trials: number): number {
  return Math.min(Math.ceil(0.1 * trials), 25);
}

/**
 * The complete and pruned trials that TPE learns from, in order of their numbers, as columns of numbers. Keeps them while
 * the list of trials only grows; what has a place among them keeps it.
 */
export class Observations {
  private readonly direction: Direction;
  private readonly list = new GrowingList<TrialRecord>();
  private readonly trials: TrialRecord[] = [];
  /** What trials are ranked by, in this order, less being better. */
  private readonly violations: number[] = [];
  private readonly steps: number[] = [];
  private readonly values: number[] = [];
  private constrained = 0;
  private readonly columns = new Map<string, { distribution: Distribution; values: number[] }>();

  constructor(direction: Direction) {
    this.direction = direction;
  }

  /** How many there are. */
  get count(): number {
    return this.trials.length;
  }

  /** Those of a list, which may be longer than before; of another list, others, since a trial under way may yet draw by these. */
  of(trials: readonly TrialRecord[]): Observations {
    const known = this.list.follow(trials);
    if (known === 0 && this.count > 0) {
      return new Observations(this.direction).of(trials);
    }
    const s = sign(this.direction);
    for (let i = known; i < trials.length; i++) {
      const trial = trials[i];
      if (trial.state !== "complete" && trial.state !== "pruned") {
        continue;
      }
      this.trials.push(trial);
      this.violations.push(trial.constraints === undefined ? Number.POSITIVE_INFINITY : violation(trial));
      this.constrained += trial.constraints === undefined ? 0 : 1;
      const [step, value] = rank(trial, s);
      this.steps.push(step);
      this.values.push(value);
    }
    return this;
  }

  /**
   * Parts trials: complete ones by value; pruned ones behind them, those that got further first, by their last value; those
   * that reported nothing last. With constraints, feasible before infeasible, those by total violation. The earlier of
   * equals is the better.
   */
  split(): Split {
    const { count, violations, steps, values } = this;
    const wanted = goodCount(count);
    const constrained = this.constrained > 0;
    const feasible = constrained ? violations.reduce((sum, v) => sum + (v === 0 ? 1 : 0), 0) : count;
    const before =
      feasible > wanted || !constrained
        ? (i: number, j: number) =>
            (constrained ? Number(violations[i] > 0) - Number(violations[j] > 0) : 0) ||
            compare(steps[i], steps[j]) ||
            compare(values[i], values[j])
        : (i: number, j: number) => compare(violations[i], violations[j]);
    const best = smallest(count, wanted, before);
    const isGood = new Uint8Array(count);
    for (const i of best) {
      isGood[i] = 1;
    }
    const other = new Int32Array(count - best.length);
    let next = 0;
    for (let i = 0; i < count; i++) {
      if (isGood[i] === 0) {
        other[next++] = i;
      }
    }
    return { good: Int32Array.from(best).sort(), other };
  }

  /**
   * The values of parameters in those of the trials at `places` that have them all: numbers as they are, categories by
   * their place.
   */
  select(places: Int32Array, space: Readonly<Record<string, Distribution>>): Float64Array[] {
    const columns = Object.entries(space).map(([name, distribution]) => this.column(name, distribution));
    const having = places.filter((i) => columns.every((column) => !Number.isNaN(column[i])));
    return columns.map((column) => Float64Array.from(having, (i) => column[i]));
  }

  /** A parameter's value in every trial; NaN where there is none. */
  private column(name: string, distribution: Distribution): number[] {
    let column = this.columns.get(name);
    if (
      column === undefined ||
      (distribution.kind === "category" && !sameDistribution(column.distribution, distribution))
    ) {
      column = { distribution, values: [] };
      this.columns.set(name, column);
    }
    const { values } = column;
    if (values.length < this.count) {
      const places = distribution.kind === "category" ? placesOf(distribution.choices) : undefined;
      for (let i = values.length; i < this.count; i++) {
        const value = this.trials[i].params[name];
        const number = value === undefined ? undefined : places === undefined ? value : places.get(value);
        values.push(typeof number === "number" ? number : Number.NaN);
      }
    }
    return values;
  }
}

function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The `wanted` smallest of 0 … count − 1, the earlier of equals first. */
function smallest(count: number, wanted: number, order: (i: number, j: number) => number): number[] {
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    if (kept.length === wanted && (wanted === 0 || order(i, kept[wanted - 1]) >= 0)) {
      continue;
    }
    let at = kept.length;
    while (at > 0 && order(i, kept[at - 1]) < 0) {
      at -= 1;
    }
    kept.splice(at, 0, i);
    kept.length = Math.min(kept.length, wanted);
  }
  return kept;
}

function rank(trial: TrialRecord, s: 1 | -1): [step: number, value: number] {
  if (trial.state === "complete") {
    return [-Infinity, s * (trial.value ?? Number.POSITIVE_INFINITY)];
  }
  const last = trial.intermediate.at(-1);
  return last === undefined ? [1, 0] : [-last.step, last.value === null ? Infinity : s * last.value];
}

function placesOf(choices: readonly ParameterValue[]): Map<ParameterValue, number> {
  return new Map(choices.map((choice, i) => [choice, i]));
}

import { checkOptions, optionOf, refuse } from "../../core/checks.ts";
import type { Direction, TrialRecord } from "../../core/trial.ts";
import { type Completed, sign } from "../ranking.ts";
import { type Parameter, parametersOf } from "./parameter.ts";
import { remembered } from "./remembered.ts";
import type { StudyData } from "./study-view.ts";
import { completedOf } from "./trials.ts";

export interface Importance {
  readonly name: string;
  /** A share: all together are 1. */
  readonly importance: number;
}

export interface PedAnovaOptions {
  /** The share of the trials that count as good: γ. 0.1 when absent. */
  readonly quantile?: number;
}

/** Cells a numeric range is cut into. */
const cellCount = 50;
/** Weight of the uniform prior, in trials. */
const priorWeight = 1;
const bins = 4096;

/**
 * Tells how much each hyper-parameter decides whether a trial is among the good ones, from the most important on:
 * the Pearson divergence D = Σ p·(q/p − 1)² between the density q of the good trials and p of all, a parameter at a time,
 * normalised to 1 in sum. Empty with fewer than two completed trials; all 0 where the values do not differ.
 *
 * PED-ANOVA: Watanabe, Bansal & Hutter 2023, "PED-ANOVA: Efficiently Quantifying Hyperparameter Importance in Arbitrary
 * Subspaces", equation 16. Differs: a parameter that only some trials have is judged among those.
 */
export function pedAnova({ trials, direction }: StudyData, options: PedAnovaOptions = {}): Importance[] {
  checkOptions("pedAnova", options, { quantile: true });
  const { quantile = usualQuantile } = options;
  if (!Number.isFinite(quantile) || quantile <= 0 || quantile >= 1) {
    refuse(optionOf("pedAnova", "quantile"), { en: "a number in (0, 1)", ja: "(0, 1) の数" }, quantile);
  }
  return [...(quantile === usualQuantile ? usual[direction](trials) : importances(trials, direction, quantile))];
}

const usualQuantile = 0.1;
const usual = {
  minimize: remembered((trials) => importances(trials, "minimize", usualQuantile)),
  maximize: remembered((trials) => importances(trials, "maximize", usualQuantile)),
};

function importances(trials: readonly TrialRecord[], direction: Direction, quantile: number): readonly Importance[] {
  const completed = completedOf(trials);
  if (completed.length < 2) {
    return [];
  }
  const whole = costsOf(Float64Array.from(completed, ({ value }) => sign(direction) * value));
  const divergences = parametersOf(completed).map((parameter) => ({
    name: parameter.name,
    divergence: divergenceOf(parameter, completed, whole, quantile),
  }));
  const sum = divergences.reduce((total, { divergence }) => total + divergence, 0);
  return divergences
    .map(({ name, divergence }) => ({ name, importance: sum > 0 ? divergence / sum : 0 }))
    .sort((a, b) => b.importance - a.importance);
}

/** What trials cost, in their order and from the least on. */
interface Costs {
  readonly costs: Float64Array;
  readonly sorted: Float64Array;
}

function costsOf(costs: Float64Array): Costs {
  return { costs, sorted: costs.slice().sort() };
}

/** @param whole of all the completed trials, most of which have the parameter */
function divergenceOf(parameter: Parameter, completed: readonly Completed[], whole: Costs, quantile: number): number {
  const shares = completed.map(parameter.share);
  const places = shares.filter((share) => share !== null);
  const { costs, sorted } =
    places.length === shares.length ? whole : costsOf(whole.costs.filter((_, i) => shares[i] !== null));
  const good = Math.max(2, Math.ceil(quantile * places.length));
  // Without a worst that differs from the best there is nothing to explain.
  if (places.length <= good || sorted[0] === sorted[sorted.length - 1]) {
    return 0;
  }
  const cells = cellsOf(parameter);
  const density = (places: readonly number[]) =>
    parameter.distribution.kind === "category" ? frequencies(places, cells) : parzen(places, cells);
  const all = density(places);
  const top = density(bestPlaces(places, costs, sorted[good - 1], good));
  return all.reduce((total, p, i) => total + p * (top[i] / p - 1) ** 2, 0);
}

/** The places of the `good` least costs, the earlier of equals first; `last` is the cost of the last of them. */
function bestPlaces(places: readonly number[], costs: Float64Array, last: number, good: number): number[] {
  let equals = good - costs.reduce((count, cost) => count + Number(cost < last), 0);
  return places.filter((_, i) => costs[i] < last || (costs[i] === last && equals-- > 0));
}

/** How many cells the axis has: no more than it has values. */
function cellsOf({ distribution }: Parameter): number {
  switch (distribution.kind) {
    case "category":
      return distribution.choices.length;
    case "int":
      return Math.min(cellCount, Math.floor((distribution.high - distribution.low) / (distribution.step ?? 1)) + 1);
    case "real":
      return distribution.step === undefined
        ? cellCount
        : Math.min(cellCount, Math.floor((distribution.high - distribution.low) / distribution.step + 1e-9) + 1);
  }
}

/** The share of each choice, with the prior. */
function frequencies(places: readonly number[], cells: number): number[] {
  const counts = new Array<number>(cells).fill(priorWeight / cells);
  for (const place of places) {
    counts[Math.round(place * (cells - 1))]++;
  }
  return counts.map((count) => count / (places.length + priorWeight));
}

/** The mass in each cell of a mixture of Gaussians cut off at the range's ends, one a trial, and of the uniform prior. */
function parzen(places: readonly number[], cells: number): number[] {
  const sigma = Math.max(0.5 / cells, scottBandwidth(places));
  const mass = new Array<number>(cells).fill(priorWeight / cells);
  // Centres of the cells lie at the values themselves, so that few values have a cell each.
  const edge = (i: number) => (cells === 1 ? i : (i - 0.5) / (cells - 1));
  for (const [place, count] of gathered(places)) {
    const inside = normalCdf((edge(cells) - place) / sigma) - normalCdf((edge(0) - place) / sigma);
    let before = normalCdf((edge(0) - place) / sigma);
    for (let i = 0; i < cells; i++) {
      const after = normalCdf((edge(i + 1) - place) / sigma);
      mass[i] += (count * (after - before)) / inside;
      before = after;
    }
  }
  return mass.map((m) => m / (places.length + priorWeight));
}

/** Places with how many trials lie there: of very many trials, those within a 4096th of the range are taken together. */
function gathered(places: readonly number[]): Iterable<readonly [place: number, count: number]> {
  if (places.length <= bins) {
    return places.map((place) => [place, 1] as const);
  }
  const counts = new Map<number, number>();
  for (const place of places) {
    const bin = Math.round(place * bins) / bins;
    counts.set(bin, (counts.get(bin) ?? 0) + 1);
  }
  return counts;
}

/** Scott's rule with the robust spread: 1.059 · min(IQR / 1.34, σ) · n^(−1/5). */
function scottBandwidth(places: readonly number[]): number {
  const n = places.length;
  const sorted = Float64Array.from(places).sort();
  const mean = places.reduce((sum, place) => sum + place, 0) / n;
  const deviation = Math.sqrt(places.reduce((sum, place) => sum + (place - mean) ** 2, 0) / Math.max(1, n - 1));
  const at = (share: number) => sorted[Math.min(n - 1, Math.floor(share * n))];
  return 1.059 * Math.min((at(0.75) - at(0.25)) / 1.34, deviation) * n ** -0.2;
}

/** Abramowitz & Stegun 7.1.26; off by less than 1.5e-7. */
function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp(-x * x);
  return 0.5 * (1 + Math.sign(z) * erf);
}

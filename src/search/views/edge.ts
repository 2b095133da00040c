import type { Text } from "../../core/text.ts";
import { isFeasible } from "../ranking.ts";
import { parametersOf, parameterText, shownName } from "./parameter.ts";
import type { StudyData } from "./study-view.ts";
import { rankedTrials } from "./trials.ts";

/** The end of a range that the places, shares of it in [0, 1], press on in the mean: its outer fifth. Null when neither. */
export function pressedEnd(places: readonly number[]): "lower" | "upper" | null {
  const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
  return places.length === 0 || (mean > 0.2 && mean < 0.8) ? null : mean >= 0.8 ? "upper" : "lower";
}

/** The sentence that says so. */
export function edgeText(told: { count: number; name: string; end: "lower" | "upper"; bound: string }): Text {
  const { count, name, end, bound } = told;
  return {
    en: `The best lies at the edge of the range: the best ${count} trials have ${name} close to its ${end} bound, ${bound}. Widen the range and search again.`,
    ja: `最良の値が範囲の端にあります。上位 ${count} 試行の ${name} は${end === "upper" ? "上限" : "下限"}の ${bound} に寄っています。範囲を広げて探し直してください。`,
  };
}

/** Trials below which the best tell nothing of a range. */
const fewestTrials = 10;

/** The best tenth of ranked trials, and five at least; none where they are too few to tell. */
export function bestOf<T>(ranked: readonly T[]): T[] {
  return ranked.length < fewestTrials ? [] : ranked.slice(0, Math.max(5, Math.ceil(ranked.length / 10)));
}

/**
 * Says which ranges should be widened: the best tenth of the trials, and five at least, press on a bound of it. Empty with
 * fewer than ten completed trials.
 */
export function edgeFindings(study: StudyData): Text[] {
  const ranked = rankedTrials(study).filter(isFeasible);
  const best = bestOf(ranked);
  return parametersOf(ranked).flatMap((parameter): Text[] => {
    const { name, distribution } = parameter;
    const places = best.map(parameter.share).filter((place) => place !== null);
    if (distribution.kind === "category" || distribution.low === distribution.high || places.length < 5) {
      return [];
    }
    const end = pressedEnd(places);
    const bound = end === "upper" ? distribution.high : distribution.low;
    return end === null
      ? []
      : [edgeText({ count: places.length, name: shownName(name), end, bound: parameterText(bound) })];
  });
}

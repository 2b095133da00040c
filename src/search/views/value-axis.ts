import { percentile } from "../../core/percentile.ts";
import type { Axis, ColorScale } from "../../figure/figure-spec.ts";
import { type StudyData, valueNameOf } from "./study-view.ts";
import { linearTicks, logTicks } from "./ticks.ts";

/** How the values of a study are drawn so that a few bad ones do not press all others flat. */
export interface ValueScale {
  readonly axis: Axis & { readonly domain: readonly [low: number, high: number] };
  readonly colors: ColorScale;
  /** The value itself, or the axis's end beyond which it lies. */
  clamp(value: number): number;
  /** How many values lie beyond the axis. */
  readonly beyond: number;
}

/**
 * Reaches from the best value to the worst that is not an outlier: at most three times the spread of the middle half beyond
 * it; infinite values lie beyond. Logarithmic where all values are positive and differ by a thousand.
 */
export function valueScale(study: Pick<StudyData, "direction" | "valueName">, values: readonly number[]): ValueScale {
  const { direction } = study;
  const label = valueNameOf(study);
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const [lowest, highest] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  const log = lowest > 0 && highest / lowest >= 1000;
  const [quarter, threeQuarters] = sorted.length === 0 ? [0, 0] : [percentile(sorted, 25), percentile(sorted, 75)];
  const fence = 3 * (threeQuarters - quarter);
  let low = lowest;
  let high = highest;
  if (!log && fence > 0 && direction === "minimize") {
    high = sorted.findLast((value) => value <= threeQuarters + fence) ?? highest;
  } else if (!log && fence > 0) {
    low = sorted.find((value) => value >= quarter - fence) ?? lowest;
  }
  const beyond = values.filter((value) => value < low || value > high).length;
  const domain = padded(low, high, log);
  const reverse = direction === "minimize";
  return {
    axis: { label, domain, ...(log ? { scale: "log", ...logTicks(...domain) } : linearTicks(...domain)) },
    colors: { label, domain: low < high ? [low, high] : domain, ...(reverse ? { reverse } : {}) },
    clamp: (value) => Math.min(high, Math.max(low, value)),
    beyond,
  };
}

function padded(low: number, high: number, log: boolean): [number, number] {
  if (log) {
    const ratio = high / low;
    const pad = Number.isFinite(ratio) ? ratio ** 0.04 : Math.exp(0.04 * (Math.log(high) - Math.log(low)));
    return [Math.max(Number.MIN_VALUE, low / pad), Math.min(Number.MAX_VALUE, high * pad)];
  }
  const size = Math.max(Math.abs(low), Math.abs(high));
  // Halves, because the whole may be wider than the largest number; values that hardly differ get room about them.
  const half = high / 2 - low / 2;
  const pad = half > 1e-10 * size ? 0.08 * half : Math.max(1e-9, size * 0.1);
  return [Math.max(-Number.MAX_VALUE, low - pad), Math.min(Number.MAX_VALUE, high + pad)];
}

/** The sentence about values that the axis does not reach; none when there are none. */
export function beyondNote({ beyond }: ValueScale): { en: string; ja: string } {
  return beyond === 0
    ? { en: "", ja: "" }
    : {
        en: `; ${beyond} ${beyond === 1 ? "value lies" : "values lie"} beyond the axis, drawn at its end`,
        ja: `。軸の範囲外の ${beyond} 件は端に描いています`,
      };
}

/** The axis of trial numbers up to the last. */
export function trialAxis(last: number): Axis {
  const whole = linearTicks(0, Math.max(1, last));
  const ticks = whole.ticks.filter(Number.isInteger);
  return {
    label: { en: "trial", ja: "試行番号" },
    domain: [-0.5, last + 0.5],
    ticks,
    tickLabels: ticks.map(String),
  };
}

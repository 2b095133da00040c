import type { RandomStream } from "../core/random.ts";
import type { Distribution, ParameterValue } from "../core/trial.ts";
import { stepAt } from "./decimal-step.ts";

/** NumPy's rounding: halves to the even neighbour. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest < 0.5 || (rest === 0.5 && floor % 2 === 0) ? floor : floor + 1;
}

/** The value on the step that is nearest to `value`, within the range. */
export function ontoStep(value: number, low: number, high: number, step: number): number {
  if (!(value > low)) {
    return low;
  }
  return value >= high ? high : Math.min(stepAt(low, step, roundHalfEven((value - low) / step)), high);
}

/** Largest number below `value`: a draw of a half-open range stays under its end. */
export function nextBelow(value: number): number {
  const bytes = new DataView(new ArrayBuffer(8));
  bytes.setFloat64(0, value);
  if (value === 0) {
    return -Number.MIN_VALUE;
  }
  bytes.setBigInt64(0, bytes.getBigInt64(0) + (value > 0 ? -1n : 1n));
  return bytes.getFloat64(0);
}

/**
 * The range that a number is drawn from uniformly, before rounding: logarithms on a log scale, widened by half a step at
 * each side where values lie on steps.
 */
export function drawnRange(distribution: Extract<Distribution, { kind: "real" | "int" }>): [low: number, high: number] {
  const { kind, low, high, scale } = distribution;
  const half = (distribution.step ?? (kind === "int" ? 1 : 0)) / 2;
  if (scale === "log") {
    return [Math.log(low - half), Math.log(high + half)];
  }
  return [low - half, high + half];
}

/** The value that stands at `at` of the drawn range: exponential, rounding and clipping undone. */
export function valueAt(distribution: Extract<Distribution, { kind: "real" | "int" }>, at: number): number {
  const { kind, low, high, scale } = distribution;
  const plain = scale === "log" ? Math.exp(at) : at;
  const step = distribution.step ?? (kind === "int" ? 1 : undefined);
  if (step === undefined) {
    return Math.max(low, Math.min(plain, low === high ? high : nextBelow(high)));
  }
  return scale === "log" ? Math.min(Math.max(roundHalfEven(plain), low), high) : ontoStep(plain, low, high, step);
}

/** Draws uniformly: one number of the stream for a numeric parameter, one a choice for a category (the largest wins). */
export function drawUniform(distribution: Distribution, random: RandomStream): ParameterValue {
  if (distribution.kind === "category") {
    let [largest, at] = [Number.NEGATIVE_INFINITY, 0];
    for (let i = 0; i < distribution.choices.length; i++) {
      const weight = random.double();
      [largest, at] = weight > largest ? [weight, i] : [largest, at];
    }
    return distribution.choices[at];
  }
  const [low, high] = drawnRange(distribution);
  return valueAt(distribution, random.uniform(low, high));
}

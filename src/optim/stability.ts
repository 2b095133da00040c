import { largestOf } from "../core/long-lists.ts";
import { parse } from "../formula/parse.ts";
import { type TracedValue, trace } from "../formula/trace.ts";
import type { Optimizer } from "./optimizer.ts";

/**
 * The largest lr with which a rule still comes closer to the minimum of the bowl ½·curvature·w², whatever it starts from;
 * null where no such limit exists: the rule takes no lr, or one of its steps is no linear map of (w, slots), as with the
 * rules that divide by the gradient's size.
 *
 * A linear rule's step is a matrix A; it converges while A's spectral radius is below 1. For SGD that is lr < 2/curvature,
 * for Momentum 2(1 + momentum)/curvature. On a function of several parameters the largest eigenvalue of the Hessian decides.
 * @param curvature above 0
 */
export function stabilityLimit(
  { rule, slots, hyper: known, state: kept }: Pick<Optimizer, "rule" | "slots" | "hyper" | "state">,
  hyper: Readonly<Record<string, number>>,
  curvature: number,
): number | null {
  if (!Object.hasOwn(known, "lr") || !(curvature > 0) || !Number.isFinite(curvature)) {
    return null;
  }
  const assignments = parse(rule);
  const names = ["w", ...slots];
  const step = (state: readonly number[], t: number, lr: number): number[] => {
    const vectors: Record<string, number[]> = { g: [curvature * state[0]] };
    for (const [i, name] of names.entries()) {
      vectors[name] = [state[i]];
    }
    const after = new Map<string, TracedValue>(Object.entries(vectors));
    for (const { target, value } of trace(assignments, { t, hyper: { ...kept, ...hyper, lr }, vectors })) {
      after.set(target, value);
    }
    return names.map((name) => (after.get(name) as readonly number[])[0]);
  };
  const radius = (lr: number): number => {
    const columns = names.map((_, j) =>
      step(
        names.map((_, i) => (i === j ? 1 : 0)),
        1,
        lr,
      ),
    );
    return spectralRadius(names.map((_, i) => columns.map((column) => column[i])));
  };

  if (!isLinear(step, names.length, 1 / curvature)) {
    return null;
  }
  let low = 1e-4 / curvature;
  let high = 1e3 / curvature;
  // Not `radius(low) >= 1`: NaN must not pass.
  if (!(radius(low) < 1) || radius(high) < 1) {
    return null;
  }
  for (let i = 0; i < 60; i++) {
    const middle = Math.sqrt(low * high);
    if (radius(middle) < 1) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

type Step = (state: readonly number[], t: number, lr: number) => number[];

/** Whether a step maps sums to sums and multiples to multiples, in every step alike; tried on a few states. */
function isLinear(step: Step, size: number, lr: number): boolean {
  const a = Array.from({ length: size }, (_, i) => 0.7 - 0.4 * i);
  const b = Array.from({ length: size }, (_, i) => -0.3 + 0.9 * i);
  const combined = a.map((x, i) => 2 * x - 3 * b[i]);
  const expected = step(a, 1, lr).map((x, i) => 2 * x - 3 * step(b, 1, lr)[i]);
  const later = step(combined, 7, lr);
  return step(combined, 1, lr).every(
    (x, i) => Math.abs(x - expected[i]) < 1e-9 * (1 + Math.abs(x)) && Math.abs(x - later[i]) < 1e-9 * (1 + Math.abs(x)),
  );
}

/** The largest |eigenvalue| of a small matrix, complex ones included: ‖A^(2^k)‖^(1/2^k) for large k (Gelfand). */
function spectralRadius(matrix: readonly (readonly number[])[]): number {
  let power = matrix;
  let logarithm = 0;
  for (let k = 0; k < 30; k++) {
    const size = largestOf(power.flat().map(Math.abs));
    if (size === 0) {
      return 0;
    }
    if (!Number.isFinite(size)) {
      return Number.POSITIVE_INFINITY;
    }
    logarithm += Math.log(size) / 2 ** k;
    const scaled = power.map((row) => row.map((x) => x / size));
    power = scaled.map((row) => row.map((_, j) => row.reduce((sum, x, i) => sum + x * scaled[i][j], 0)));
  }
  return Math.exp(logarithm);
}

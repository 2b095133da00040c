import { expect, test } from "vitest";
import { smoothCurve } from "./smooth.ts";

/** np.kaiser(11, 2), as NumPy prints it. */
const kaiser = [
  0.43867628, 0.61139435, 0.767675, 0.89216143, 0.9723298, 1, 0.9723298, 0.89216143, 0.767675, 0.61139435, 0.43867628,
];

/** The original: reflected at both ends, convolved where all eleven points are there, five cut off at each end. */
function original(x: readonly number[]): number[] {
  const s = [...x.slice(1, 11).reverse(), ...x, ...x.slice(-10).reverse()];
  const total = kaiser.reduce((sum, w) => sum + w, 0);
  const y = Array.from(
    { length: s.length - 10 },
    (_, i) => kaiser.reduce((sum, w, k) => sum + w * s[i + k], 0) / total,
  );
  return y.slice(5, y.length - 5);
}

test("a curve is smoothed as the original does it, ends included", () => {
  const x = Array.from({ length: 40 }, (_, i) => Math.sin(i) + i / 10);
  const expected = original(x);
  const smoothed = smoothCurve(x);
  expect(smoothed).toHaveLength(expected.length);
  smoothed.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i], 6);
  });
});

test("a level curve stays where it is", () => {
  for (const value of smoothCurve(new Array(20).fill(2.3))) {
    expect(value).toBeCloseTo(2.3, 12);
  }
});

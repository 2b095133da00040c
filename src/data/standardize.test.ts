import fc from "fast-check";
import { expect, test } from "vitest";
import { columnScales, standardized } from "./standardize.ts";

const all = (count: number) => Int32Array.from({ length: count }, (_, i) => i);

test("a column that never changes becomes 0, whatever its value and whatever comes in another row", () => {
  const value = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 1, max: 300 }), (constant, other, count) => {
      const data = new Float64Array(count + 1).fill(constant);
      data[count] = other;
      const rows = { data, count: count + 1, width: 1 };
      const scales = columnScales(rows, all(count));
      expect(scales).toEqual({ mean: [constant], std: [1], constant: [true] });
      expect([...standardized(rows, all(count + 1), scales).data]).toEqual(new Array(count + 1).fill(0));
    }),
  );
});

test("any column that changes gets mean 0 and deviation 1, from 1e-300 to 1e308 and however far from 0", () => {
  const magnitude = fc.integer({ min: -300, max: 307 }).map((exponent) => 10 ** exponent);
  const far = fc.constantFrom(0, 1, 1e4, -1e6);
  const share = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(magnitude, far, fc.array(share, { minLength: 3, maxLength: 40 }), (unit, shift, shares) => {
      const data = Float64Array.from(shares, (x) => (x + (Math.abs(unit) > 1e300 ? 0 : shift)) * unit);
      const spread = Math.max(...shares) - Math.min(...shares);
      fc.pre(spread > 1e-3);
      const rows = { data, count: data.length, width: 1 };
      const { data: out } = standardized(rows, all(data.length), columnScales(rows, all(data.length)));
      const mean = out.reduce((sum, x) => sum + x / out.length, 0);
      const square = out.reduce((sum, x) => sum + x ** 2 / out.length, 0);
      expect(mean).toBeCloseTo(0, 4);
      expect(square).toBeCloseTo(1, 4);
    }),
  );
});

test("seconds since 1970, Julian days and GPS degrees keep their differences", () => {
  for (const [origin, unit] of [
    [1_700_000_000, 1],
    [2_460_000.5, 1e-4],
    [139.767_125, 1e-6],
  ]) {
    const data = Float64Array.from({ length: 40 }, (_, i) => origin + unit * (i % 4));
    const rows = { data, count: 40, width: 1 };
    const { data: out } = standardized(rows, all(40), columnScales(rows, all(40)));
    const steps = [out[1] - out[0], out[2] - out[1], out[3] - out[2]];
    for (const step of steps) {
      expect(step).toBeCloseTo(1 / Math.sqrt(1.25), 3);
    }
  }
});

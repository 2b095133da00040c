import { expect, test } from "vitest";
import { RandomStream } from "./random.ts";
import { zigguratNormal } from "./ziggurat.ts";

const count = 1_000_000;
const stream = RandomStream.seeded(20261130);
const drawn = Float64Array.from({ length: count }, () => zigguratNormal(stream)).sort();

/** P(X < x) of a standard normal one, to 1e-7: Abramowitz & Stegun 26.2.17. */
function probability(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const series = [1.330274429, -1.821255978, 1.781477937, -0.356563782, 0.31938153].reduce(
    (sum, c) => (sum + c) * t,
    0,
  );
  const upper = (series * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
  return x < 0 ? upper : 1 - upper;
}

test("they are distributed as the standard normal distribution is (Kolmogorov and Smirnov, 0.1%)", () => {
  let worst = 0;
  drawn.forEach((x, i) => {
    worst = Math.max(worst, Math.abs(probability(x) - (i + 0.5) / count));
  });
  expect(worst).toBeLessThan(1.95 / Math.sqrt(count));
});

test("mean, variance, skewness and kurtosis are its own", () => {
  const moment = (power: number) => drawn.reduce((sum, x) => sum + x ** power, 0) / count;
  const within = (power: number, value: number, variance: number) =>
    expect(Math.abs(moment(power) - value)).toBeLessThan(4 * Math.sqrt(variance / count));
  within(1, 0, 1);
  within(2, 1, 2);
  within(3, 0, 15);
  within(4, 3, 96);
});

test("as many lie beyond the last layer as should, on both sides, and as far as they should", () => {
  const many = 8_000_000;
  const found = { above: 0, below: 0, far: 0 };
  for (let i = 0; i < many; i++) {
    const x = zigguratNormal(stream);
    found.above += Number(x > 3.442619855899);
    found.below += Number(x < -3.442619855899);
    found.far += Number(Math.abs(x) > 4.2);
  }
  const expected = (share: number) => ({ mean: share * many, slack: 4 * Math.sqrt(share * many) });
  const beyond = expected(2.880543e-4);
  expect(Math.abs(found.above - beyond.mean)).toBeLessThan(beyond.slack);
  expect(Math.abs(found.below - beyond.mean)).toBeLessThan(beyond.slack);
  const far = expected(2 * 1.334575e-5);
  expect(Math.abs(found.far - far.mean)).toBeLessThan(far.slack);
});

test("the upper layers are filled to their edges", () => {
  // The highest layers are narrow: without the points between two layers the middle would be too thin.
  const near = drawn.filter((x) => Math.abs(x) < 0.3).length / count;
  const share = probability(0.3) - probability(-0.3);
  expect(Math.abs(near - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / count));
});

test("a seed gives the same bits everywhere, and a saved stream goes on", () => {
  const from = RandomStream.seeded(1);
  expect(Array.from({ length: 4 }, () => zigguratNormal(from))).toEqual([
    -0.3211695217685167, -1.9530521505923062, -0.7120663903435698, -0.860646103259421,
  ]);
  const again = RandomStream.restored(from.saved());
  expect(zigguratNormal(again)).toBe(zigguratNormal(from));
});

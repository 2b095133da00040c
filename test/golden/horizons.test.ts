import { expect, test } from "vitest";
import { expectUpToHorizon } from "../support/expect-horizon.ts";
import { horizonCases } from "../support/horizons.ts";

const cases = horizonCases();
/** A mask at the smallest scale and one at two; the long run holds all. */
const chosen = cases.filter(({ seed }) => seed === 2 || seed === 4);

test.each(chosen)("$experiment, seed $seed: the original's numbers up to the horizon", expectUpToHorizon);

test("the masks begin late: past the fifth point of accuracies, past the fiftieth loss", () => {
  const masked = cases.flatMap(({ series }) => series.filter(({ same, points }) => same < points));
  expect(masked.length).toBeGreaterThan(0);
  for (const { metric, same } of masked) {
    expect(same).toBeGreaterThanOrEqual(metric === "loss" ? 50 : 5);
  }
});

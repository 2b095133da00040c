import { expect, test } from "vitest";
import { type HorizonCase, horizonCases, runCase, seriesOfCase } from "../support/horizons.ts";

const cases = horizonCases();
/** Losses are kept at every so many-th iteration. */
const lossEvery = 10;

test.each(cases)("$experiment, seed $seed: the original's numbers up to the horizon", expectUpToHorizon);

test("the masks begin late: past the fifth point of accuracies, past the fiftieth loss", () => {
  const masked = cases.flatMap(({ series }) => series.filter(({ same, points }) => same < points));
  expect(masked.length).toBeGreaterThan(0);
  for (const { metric, same } of masked) {
    expect(same).toBeGreaterThanOrEqual(metric === "loss" ? 50 : 5);
  }
});

/** Ours are the original's up to where its builds agree: accuracies exactly, losses to a relative 1e-9. */
async function expectUpToHorizon(wanted: HorizonCase): Promise<void> {
  const recorded = await runCase(wanted);
  expect(wanted.series.length).toBeGreaterThan(0);
  for (const one of wanted.series) {
    const { run, metric, same, y } = one;
    const ours = seriesOfCase(recorded, one);
    const label = `${run} ${metric}`;
    if (metric === "loss") {
      for (let i = 0; i * lossEvery < same; i++) {
        const value = ours?.y[i * lossEvery] ?? Number.NaN;
        expect(Math.abs(value / Number(y[i]) - 1), `${label} at ${i * lossEvery}`).toBeLessThan(1e-9);
      }
    } else {
      expect(ours?.y.slice(0, same), label).toEqual(y.slice(0, same));
    }
  }
}

import { expect } from "vitest";
import { type HorizonCase, runCase, seriesOfCase } from "./horizons.ts";

/** Losses are kept at every so many-th iteration. */
const lossEvery = 10;

/** Ours are the original's up to where its builds agree: accuracies exactly, losses to a relative 1e-9. */
export async function expectUpToHorizon(wanted: HorizonCase): Promise<void> {
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

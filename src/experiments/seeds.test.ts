import { expect, test } from "vitest";
import type { RunRecord } from "../core/record.ts";
import { seedBands, seedTable, spreadText } from "./seeds.ts";

function record(seed: number, y: (number | null)[], extra: RunRecord["series"] = []): RunRecord {
  return {
    tanren: "0",
    experiment: "weight-decay",
    preset: "book",
    seed,
    settings: {},
    engine: { kernels: "reference", dtype: "float64", workers: 1 },
    startedAt: "",
    seconds: { total: 0, train: 0 },
    series: [{ run: "a", tags: {}, metric: "testAccuracy", x: [0, 3], y }, ...extra],
    histograms: [],
    checks: [],
    events: [],
  };
}

test("the band holds median, 10th and 90th percentile, as NumPy interpolates them", () => {
  const [band] = seedBands([1, 2, 3, 4].map((seed) => record(seed, [seed, 10 * seed])));
  expect(band.median).toEqual([2.5, 25]);
  expect(band.low[0]).toBeCloseTo(1.3, 12);
  expect(band.high[0]).toBeCloseTo(3.7, 12);
});

test("a seed whose value is no number leaves a gap and is counted", () => {
  const records = [record(0, [0.1, 0.5]), record(1, [0.3, null])];
  expect(seedBands(records)[0].median).toEqual([0.2, null]);
  expect(seedTable(records).rows).toEqual([
    ["a", { en: "test accuracy", ja: "テストデータの精度" }, "0.5000", 0.5, 0.5, 1],
  ]);
});

test("series that not every seed has are left out", () => {
  const only = { run: "b", tags: {}, metric: "loss", x: [0], y: [1] };
  expect(seedBands([record(0, [1, 2], [only]), record(1, [1, 2])]).map(({ name }) => name)).toEqual(["a"]);
});

test("the deviation of the last values is a sample's: divided by n − 1", () => {
  const [[, , told]] = seedTable([1, 2, 3].map((seed) => record(seed, [0, seed]))).rows;
  expect(told).toBe("2.000 ± 1.0");
});

test("a spread is that of a sample; one value has none", () => {
  expect([[1, 2, 3, 4], [0.5, 0.5], [0.25], []].map(spreadText)).toEqual([
    "2.500 ± 1.3",
    "0.5000 ± 0.0",
    "0.2500",
    null,
  ]);
});

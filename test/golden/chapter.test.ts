import { notesOf } from "../../src/core/note.ts";
import { describe, expect, test } from "vitest";
import type { RunRecord } from "../../src/core/record.ts";
import type { Task } from "../../src/runs/experiment.ts";
import { fastBackends } from "../support/backends.ts";
import { few } from "../support/few.ts";
import { golden, largestDifference } from "../support/golden.ts";
import { runExperiment } from "../support/run-experiment.ts";

/** The fastest backend of this machine; the long run holds the others. */
const [backend] = fastBackends;
type Accuracies = { train: number[]; test: number[] };

const valuesOf = (record: RunRecord, run: string, metric: string) =>
  record.series.find((series) => series.run === run && series.metric === metric)?.y;

describe("in float64 every experiment gives the original's numbers", () => {
  test("activation-histograms: every count", async () => {
    type Case = { activation: string; std: number; layers: { counts: number[]; mean: number; std: number }[] };
    const cases = golden<Case[]>("activation-histograms");
    const { histograms } = await runExperiment("activation-histograms", { backend });
    expect(histograms).toHaveLength(35);
    for (const [i, { activation, std, layers }] of cases.entries()) {
      for (const [j, expected] of layers.entries()) {
        const ours = histograms[5 * i + j];
        expect(ours).toMatchObject({ activation, layer: j + 1, counts: expected.counts });
        expect(largestDifference([ours.std, ours.mean, ours.stdOfOutputs], [std, expected.mean, expected.std])).toBeLessThan(1e-9);
        expect(ours.edges).toHaveLength(31);
      }
    }
  });

  test("init-comparison: every loss of 150 iterations, and why std=0.01 learns nothing", async () => {
    const losses = golden<Record<string, number[]>>("init-comparison");
    const record = await runExperiment("init-comparison", { backend, set: ["iterations=150"] });
    expect(record.series.map(({ run }) => run)).toEqual(Object.keys(losses));
    for (const { run, y } of record.series) {
      expect(largestDifference(y, losses[run].slice(0, 150)), run).toBeLessThan(1e-9);
    }
    const norms = notesOf(record, "diagnostic").map(({ layers }) => layers[0].gradientNorm ?? Number.NaN);
    expect(norms[0]).toBeLessThan(norms[2] / 1e4);
  });

  test("batchnorm-scales: every accuracy of four scales, and where the largest scales overflowed", async () => {
    const { scales, ...expected } = golden<{ scales: number[]; plain: number[][]; batchnorm: number[][] }>("batchnorm-scales");
    // The two largest scales, whose plain nets overflow, and two of the others.
    const chosen = [0, 1, ...few(2, Array.from(scales.keys()).slice(2))];
    const only = ({ group }: Task) => chosen.includes(group as number);
    const record = await runExperiment("batchnorm-scales", { backend, only });
    for (const run of ["plain", "batchnorm"] as const) {
      const ours = record.series.filter((series) => series.run === run);
      expect(ours.map(({ y }) => y)).toEqual(chosen.map((i) => expected[run][i]));
      expect(largestDifference(ours.map(({ tags }) => Number(tags.weightInitStd)), chosen.map((i) => scales[i]))).toBeLessThan(1e-12);
    }
    const diverged = notesOf(record, "diverged");
    expect(diverged.map(({ run, step, layer }) => [run, step, layer])).toEqual([
      ["plain", 5, "affine4"],
      ["plain", 6, "affine6"],
    ]);
  });

  test.each(few(1, [
    ["weight-decay", { "decay=0.1": "weight-decay", "decay=0": "weight-decay-off" }],
    ["dropout", { "dropout=0.2": "dropout", "dropout=0": "dropout-off" }],
  ] as const))("%s: every accuracy", async (id, files) => {
    const record = await runExperiment(id, { backend, set: ["accuracyEvery=3", "iterations=46"] });
    for (const [run, file] of Object.entries(files)) {
      const expected = golden<Accuracies>(file);
      expect(valuesOf(record, run, "trainAccuracy"), run).toEqual(expected.train.slice(0, 16));
      expect(valuesOf(record, run, "testAccuracy"), run).toEqual(expected.test.slice(0, 16));
    }
  });

  test("hyperparameter-search: what 3 trials drew, and every accuracy of theirs", async () => {
    const { trials } = golden<{ trials: { key: string; val: number[]; train: number[] }[] }>("hyperparameter-search");
    const record = await runExperiment("hyperparameter-search", { backend, set: ["trials=3"] });
    for (const [i, { key, val, train }] of trials.slice(0, 3).entries()) {
      const run = `trial ${i}`;
      expect(valuesOf(record, run, "valAccuracy")).toEqual(val);
      expect(valuesOf(record, run, "trainAccuracy")).toEqual(train);
      const { tags } = record.series.find((series) => series.run === run)!;
      const [lr, decay] = [...key.matchAll(/:([\d.e-]+)/g)].map(([, number]) => Number(number));
      expect(largestDifference([Number(tags.lr), Number(tags.weightDecay)], [lr, decay])).toBeLessThan(1e-9);
    }
  });

  test.each(few(2, fastBackends))("batchnorm-gradcheck on %s: one row passes without having looked, eight rows pass", async (kernels) => {
    const { checks } = await runExperiment("batchnorm-gradcheck", { backend: kernels, dtype: "float32" });
    const single = checks.filter(({ rows }) => rows === 1);
    const several = checks.filter(({ rows }) => rows === 8);
    expect([single.length, several.length]).toEqual([10, 10]);
    expect(checks.every(({ pass }) => pass)).toBe(true);
    expect(single.filter(({ vacuous }) => vacuous)).toHaveLength(9);
    for (const { parameter, maxRelError, vacuous } of several) {
      expect(maxRelError, parameter).toBeLessThan(1e-6);
      // A bias in front of Batch Normalization has no effect.
      expect(vacuous, parameter).toBe(/^affine[12]\.b$/.test(parameter));
    }
  });
});

test.each(["weight-decay", "dropout", "batchnorm-scales"])("%s gives the same bits on 1 and 2 workers", async (id) => {
  const set = ["iterations=12", ...(id === "batchnorm-scales" ? ["scales=3"] : [])];
  const series = async (workers: number) => (await runExperiment(id, { set, workers, dtype: "float32", seed: 9, rows: "few" })).series;
  expect(await series(2)).toEqual(await series(1));
});

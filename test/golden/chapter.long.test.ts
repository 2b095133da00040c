import { describe, expect, test } from "vitest";
import { fastBackends } from "../support/backends.ts";
import { golden, largestDifference } from "../support/golden.ts";
import { runExperiment } from "../support/run-experiment.ts";

type Accuracies = { train: number[]; test: number[] };

describe.each(fastBackends)("on %s, whole", (backend) => {
  test("init-comparison", async () => {
    const losses = golden<Record<string, number[]>>("init-comparison");
    const record = await runExperiment("init-comparison", { backend });
    for (const { run, y } of record.series) {
      expect(largestDifference(y, losses[run]), run).toBeLessThan(1e-9);
    }
  });

  test.each([
    ["weight-decay", { "decay=0.1": "weight-decay", "decay=0": "weight-decay-off" }],
    ["dropout", { "dropout=0.2": "dropout", "dropout=0": "dropout-off" }],
  ])("%s", async (id, files) => {
    const record = await runExperiment(id, { backend });
    for (const [run, file] of Object.entries(files)) {
      const expected = golden<Accuracies>(file);
      const values = (metric: string) => record.series.find((s) => s.run === run && s.metric === metric)?.y;
      expect(values("trainAccuracy"), run).toEqual(expected.train);
      expect(values("testAccuracy"), run).toEqual(expected.test);
    }
  });

  test("batchnorm-scales", async () => {
    const expected = golden<Record<string, number[][]>>("batchnorm-scales");
    const record = await runExperiment("batchnorm-scales", { backend });
    for (const run of ["plain", "batchnorm"]) {
      expect(record.series.filter((series) => series.run === run).map(({ y }) => y)).toEqual(expected[run]);
    }
  });

  test("hyperparameter-search", async () => {
    const { trials } = golden<{ trials: { val: number[]; train: number[] }[] }>("hyperparameter-search");
    const record = await runExperiment("hyperparameter-search", { backend });
    for (const [i, { val, train }] of trials.entries()) {
      const values = (metric: string) => record.series.find((s) => s.run === `trial ${i}` && s.metric === metric)?.y;
      expect(values("valAccuracy")).toEqual(val);
      expect(values("trainAccuracy")).toEqual(train);
    }
  });
});

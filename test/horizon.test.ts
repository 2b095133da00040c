import { expect, test } from "vitest";
import { horizonOf } from "../src/experiments/horizon.ts";
import { tanren, temporaryFolder } from "./support/cli.ts";
import { runExperiment } from "./support/run-experiment.ts";

const small = ["trainRows=500", "hiddenSizes=40,40"];
const experiments: Readonly<Record<string, readonly string[]>> = {
  "optimizer-comparison": ["iterations=30", "optimizers=SGD,RMSprop", ...small],
  "init-comparison": ["iterations=20", ...small],
  "batchnorm-scales": ["iterations=21", "scales=3", ...small],
  "weight-decay": ["iterations=7", ...small],
  dropout: ["iterations=13", ...small],
  "hyperparameter-search": ["trials=3", "epochs=2", ...small],
};

test.each(Object.entries(experiments))("%s records the same with twins beside its nets", async (id, set) => {
  const alone = await runExperiment(id, { set, rows: "few" });
  const beside = await runExperiment(id, { set: [...set, "horizon=on"], workers: 1, rows: "few" });
  expect(beside.series).toEqual(alone.series);
  expect(beside.events.filter(({ kind }) => kind !== "horizon")).toEqual(alone.events);
});

test("RMSprop, which divides by what is almost 0, loses its fourth digit within 60 iterations of float32", async () => {
  const set = ["iterations=60", "trainRows=2000", "optimizers=RMSprop", "horizon=on"];
  const record = await runExperiment("optimizer-comparison", {
    set,
    dtype: "float32",
    backend: "wasm-simd",
    rows: "few",
  });
  const horizon = horizonOf(record, { run: "RMSprop", tags: {}, metric: "loss" });
  expect(horizon).toBeGreaterThan(0);
  expect(record.events).toHaveLength(1);
});

test("--horizon is told of an experiment that trains, and refused by one that does not", async () => {
  const home = temporaryFolder();
  const settings = ["--set", "iterations=5", "--set", "trainRows=200", "--set", "hiddenSizes=10", "--backend", "wasm"];
  const run = await tanren(["run", "init-comparison", "--horizon", ...settings, "--json"], { home, pictures: "none" });
  expect(run.status).toBe(0);
  expect(JSON.parse(run.stdout).settings.horizon).toBe("on");
  const refused = await tanren(["run", "optimizer-paths", "--horizon"], { home, pictures: "none" });
  expect(refused.status).toBe(2);
  expect(refused.stderr).toMatch(/--horizon: must be asked of an experiment that trains networks, got optimizer-paths/);
});

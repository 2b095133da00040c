import { describe, expect, test } from "vitest";
import { resolve } from "../../src/core/hyper.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { ruleTex } from "../../src/formula/tex.ts";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { runExperiment } from "../support/run-experiment.ts";

const rule = (name: string) => optimizerNamed(name).rule.trim().replaceAll(/\n\s*/g, "\n");
const yOf = (record: Awaited<ReturnType<typeof runExperiment>>, run: string, metric: string) =>
  record.series.find((series) => series.run === run && series.metric === metric)!.y;

describe("a rule in the settings of optimizer-comparison", () => {
  const small = ["iterations=25", "hiddenSizes=20,20", "trainRows=300"];

  test.each([
    ["momentum", "Momentum", ["custom.lr=0.01"]],
    ["adam", "Adam", ["custom.lr=0.001"]],
  ])("%s as text trains the network after the others' with the built-in's bits", async (name, label, set) => {
    const built = await runExperiment("optimizer-comparison", { set: [...small, `optimizers=SGD,${label}`] });
    const typed = await runExperiment("optimizer-comparison", {
      set: [...small, "optimizers=SGD", `rule=${rule(name)}`, ...set],
    });
    expect(typed.series.map(({ run }) => run)).toEqual(["SGD", "custom"]);
    expect(yOf(typed, "custom", "loss")).toEqual(yOf(built, label, "loss"));
    expect(yOf(typed, "SGD", "loss")).toEqual(yOf(built, "SGD", "loss"));
    expect(typed.settings.rule).toBe(rule(name));
  });

  test("stands in the report, in the table and in the command that runs it again", async () => {
    const record = await runExperiment("optimizer-comparison", {
      set: [...small, "optimizers=SGD", "rule=v = momentum * v - lr * g\\nw = w + v"],
    });
    const experiment = experimentNamed("optimizer-comparison");
    expect(experiment.results(record).rows.map(([run]) => run)).toEqual(["SGD", "custom"]);
    expect(experiment.formulas!(record).at(-1)).toMatchObject({
      name: "custom",
      tex: ruleTex(optimizerNamed("momentum").rule),
    });
  });

  test("does not move the weights of the others in the random stream", () => {
    const { plan, settings } = experimentNamed("optimizer-comparison");
    const plain = plan(resolve(settings, {}), 3);
    const more = plan(resolve(settings, { rule: "w = w - lr * g" }), 3);
    expect(more).toHaveLength(plain.length + 1);
    expect(more.slice(0, plain.length).map(({ weightsAt }) => weightsAt)).toEqual(
      plain.map(({ weightsAt }) => weightsAt),
    );
    expect(more.at(-1)).toMatchObject({ run: "custom", rule: "w = w - lr * g", hyper: { lr: 0.01 } });
  });
});

describe("a rule in the settings of optimizer-paths", () => {
  test.each([
    ["sgd", "SGD", "custom.lr=0.95"],
    ["adam", "Adam", "custom.lr=0.3"],
    ["nesterov", "Nesterov", "custom.lr=0.1"],
  ])("%s as text walks the built-in's way", async (name, label, set) => {
    const record = await runExperiment("optimizer-paths", {
      set: [`optimizers=${label}`, `rule=${rule(name).replaceAll("\n", "; ")}`, set],
    });
    for (const metric of ["x", "y"]) {
      expect(yOf(record, "custom", metric)).toEqual(yOf(record, label, metric));
    }
  });

  test.each([
    ["rule=w = w - rate * g", /rate has no value/],
    ["rule=v = v", /a rule must assign w/],
    ["rule=w = w - lr * (g", /the bracket must be closed/],
    ["rule=w = w - alert(g)", /no function is called alert/],
    ["surface=x^2 + z", /only x and y have values here, got z/],
  ])("%s is refused with a sentence", async (set, message) => {
    await expect(runExperiment("optimizer-paths", { set: [set] })).rejects.toThrow(message);
  });
});

describe("the surfaces of optimizer-paths", () => {
  test("every preset runs and draws, and no path leaves the numbers", async () => {
    const experiment = experimentNamed("optimizer-paths");
    for (const preset of Object.keys(experiment.presets)) {
      const record = await runExperiment("optimizer-paths", {
        preset,
        set: ["optimizers=SGD,Momentum,AdaGrad,Adam,Nesterov,RMSprop"],
      });
      expect(
        record.series.flatMap(({ y }) => y).every((value) => value !== null),
        preset,
      ).toBe(true);
      expect(experiment.figures(record)[0].panels).toHaveLength(6);
    }
  });

  test("noise comes from the seed, is the same for every rule and for any number of workers", async () => {
    const run = (seed: number, workers: number) =>
      runExperiment("optimizer-paths", {
        preset: "noisy",
        seed,
        workers,
        set: ["optimizers=SGD,Momentum", "rule=w = w - lr * g", "custom.lr=0.5"],
      });
    const [first, again, other] = [await run(1, 1), await run(1, 2), await run(2, 2)];
    expect(again.series).toEqual(first.series);
    expect(other.series).not.toEqual(first.series);
    expect(yOf(first, "custom", "y")).toEqual(yOf(first, "SGD", "y"));
  });
});

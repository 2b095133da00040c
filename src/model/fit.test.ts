import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import { mlp } from "./blueprint.ts";
import { classify } from "./classify.ts";
import type { FitEvent } from "./fit.ts";
import type { FitOptions } from "./fit-options.ts";
import { isBetter } from "./kept-epoch.ts";
import { modelFromState } from "./load.ts";
import { answerFigures } from "./value-metrics.ts";

/** Rows of two classes that lie over one another, so that a network soon learns what is chance. */
function rows(seed: number) {
  const stream = RandomStream.seeded(seed);
  const y = Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? "a" : "b"));
  return { x: y.map((label) => [stream.normal() + (label === "a" ? 1 : 0), stream.normal()]), y };
}

test.each([false, true])(
  "a model has the weights of its best epoch, and keeps them (left before its end: %s)",
  async (left) => {
    const model = classify(mlp([16]), { seed: 2 });
    const unseen = rows(2);
    const losses: number[] = [];
    const options = { hyper: { lr: 0.05 }, epochs: 300, validation: unseen, stopEarly: { patience: 5 } };
    for await (const event of model.fit(rows(1), options)) {
      if (event.kind === "epoch") {
        losses.push(event.metrics.valLoss);
        if (left && losses.at(-1)! > Math.min(...losses)) {
          break;
        }
      }
    }
    const best = Math.min(...losses);
    expect(losses.at(-1)).toBeGreaterThan(best);
    expect(model.evaluate(unseen).loss).toBeCloseTo(best, 6);
    expect(modelFromState(model.toState()).evaluate(unseen)).toEqual(model.evaluate(unseen));
  },
);

test("a training says by what it ended", async () => {
  const endOf = async (more: FitOptions) => {
    const told: FitEvent[] = [];
    for await (const event of classify(mlp([4])).fit(rows(1), { epochs: 3, ...more })) {
      told.push(event);
    }
    return told.at(-1);
  };
  expect(await endOf({})).toMatchObject({ kind: "end", stoppedBy: "epochs" });
  expect(await endOf({ signal: AbortSignal.abort() })).toEqual({ kind: "end", step: 0, stoppedBy: "signal" });
  expect(await endOf({ stopEarly: { patience: 1, metric: "loss" }, hyper: { lr: 0 } })).toMatchObject({
    stoppedBy: "patience",
  });
});

test("a training that goes on cannot have fewer epochs than it has made", async () => {
  const model = classify(mlp([4]));
  await model.fit(rows(1), { epochs: 3 });
  await expect(model.resume(rows(1), { epochs: 2 })).rejects.toThrow(/must be at least 3, got 2/);
});

test("more is better of what rises, less of what falls, and nothing of what is no number", () => {
  expect(["valR2", "accuracy", "f1", "auc"].every((metric) => isBetter(metric, 0.5, 0.4))).toBe(true);
  expect(["loss", "valRmse", "valMae"].some((metric) => isBetter(metric, 0.5, 0.4))).toBe(false);
  expect([Number.NaN, Number.POSITIVE_INFINITY].some((value) => isBetter("accuracy", value, null))).toBe(false);
});

test("rows are asked about by the names of their classes, whatever their numbers are", async () => {
  const images = { data: Uint8Array.from({ length: 40 }, (_, i) => (i % 8 < 4 ? 250 : 5)), count: 10, width: 4 };
  const labels = Uint8Array.from({ length: 10 }, (_, i) => i % 2);
  const model = classify(mlp([4]));
  await model.fit({ images, labels, classNames: ["cat", "dog"] }, { epochs: 30, hyper: { lr: 0.1 } });
  const others = { images, labels: labels.map((label) => 1 - label), classNames: ["dog", "cat"] };
  expect(model.evaluate(others).accuracy).toBe(1);
});

test("a row is told exactly where every answer of it is right", () => {
  const { exact, accuracy } = answerFigures(Float64Array.of(2, -1, 3, 1), Float64Array.of(1, 0, 1, 0), ["a", "b"], 0);
  expect([exact, accuracy]).toEqual([0.5, 0.75]);
});

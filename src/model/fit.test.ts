import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import { mlp } from "./blueprint.ts";
import { classify } from "./classify.ts";
import type { FitEvent } from "./fit.ts";
import type { FitOptions } from "./fit-options.ts";
import { modelFromState } from "./load.ts";

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

import { expect, test } from "vitest";
import { crossEntropy } from "../nn/losses/cross-entropy.ts";
import { classify, regress } from "./classify.ts";
import type { FitOptions } from "./fit-options.ts";
import { network } from "./layers-of-blueprint.ts";
import { modelFromBytes } from "./load.ts";

const x = Array.from({ length: 43 }, (_, i) => [i / 10, Math.sin(i)]);
const y = x.map(([a], i) => (a > 2 !== (i % 7 === 0) ? "high" : "low"));
const data = { x, y };
const made = () => classify(network("affine 6; batchnorm; relu; dropout 0.2"), { seed: 3 });

const ways: readonly (readonly [string, FitOptions])[] = [
  ["adam", {}],
  ["a mean of the weights", { average: { kind: "ema", decay: 0.9 }, batches: "draw" }],
  ["early stopping", { validation: 0.2, stopEarly: { patience: 1 }, hyper: { lr: 0.3 }, epochs: 50 }],
  [
    "many techniques",
    {
      ...{ schedule: "plateau", lookahead: { every: 3, alpha: 0.5 }, accumulate: 2, mixup: 0.3 },
      ...{ classWeights: "balanced", average: { kind: "swa", from: 3, every: 2 } },
    },
  ],
];

test.each(ways)(
  "with %s: a model kept while it learns goes on with the bits of a training left alone",
  async (_, way) => {
    const options = { epochs: 4, batchSize: 12, ...way };
    const alone = made();
    await alone.fit(data, options);
    const watched = made();
    const kept: Uint8Array[] = [];
    for await (const { kind } of watched.fit(data, options)) {
      if (kind === "step" || kind === "epoch") {
        kept.push(watched.toBytes());
      }
    }
    expect(watched.toBytes()).toEqual(alone.toBytes());
    expect(modelFromBytes(kept[7]).toState().history.loss).not.toHaveLength(0);
    for (const bytes of kept) {
      const again = modelFromBytes(bytes);
      await again.resume(data);
      expect(again.toBytes()).toEqual(alone.toBytes());
    }
  },
);

test("a training that lost its patience is over, unless more epochs are asked for", async () => {
  const model = made();
  const { loss } = await model.fit(data, { hyper: { lr: 0.3 }, epochs: 50, stopEarly: { patience: 1 } });
  expect(loss.length).toBeLessThan(50);
  const events = [];
  for await (const event of model.resume(data)) {
    events.push(event);
  }
  expect(events).toEqual([{ kind: "end", step: model.toState().resume!.step, stoppedBy: "patience" }]);
  expect((await model.resume(data, { epochs: 50 })).loss.length).toBeGreaterThan(loss.length);
});

test("while it learns a model is asked with the weights that it would be kept with", async () => {
  const model = made();
  const options: FitOptions = { epochs: 3, validation: data, average: { kind: "ema", decay: 0.9 } };
  for await (const event of model.fit(data, options)) {
    if (event.kind === "epoch") {
      const again = modelFromBytes(model.toBytes());
      expect(model.evaluate(data)).toEqual(again.evaluate(data));
      expect(model.evaluate(data).loss).toBe(event.metrics.valLoss);
      expect(model.predict(x)).toEqual(again.predict(x));
    }
  }
});

test.each([
  [1, 1],
  [7, 1],
  [7, 3],
  [10, 3],
  [42, 1],
  [99, 1],
])(
  "an epoch's loss is the mean over its rows, in minibatches of %d and %d an update too",
  async (batchSize, accumulate) => {
    const model = classify(network("affine 6; relu"), { seed: 3, dtype: "float64" });
    const { loss } = await model.fit(data, { epochs: 2, batchSize, accumulate, hyper: { lr: 0 } });
    expect(loss[0]).toBeCloseTo(model.evaluate(data).loss, 5);
    expect(loss[1]).toBeCloseTo(loss[0] as number, 9);
  },
);

test("an epoch in which something was not measured has its place in the history", async () => {
  const model = made();
  await model.fit(data, { epochs: 1, validation: data });
  await model.resume(data, { epochs: 3 });
  const { loss, valLoss } = await model.resume(data, { epochs: 4, validation: data });
  expect(loss).toHaveLength(4);
  expect(valLoss.map((value) => value !== null)).toEqual([true, false, false, true]);
});

test.each([
  [{ epochs: 2.5 }, /resume: epochs must be a whole number of 1 or more, got 2.5/],
  [{ epochs: "9" }, /resume: epochs must be .*, got "9"/],
  [{ checkpoint: { every: 0, path: "a.tanren" } }, /resume: checkpoint.every must be a whole number/],
  [{ checkpoint: { every: 1, path: "" } }, /resume: checkpoint.path must be a file's path, got ""/],
  [{ checkpoint: { evry: 1, path: "a.tanren" } }, /resume.checkpoint.evry: no such setting/],
  [{ validation: 0.5 }, /resume: validation must be rows to measure, got 0.5/],
])("resume refuses %j", async (options, sentence) => {
  const model = made();
  await model.fit(data, { epochs: 1 });
  await expect(async () => model.resume(data, options as never)).rejects.toThrow(sentence);
});

test("a loss of the rows held back that is no number ends nothing: the next step says where training diverged", async () => {
  const wild = { epochs: 3, validation: 0.2, batchSize: 64, optimizer: "sgd", hyper: { lr: 1e30 } } as const;
  await expect(async () => made().fit(data, wild)).rejects.toThrow(/every activation must be finite/);
  const far = { x: [[1e300, 1]], y: ["low"] };
  const { valLoss } = await classify(network("affine 3; relu"), { loss: crossEntropy() }).fit(data, {
    epochs: 2,
    validation: far,
  });
  expect(valLoss).toEqual([null, null]);
});

test("a model whose training diverged says so when it is asked", async () => {
  const model = regress(network("affine 3; relu"));
  const numbers = { x, y: x.map(([a]) => a) };
  await expect(async () => model.fit(numbers, { optimizer: "sgd", hyper: { lr: 1e20 } })).rejects.toThrow(/finite/);
  expect(() => model.predict([1, 2])).toThrow(/row 0: outputs must be finite numbers, got NaN/);
  expect(() => model.evaluate(numbers)).toThrow(/or its training diverged/);
});

import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import { checkOnce } from "../data/check-split.ts";
import type { Split } from "../data/dataset.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { mlp } from "../nn/mlp.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { Accumulator } from "./accumulator.ts";
import { Mixup } from "./augment/mixup.ts";
import { drawnBatches, ShuffledBatches } from "./batch-order.ts";
import { Evaluator } from "./evaluate.ts";
import { openTraining, type TrainingPlan, withAverage } from "./open-training.ts";
import { ClipGradients } from "./parts/clip-gradients.ts";
import { type TrainEvent, type TrainOptions, train } from "./train.ts";

/** Thirty rows of four bytes, two classes. */
const split: Split = {
  images: { data: Uint8Array.from({ length: 120 }, (_, i) => (i * 67 + (i % 7) * 31) % 256), count: 30, width: 4 },
  labels: Uint8Array.from({ length: 30 }, (_, i) => (i * 5) % 2),
};

function opened(more: Partial<TrainingPlan> = {}) {
  return openTraining({
    kernels: referenceKernels("float64"),
    layers: mlp({ inputSize: 4, hiddenSizes: [5], classes: 2 }),
    optimizer: optimizerNamed("sgd"),
    hyper: { lr: 0.5 },
    split,
    batchSize: 6,
    weightInit: "he",
    stream: RandomStream.seeded(1),
    ...more,
  });
}

async function eventsOf(options: Partial<TrainOptions>, see = (_event: TrainEvent) => {}): Promise<TrainEvent[]> {
  const events: TrainEvent[] = [];
  const usual = { rows: 30, batchSize: 6, iterations: 3, stream: RandomStream.seeded(2) };
  for await (const event of train({ ...opened(), ...usual, ...options })) {
    events.push(event);
    see(event);
  }
  return events;
}

test("each look at the network has the parameters from before its own update", async () => {
  const training = opened();
  let last = [...training.network.params.data];
  const looks: number[][] = [];
  await eventsOf({ ...training, inspectAt: () => true }, (event) => {
    if (event.kind === "inspect") {
      looks.push([...event.before]);
      expect(looks.at(-1)).toEqual(last);
      last = [...training.network.params.data];
    }
  });
  expect(looks).toHaveLength(3);
});

test.each([undefined, "train"] as const)("a loss that is gone is told of once (the loss again: %s)", async (again) => {
  const training = opened({ hyper: { lr: 1e200 } });
  const events = await eventsOf({
    ...{ ...training, iterations: 6, onDivergence: "continue" },
    ...(again === undefined ? {} : { lossAfterUpdate: again }),
  });
  expect(events.filter(({ kind }) => kind === "step")).toHaveLength(6);
  expect(events.filter(({ kind }) => kind === "diverged")).toHaveLength(1);
});

test("the loss after an update is that of the rows as they were mixed", async () => {
  const augmentation = { transforms: [], mixup: new Mixup(1), stream: RandomStream.seeded(3) };
  const still = opened({ hyper: { lr: 0 } });
  const events = await eventsOf({ ...still, augmentation, lossAfterUpdate: "train" });
  for (const event of events.filter((event) => event.kind === "step")) {
    expect(event.lossAfter).toBeCloseTo(event.loss, 12);
  }
});

test("an epoch has a minibatch for the rows that are left, and goes on from a place that is one", () => {
  const stream = RandomStream.seeded(1);
  expect(drawnBatches({ rows: 7, batchSize: 3, stream }).batches).toBe(3);
  const options = { rows: 7, batchSize: 3, stream };
  const batches = new ShuffledBatches(options);
  batches.choose(new Int32Array(batches.next()));
  const place = batches.saved();
  expect(batches.saved().order).not.toBe(place.order);
  expect(new ShuffledBatches(options, place).times(9)).toEqual([4 / 3, 4]);
  expect(() => new ShuffledBatches(options, { ...place, seen: 8 })).toThrow(/each of the 7 rows once/);
});

test("of rows that are evaluated no more than so many are seen", () => {
  const { network, evaluator } = planned(referenceKernels("float64"), (kernels) => {
    const { network } = opened({ kernels });
    return { network, evaluator: new Evaluator(network, 4, 4) };
  });
  const seen: number[] = [];
  expect(evaluator.over(split, ({ rows }) => seen.push(rows), 10)).toBe(10);
  expect(seen).toEqual([4, 4, 2]);
  expect(network.maxRows).toBe(6);
});

test("training goes on with its own weights where evaluation with their mean has thrown", async () => {
  const training = opened({ average: { kind: "ema", decay: 0.9 } });
  await eventsOf(training);
  const own = [...training.network.params.data];
  expect(() =>
    withAverage(training, () => {
      throw new Error("no");
    }),
  ).toThrow("no");
  expect([...training.network.params.data]).toEqual(own);
});

test("rows that were found right for many classes are looked at again for fewer", () => {
  const rows = { ...split, labels: Uint8Array.from({ length: 30 }, (_, i) => i % 5) };
  checkOnce(rows, 10);
  expect(() => checkOnce(rows, 3)).toThrow(/labels must be in \[0, 3\), got 3 at row 3/);
  checkOnce(rows, 5);
  expect(() => checkOnce(rows, 4)).toThrow(/got 4 at row 4/);
});

test("clipping by norm leaves gradients that are no numbers as they are", () => {
  const { network } = opened();
  const { data } = network.grads;
  data.fill(3);
  data[1] = Number.NaN;
  new ClipGradients(network.kernels, network.grads, { norm: 1 }).beforeUpdate();
  expect(data[0]).toBe(3);
});

test("fewer minibatches than are accumulated make the mean of their own rows", () => {
  const { grads, accumulator } = planned(referenceKernels("float64"), (kernels) => {
    const [grads, sum] = [kernels.arena.floats(1, 3), kernels.arena.floats(1, 3)];
    return { grads, accumulator: new Accumulator(kernels, grads, sum, 4) };
  });
  // Of two rows and of one.
  const loss = accumulator.gradient(
    (k) => {
      grads.data.fill(k === 0 ? 1 : 4);
      return k === 0 ? 2 : 5;
    },
    [3 / 2, 3],
  );
  expect(loss).toBeCloseTo(3, 12);
  for (const value of grads.data) {
    expect(value).toBeCloseTo(2, 12);
  }
});

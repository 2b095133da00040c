import { describe, expect, test } from "vitest";
import { notesOf } from "../core/note.ts";
import { RandomStream } from "../core/random.ts";
import { Recorder, type TaskEvent } from "../core/record.ts";
import type { Snapshot, Watch } from "../core/snapshot.ts";
import type { Dataset, Split } from "../data/dataset.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { selectKernels } from "../node/native-kernels.ts";
import type { TaskContext } from "../runs/experiment.ts";
import { encodeChunk } from "../store/runs/chunk.ts";
import { streamPositions } from "./minibatch-plan.ts";
import { trainMinibatches } from "./minibatch-run.ts";
import type { MinibatchTask } from "./minibatch-task.ts";

const width = 784;
const classes = 10;

function splitOf(count: number, seed: number): Split {
  const stream = RandomStream.seeded(seed);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes);
  const data = Uint8Array.from({ length: count * width }, (_, at) => {
    const label = labels[Math.floor(at / width)];
    return Math.floor(at % width) % classes === label ? 200 * stream.double() : 90 * stream.double();
  });
  return { images: { data, count, width }, labels };
}

const data: Dataset = { name: "mnist", classes, train: splitOf(200, 1), test: splitOf(1100, 2) };
const everything: Watch = { every: 5, histograms: true, weights: true, mistakes: true };

function taskOf(network: Partial<MinibatchTask["network"]>, more: Partial<MinibatchTask> = {}): MinibatchTask {
  const whole = { inputSize: width, hiddenSizes: [12, 8], classes, ...network };
  const { weights, batches } = streamPositions(3, [{ weights: width * 12 + 12 * 8 + 8 * 10, init: "he" }]);
  return {
    run: "one",
    tags: {},
    network: whole,
    weightInit: "he",
    weightDecay: 1e-4,
    optimizer: "adam",
    hyper: {},
    trainRows: 200,
    batchSize: 20,
    iterations: 12,
    loss: "train",
    accuracy: { every: 3, sets: ["train", "test"] },
    diagnose: true,
    weightsAt: weights[0],
    batchesAt: batches,
    ...more,
  };
}

/** Runs a task; `bytes` are the sizes of the arenas it opened. */
async function run(task: MinibatchTask, watch?: TaskContext["watch"]) {
  const set = selectKernels({ backend: "wasm-simd", dtype: "float32" });
  const bytes: number[] = [];
  const kernels: KernelSet = {
    ...set,
    open: (size) => {
      bytes.push(size);
      return set.open(size);
    },
  };
  const events: TaskEvent[] = [];
  const context = {
    kernels,
    kernelsIn: () => kernels,
    dataset: async () => data,
    signal: new AbortController().signal,
  };
  for await (const event of trainMinibatches(task, watch === undefined ? context : { ...context, watch })) {
    events.push(event);
  }
  const recorder = new Recorder();
  for (const event of events) {
    recorder.add({ task: 0, event });
  }
  const snapshots = events.flatMap((event): Snapshot[] => (event.kind === "snapshot" ? [event.snapshot] : []));
  return { events, recorded: recorder.recorded(), snapshots, bytes };
}

describe.each([
  ["plain", {}],
  ["with Dropout", { dropRatio: 0.3 }],
  ["with Batch Normalization and tanh", { batchNorm: true, activation: "tanh" }],
] as const)("a network %s", (_, network) => {
  test("gives the same bits whether it is watched or not", async () => {
    const plain = await run(taskOf(network));
    const watched = await run(taskOf(network), () => everything);
    expect(watched.snapshots.length).toBe(3);
    expect(watched.recorded).toStrictEqual(plain.recorded);
    expect(plain.recorded.series.map(({ metric }) => metric)).toEqual(["loss", "trainAccuracy", "testAccuracy"]);
    // Without accuracies and losses nothing runs the network between two steps but the look itself.
    const quiet = { loss: undefined, accuracy: undefined } as const;
    const [a, b] = [await run(taskOf(network, quiet)), await run(taskOf(network, quiet), () => everything)];
    const losses = (events: readonly TaskEvent[]) =>
      events.flatMap((event) => (event.kind === "progress" ? [event.loss] : []));
    expect(losses(b.events)).toEqual(losses(a.events));
  });
});

test("a task that nobody can watch plans no memory for it and gives no snapshot", async () => {
  const plain = await run(taskOf({}));
  const unwatched = await run(taskOf({}), () => null);
  expect(plain.snapshots).toEqual([]);
  expect(unwatched.snapshots).toEqual([]);
  expect(unwatched.bytes[0]).toBeGreaterThan(plain.bytes[0]);
});

test("snapshots come at the first iteration and after every so many, and stop when nobody looks any longer", async () => {
  const all = await run(taskOf({}), () => everything);
  expect(all.snapshots.map(({ step }) => step)).toEqual([0, 4, 9]);
  let asked = 0;
  const some = await run(taskOf({}), () => (asked++ < 6 ? { ...everything, every: 2 } : null));
  expect(some.snapshots.map(({ step }) => step)).toEqual([0, 1, 3, 5]);
});

test("a snapshot holds what was asked for and nothing else", async () => {
  const { snapshots } = await run(taskOf({}), () => ({
    every: 12,
    histograms: false,
    weights: false,
    mistakes: false,
  }));
  expect(snapshots[0].weights).toBeNull();
  expect(snapshots[0].mistakes).toBeNull();
  expect(snapshots[0].layers.every(({ activations, gradients }) => activations === null && gradients === null)).toBe(
    true,
  );
});

test("each layer's numbers are those of the diagnostic of the same step", async () => {
  const { snapshots, recorded } = await run(taskOf({ activation: "sigmoid" }), () => everything);
  const [{ layers }] = notesOf(recorded, "diagnostic");
  expect(snapshots[0].layers.length).toBe(3);
  snapshots[0].layers.forEach((layer, i) => {
    expect(layer).toMatchObject(layers[i]);
  });
  expect(snapshots[0].layers.map(({ activation }) => activation)).toEqual(["sigmoid", "sigmoid", "none"]);
});

test("histograms count every value once", async () => {
  const { snapshots } = await run(taskOf({ dropRatio: 0.5 }), () => everything);
  for (const { layers } of snapshots) {
    for (const { activations, gradients, units } of layers) {
      expect(activations!.total).toBe(20 * units);
      for (const { counts, zeros, notFinite, total } of [activations!, gradients!]) {
        expect(counts.reduce((sum, count) => sum + count, 0) + zeros + notFinite).toBe(total);
      }
    }
  }
});

test("weights are images of the first layer's columns", async () => {
  const { snapshots } = await run(taskOf({}), () => everything);
  const { shown, units, rows, columns, scale, pixels } = snapshots[0].weights!;
  expect([shown, units, rows, columns]).toEqual([12, 12, 28, 28]);
  expect(pixels.length).toBe(12 * 784);
  expect(Math.max(...pixels.map(Math.abs))).toBe(127);
  expect(scale).toBeGreaterThan(0);
});

test("mistakes are the first 1,000 test rows that are taken for another class, the most confident first", async () => {
  const { snapshots } = await run(taskOf({}), () => everything);
  const { confusion, rows, right, wrong, index, label, predicted, confidence, images } = snapshots[0].mistakes!;
  expect(rows).toBe(1000);
  expect(confusion.reduce((sum, count) => sum + count, 0)).toBe(1000);
  expect(Array.from({ length: classes }, (_, i) => confusion[i * classes + i]).reduce((a, b) => a + b)).toBe(right);
  expect(right + wrong).toBe(1000);
  expect(index.length).toBe(Math.min(60, wrong));
  expect([...confidence]).toEqual([...confidence].sort((a, b) => b - a));
  index.forEach((row, i) => {
    expect(label[i]).toBe(data.test.labels[row]);
    expect(predicted[i]).not.toBe(label[i]);
    expect(images.subarray(i * width, (i + 1) * width)).toEqual(
      data.test.images.data.subarray(row * width, (row + 1) * width),
    );
  });
});

test("a snapshot of 100 units of 28 × 28 stays below 150 kB and can be posted", async () => {
  const { snapshots } = await run(
    taskOf(
      { hiddenSizes: [120, 8] },
      { weightsAt: RandomStream.seeded(1).saved(), batchesAt: RandomStream.seeded(2).saved(), iterations: 1 },
    ),
    () => everything,
  );
  const bytes = (value: unknown): number =>
    ArrayBuffer.isView(value)
      ? value.byteLength
      : typeof value === "object" && value !== null
        ? Object.values(value).reduce((sum: number, part) => sum + bytes(part), 0)
        : 8;
  expect(bytes(snapshots[0])).toBeLessThan(150_000);
  expect(structuredClone(snapshots[0])).toStrictEqual(snapshots[0]);
});

test("a network that has diverged can still be looked at", async () => {
  const { snapshots } = await run(taskOf({}, { optimizer: "sgd", hyper: { lr: 1e30 } }), () => everything);
  const last = snapshots.at(-1)!;
  expect(last.layers.some(({ activations }) => activations!.notFinite > 0)).toBe(true);
  expect(last.mistakes!.rows).toBe(1000);
  expect([...last.mistakes!.confidence].every(Number.isFinite)).toBe(true);
});

test("snapshots are never stored", async () => {
  const { snapshots } = await run(taskOf({}), () => everything);
  expect(encodeChunk([{ task: 0, event: { kind: "snapshot", snapshot: snapshots[0] } }])).toBeNull();
});

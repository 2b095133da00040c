import { expect, test } from "vitest";
import { RandomStream } from "../../core/random.ts";
import type { FloatSplit } from "../../data/dataset.ts";
import { planned } from "../../kernels/planned.ts";
import { wasmKernels } from "../../kernels/wasm.ts";
import { Affine } from "../../nn/affine.ts";
import { Dropout } from "../../nn/dropout.ts";
import type { Layer } from "../../nn/layer.ts";
import { meanSquaredError } from "../../nn/losses/mean-squared-error.ts";
import { Sequential } from "../../nn/sequential.ts";
import { AccuracyMeter } from "../../train/accuracy.ts";
import { Evaluator } from "../../train/evaluate.ts";
import { measureRows, measureValues } from "./measure.ts";

const width = 2;

/** What measures a network whose first layer gives each row's two values as its logits. */
function identity(maxRows: number, more: readonly Layer[] = []) {
  return planned(wasmKernels("wasm-simd", "float32"), (kernels) => {
    const network = new Sequential({ kernels, layers: [new Affine(width, width), ...more], maxRows });
    network.parameters[0].value.data.set(network.kernels.arena.counts ? [] : [1, 0, 0, 1]);
    return { network, meter: new AccuracyMeter(network, width), evaluator: new Evaluator(network, width) };
  });
}

/** Rows that the identity classifies rightly, but for the last `wrong`; the wrong ones lose much more. */
function rowsOf(count: number, wrong: number): FloatSplit {
  const data = new Float32Array(count * width);
  const labels = Uint8Array.from({ length: count }, (_, i) => i % 2);
  for (let i = 0; i < count; i++) {
    const right = i < count - wrong;
    data[i * width + (right ? labels[i] : 1 - labels[i])] = right ? 1 : 9;
  }
  return { images: { data, count, width }, labels };
}

/** −ln(p + 1e-7) of a row. */
const lossOf = (right: boolean) => -Math.log(1 / (1 + Math.exp(right ? -1 : 9)) + 1e-7);

// In blocks of 20: exactly some, one short, one row over, and less than one.
test.each([
  [40, 3],
  [39, 19],
  [41, 1],
  [7, 2],
  [59, 30],
])("all %i rows are measured and weigh alike, in blocks of 20 with the last %i wrong", (count, wrong) => {
  const { meter, evaluator } = identity(20);
  const split = rowsOf(count, wrong);
  const accuracy = (count - wrong) / count;
  expect(meter.of(split)).toBe(accuracy);
  const measured = measureRows(evaluator, split);
  expect(measured.accuracy).toBe(accuracy);
  expect(measured.loss).toBeCloseTo(((count - wrong) * lossOf(true) + wrong * lossOf(false)) / count, 5);
  expect(measured.counts.reduce((a, b) => a + b)).toBe(count);
  expect(measured.counts[0] + measured.counts[3]).toBe(count - wrong);
});

test("only the first rows are measured where no more are asked for", () => {
  const split = rowsOf(50, 10);
  const measured = measureRows(identity(20).evaluator, split, 45);
  expect(measured.accuracy).toBe(40 / 45);
  expect(measured.counts.reduce((a, b) => a + b)).toBe(45);
});

test("every unit is on while a network is measured", () => {
  const { network, meter, evaluator } = identity(20, [new Dropout(width, 0.9, "book")]);
  network.random = RandomStream.seeded(0);
  const split = rowsOf(50, 0);
  expect(meter.of(split)).toBe(1);
  expect(measureRows(evaluator, split).accuracy).toBe(1);
});

test("a confusion is counted in its label's row and its prediction's column", () => {
  const data = new Float32Array([0, 1, 0, 1, 0, 1, 1, 0]);
  const split: FloatSplit = { images: { data, count: 4, width }, labels: new Uint8Array([0, 0, 1, 0]) };
  // Of three rows of class 0 two are taken for class 1.
  expect([...measureRows(identity(20).evaluator, split).counts]).toEqual([1, 2, 0, 1]);
});

// In blocks of 20, as above.
test.each([40, 39, 41, 7])("of %i rows each is held against its own number", (count) => {
  const evaluator = planned(wasmKernels("wasm-simd", "float32"), (kernels) => {
    const network = new Sequential({
      kernels,
      layers: [new Affine(1, 1)],
      maxRows: 20,
      loss: meanSquaredError(),
      weightDecay: 0.5,
    });
    network.parameters[0].value.data.set(network.kernels.arena.counts ? [] : [1]);
    return new Evaluator(network, 1);
  });
  const images = { data: Float32Array.from({ length: count }, (_, i) => i), count, width: 1 };
  const labels = new Uint8Array(count);
  const exact = measureValues(evaluator, { images, labels }, images);
  expect(exact).toEqual({ rmse: 0, loss: 0.25, told: images.data });
  const off = { ...images, data: images.data.map((value, i) => value + (i === count - 1 ? 3 : 0)) };
  expect(measureValues(evaluator, { images, labels }, off).rmse).toBeCloseTo(3 / Math.sqrt(count), 6);
  expect(measureValues(evaluator, { images, labels }, off, count - 1)).toMatchObject({
    rmse: 0,
    told: images.data.subarray(0, count - 1),
  });
});

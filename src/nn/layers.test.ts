import { describe, expect, test } from "vitest";
import { networkWithBatch } from "../../test/support/network-with-batch.ts";
import { RandomStream } from "../core/random.ts";
import { Tensor } from "../core/tensor.ts";
import { erf } from "../kernels/pointwise.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { activationNames, activations, Relu } from "./activation.ts";
import { Affine } from "./affine.ts";
import { BatchNorm } from "./batch-norm.ts";
import { Conv2d } from "./conv2d.ts";
import { gradcheck } from "./gradcheck.ts";
import type { ImageShape } from "./image-shape.ts";
import type { Layer } from "./layer.ts";
import { LayerNorm } from "./layer-norm.ts";
import { Maxout } from "./maxout.ts";
import { mlp } from "./mlp.ts";
import { AveragePool, Flatten, GlobalAveragePool, MaxPool } from "./pooling.ts";
import { PRelu } from "./prelu.ts";
import { Residual } from "./residual.ts";
import { RmsNorm } from "./rms-norm.ts";

function networkOf(layers: readonly Layer[], rows: number, kernels = referenceKernels("float64")) {
  const stream = RandomStream.seeded(11);
  const { network, x, labels } = networkWithBatch({ kernels, layers, maxRows: rows });
  network.initialize(0.5, stream);
  // Away from 0 and 1, so that a gradient which ignores them shows.
  for (const { shape, value } of network.parameters) {
    for (let i = 0; shape.start !== "drawn" && i < value.data.length; i++) {
      value.data[i] += 0.3 * stream.normal();
    }
  }
  network.random = stream;
  stream.fillNormal(x.data, 1);
  stream.choice(network.classes, labels.data);
  return { network, x, labels };
}

function expectChecked(layers: readonly Layer[], rows = 5): void {
  const checks = gradcheck({ ...networkOf(layers, rows), samples: 60 });
  for (const check of checks) {
    expect(check, check.parameter).toMatchObject({ pass: true });
    expect(check.corners, check.parameter).toBeLessThanOrEqual(check.checked / 5);
    expect(check.largestGradient, check.parameter).toBeGreaterThan(1e-6);
  }
}

const image: ImageShape = { height: 6, width: 5, channels: 2 };
/** Between two Affines, so that both the layer's own gradients and dx are checked. */
const between = (layer: Layer) => [new Affine(7, layer.inputSize), layer, new Affine(layer.outputSize, 4)];

describe("backward passes agree with numerical gradients", () => {
  test.each(activationNames)("%s", (name) => expectChecked(between(new activations[name](6)), 9));

  test.each<[string, () => Layer]>([
    ["PReLU", () => new PRelu(6)],
    ["PReLU of images, by channel", () => new PRelu({ height: 2, width: 2, channels: 3 })],
    ["maxout of 3 pieces", () => new Maxout(12, 3)],
    ["layer normalization", () => new LayerNorm(6)],
    ["layer normalization with a large eps", () => new LayerNorm(6, { eps: 0.5 })],
    ["RMS normalization", () => new RmsNorm(6)],
    ["RMS normalization with a large eps", () => new RmsNorm(6, { eps: 0.5 })],
    ["flatten", () => new Flatten(image)],
    ["global average pooling", () => new GlobalAveragePool(image)],
    ["a residual block", () => new Residual([new Affine(6, 5), new Relu(5), new Affine(5, 6)])],
    [
      "a residual block with batch normalization and another inside",
      () => new Residual([new BatchNorm(6), new Residual([new Affine(6, 6), new Relu(6)]), new Affine(6, 6)]),
    ],
  ])("%s", (_, make) => expectChecked(between(make()), 9));

  test("batch normalization with a large eps, at the network's end", () =>
    expectChecked([new BatchNorm(4, { eps: 0.5, momentum: 0.5 })], 9));

  test("batch normalization of images, by channel", () => expectChecked(between(new BatchNorm(image)), 9));

  const windows = [1, 2, 3].flatMap((size) =>
    [1, 2, 3].flatMap((stride) => [0, 1, 2].map((padding) => ({ size, stride, padding }))),
  );

  test.each(windows)("convolution of $size × $size, stride $stride, padding $padding", (window) => {
    expectChecked(between(new Conv2d(image, { filters: 3, ...window })));
    const first = new Conv2d(image, { filters: 3, ...window });
    expectChecked([first, new Relu(first.outputSize), new Affine(first.outputSize, 4)]);
  });

  test.each(windows)("pooling of $size × $size, stride $stride, padding $padding", (window) => {
    expectChecked(between(new MaxPool(image, window)));
    expectChecked(between(new AveragePool(image, window)));
  });
});

test.each([0, 1, 2])("a convolution is its own definition, padding %i", (padding) => {
  const conv = new Conv2d(image, { filters: 3, size: 3, stride: 2, padding });
  const { network, x } = networkOf([conv], 2);
  const y = network.forward(x, "evaluate");
  const [W, b] = network.parameters.map(({ value }) => value);
  const { height, width, channels } = conv.output;
  for (let m = 0; m < 2; m++) {
    for (let oy = 0; oy < height; oy++) {
      for (let ox = 0; ox < width; ox++) {
        for (let f = 0; f < channels; f++) {
          let sum = b.data[f];
          for (let ky = 0; ky < 3; ky++) {
            for (let kx = 0; kx < 3; kx++) {
              const [iy, ix] = [oy * 2 - padding + ky, ox * 2 - padding + kx];
              for (let c = 0; c < 2 && iy >= 0 && iy < 6 && ix >= 0 && ix < 5; c++) {
                sum += x.data[m * 60 + (iy * 5 + ix) * 2 + c] * W.data[((ky * 3 + kx) * 2 + c) * 3 + f];
              }
            }
          }
          expect(y.data[((m * height + oy) * width + ox) * channels + f]).toBeCloseTo(sum, 12);
        }
      }
    }
  }
});

test("batch normalization of images takes each channel's pixels as rows, in training and evaluation", () => {
  const pixels = image.height * image.width;
  const rows = 3;
  const outputs = [new BatchNorm(image), new BatchNorm(image.channels)].map((norm) => {
    const { network, x } = networkOf([norm], norm.inputSize === 2 ? rows * pixels : rows);
    RandomStream.seeded(5).fillNormal(x.data, 2);
    return [[...network.forward(x, "train").data], [...network.forward(x, "evaluate").data]];
  });
  expect(outputs[0]).toEqual(outputs[1]);
  expect(new Set(outputs[0].flat()).size).toBeGreaterThan(2 * rows * pixels);
});

test("many images are convolved in blocks to the numbers of one at a time, on fast kernels as on the reference", () => {
  const large = { height: 20, width: 20, channels: 8 };
  const layers = () => [new Conv2d(large, { filters: 4, size: 3, padding: 1 }), new Relu(1600), new Affine(1600, 3)];
  const results = [referenceKernels("float64"), wasmKernels("wasm-simd", "float64")].map((kernels) => {
    const { network, x, labels } = networkOf(layers(), 7, kernels);
    network.gradient(x, labels);
    return [...network.grads.data];
  });
  const single = networkOf(layers(), 7);
  const sum = new Float64Array(single.network.grads.data.length);
  for (let m = 0; m < 7; m++) {
    const row = (t: Tensor, n: number) => new Tensor(1, n, t.data.subarray(m * n, (m + 1) * n));
    single.network.gradient(row(single.x, 3200), new Tensor(1, 1, single.labels.data.subarray(m, m + 1)));
    for (const [i, g] of single.network.grads.data.entries()) {
      sum[i] += g / 7;
    }
  }
  for (const result of results) {
    for (const [i, g] of result.entries()) {
      expect(Math.abs(g - sum[i])).toBeLessThan(1e-12);
    }
  }
});

describe("values that others give", () => {
  test.each([
    ["leakyRelu", -0.02, 2],
    ["elu", -0.8646647167633873, 2],
    ["selu", -1.520166468595695, 2.101401974710961],
    ["softplus", 0.1269280110429726, 2.1269280110429727],
    // PyTorch's F.gelu(…, approximate="none")
    ["gelu", -0.04550026389635842, 1.9544997361036416],
    ["silu", -0.23840584404423515, 1.7615941559557649],
  ] as const)("%s at −2 and 2", (name, below, above) => {
    const { network, x } = networkOf([new activations[name](2)], 1);
    x.data.set([-2, 2]);
    const { data } = network.forward(x, "evaluate");
    expect(data[0]).toBeCloseTo(below, 14);
    expect(data[1]).toBeCloseTo(above, 14);
  });

  test.each([
    [0, 0],
    [1e-10, 1.1283791670955126e-10],
    [0.5, 0.5204998778130465],
    [1, 0.8427007929497149],
    [2.4999, 0.9995927695487604],
    [3, 0.9999779095030014],
    [-1.5, -0.9661051464753108],
    [40, 1],
  ])("erf(%f)", (x, value) => expect(Math.abs(erf(x) - value)).toBeLessThan(3e-16 + 1e-6 * (x === 2.4999 ? 1 : 0)));

  test("layer normalization gives every row mean β and spread γ, whatever its scale", () => {
    const { network, x } = networkOf([new LayerNorm(50)], 2);
    for (const { name, value } of network.parameters) {
      value.data.fill(name.endsWith("gamma") ? 2 : 3);
    }
    x.data.set(x.data.map((value, i) => (i < 50 ? 1e3 * value + 5 : value)));
    const { data } = network.forward(x, "evaluate");
    for (const row of [data.slice(0, 50), data.slice(50)]) {
      const values = [...row];
      const mean = values.reduce((sum, v) => sum + v, 0) / 50;
      expect(mean).toBeCloseTo(3, 10);
      expect(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 50)).toBeCloseTo(2, 4);
    }
  });
});

test("stochastic depth leaves a block out at the rate it says, and weighs it in evaluation", () => {
  const block = new Residual([new Affine(3, 3)], { survival: 0.7 });
  const { network, x } = networkOf([block], 1);
  const same = (y: Tensor) => y.data.every((value, i) => value === x.data[i]);
  let left = 0;
  for (let i = 0; i < 2000; i++) {
    left += same(network.forward(x, "train")) ? 1 : 0;
  }
  expect(left / 2000).toBeGreaterThan(0.27);
  expect(left / 2000).toBeLessThan(0.33);
  const weighed = [...network.forward(x, "evaluate").data];
  const whole = networkOf([new Residual([new Affine(3, 3)])], 1);
  const full = whole.network.forward(whole.x, "evaluate").data;
  for (const [i, value] of weighed.entries()) {
    expect(value).toBeCloseTo(x.data[i] + 0.7 * (full[i] - x.data[i]), 12);
  }
});

test("a block that was left out has no gradients, and passes dy on", () => {
  const { network, x, labels } = networkOf([new Affine(3, 3), new Residual([new Affine(3, 3)], { survival: 1e-9 })], 4);
  network.gradient(x, labels);
  for (const { name, grad } of network.parameters) {
    expect(
      grad.data.some((g) => g !== 0),
      name,
    ).toBe(name.startsWith("affine"));
  }
});

test("what does not fit is refused in words", () => {
  expect(() => new Conv2d(image, { filters: 3, size: 9 })).toThrow(
    /conv2d: a window of 9 must fit into the padded image, got 6 × 5/,
  );
  expect(() => new MaxPool(image, { size: 0 })).toThrow(/pool: size must be a whole number/);
  expect(() => new Maxout(7, 2)).toThrow(/maxout: inputSize must be a multiple of pieces, got 7 and 2/);
  expect(() => new Residual([new Affine(3, 4)])).toThrow(/residual: the layers must follow one another/);
  expect(() => new Residual([new Affine(3, 3)], { survival: 0 })).toThrow(/survival/);
});

test("a block that is left out of a minibatch has no gradient in it, whatever it had before", () => {
  const block = new Residual([new Affine(6, 6)], { survival: 0.5 });
  const { network, x, labels } = networkOf([block, new Affine(6, 3)], 4);
  const [inside] = network.parameters;
  const left: boolean[] = [];
  for (let i = 0; i < 20; i++) {
    network.gradient(x, labels);
    left.push(inside.grad.data.every((value) => value === 0));
  }
  expect(left.lastIndexOf(true)).toBeGreaterThan(left.indexOf(false));
});

test("batch normalization keeps a share of its running statistics and takes the rest of the batch's", () => {
  const { network, x } = networkOf([new BatchNorm(2, { momentum: 0.75 }), new Affine(2, 2)], 2);
  x.data.set([1, 10, 3, 20]);
  network.forward(x, "train");
  const [mean, variance] = ["runningMean", "runningVariance"].map((name) => network.buffers.get(`batchNorm1.${name}`)!);
  expect([...mean.data]).toEqual([0.5, 3.75]);
  expect([...variance.data]).toEqual([0.25, 6.25]);
  network.forward(x, "train");
  expect([...mean.data]).toEqual([0.875, 6.5625]);
});

test("maxout tells of a NaN wherever it stands", () => {
  const { network, x } = networkOf([new Maxout(4, 2), new Affine(2, 2)], 1);
  x.data.set([1, Number.NaN, 3, 4]);
  network.forward(x, "evaluate");
  expect([...network.layers[0].output!.data]).toEqual([Number.NaN, 4]);
});

test("hidden layers are affine, batch normalization, ReLU and then dropout", () => {
  const layers = mlp({ inputSize: 3, hiddenSizes: [4], classes: 2, batchNorm: true, dropRatio: 0.5 });
  expect(layers.map(({ kind }) => kind)).toEqual(["affine", "batchNorm", "relu", "dropout", "affine"]);
});

test.each([referenceKernels("float64"), wasmKernels("wasm-simd", "float64")])(
  "a window of more values than patches have room for is convolved",
  (kernels) => {
    const channels = 15_000;
    const conv = new Conv2d({ height: 3, width: 3, channels }, { filters: 1, size: 3 });
    const { network, x } = networkOf([conv], 1, kernels);
    x.data.fill(1);
    network.parameters[0].value.data.fill(0.5);
    network.parameters[1].value.data.fill(2);
    expect(network.forward(x, "evaluate").data[0]).toBe((9 * channels) / 2 + 2);
  },
);

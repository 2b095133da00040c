import { describe, expect, test } from "vitest";
import { networkWithBatch } from "../../test/support/network-with-batch.ts";
import { RandomStream } from "../core/random.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { gradcheck } from "./gradcheck.ts";
import { type MlpSpec, mlp } from "./mlp.ts";

const base: MlpSpec = { inputSize: 7, hiddenSizes: [6, 5], classes: 4 };

function prepared(spec: MlpSpec, rows: number, options: { weightDecay?: number; kernels?: KernelSet } = {}) {
  const stream = RandomStream.seeded(11);
  const { network, x, labels } = networkWithBatch({
    kernels: options.kernels ?? referenceKernels("float64"),
    layers: mlp(spec),
    maxRows: rows,
    weightDecay: options.weightDecay,
  });
  network.initialize(0.7, stream);
  // Biases, γ and β away from 0 and 1, so that a gradient which ignores them shows.
  for (const { shape, value } of network.parameters) {
    if (shape.start !== "drawn") {
      for (let i = 0; i < value.data.length; i++) {
        value.data[i] += 0.3 * stream.normal();
      }
    }
  }
  network.random = stream;
  stream.fillNormal(x.data, 1);
  stream.choice(spec.classes, labels.data);
  return { network, x, labels };
}

const networks: Record<string, [MlpSpec, { weightDecay?: number }]> = {
  "affine and relu": [base, {}],
  sigmoid: [{ ...base, activation: "sigmoid" }, {}],
  tanh: [{ ...base, activation: "tanh" }, {}],
  "batch normalization and relu": [{ ...base, batchNorm: true }, {}],
  "batch normalization and tanh": [{ ...base, batchNorm: true, activation: "tanh" }, {}],
  "the book's dropout": [{ ...base, dropRatio: 0.3 }, {}],
  "inverted dropout": [{ ...base, dropRatio: 0.3, dropoutVariant: "inverted" }, {}],
  "weight decay": [base, { weightDecay: 0.1 }],
};

describe("backward passes agree with numerical gradients", () => {
  test.each(Object.entries(networks))("%s", (_, [spec, options]) => {
    const checks = gradcheck({ ...prepared(spec, 9, options), samples: Infinity });
    expect(checks.length).toBeGreaterThanOrEqual(6);
    for (const check of checks) {
      expect(check, check.parameter).toMatchObject({ pass: true });
      expect(check.corners).toBeLessThanOrEqual(check.checked / 10);
    }
    expect(checks.filter((check) => check.largestGradient > 1e-3).length).toBeGreaterThanOrEqual(5);
  });
});

test("batch normalization over a single row has gradients of 0 below it, so its check says nothing", () => {
  const { network, x, labels } = prepared({ ...base, batchNorm: true }, 1);
  const checks = gradcheck({ network, x, labels, samples: Infinity });
  const w1 = checks.find(({ parameter }) => parameter === "affine1.W");
  expect(w1).toMatchObject({ pass: true });
  expect(w1!.largestGradient).toBeLessThan(1e-12);
});

test("a wrong gradient fails the check", () => {
  const { network, x, labels } = prepared(base, 9);
  const gradient = network.gradient.bind(network);
  network.gradient = (...batch) => {
    const loss = gradient(...batch);
    network.parameters[2].grad.data[3] *= 1.001;
    return loss;
  };
  const failed = gradcheck({ network, x, labels, samples: Infinity }).filter(({ pass }) => !pass);
  expect(failed.map(({ parameter }) => parameter)).toEqual(["affine2.W"]);
});

test("a gradient that is no number fails the check", () => {
  const { network, x, labels } = prepared(base, 9);
  const gradient = network.gradient.bind(network);
  network.gradient = (...batch) => {
    const loss = gradient(...batch);
    network.parameters[2].grad.data[3] = Number.NaN;
    return loss;
  };
  const checks = gradcheck({ network, x, labels, samples: Infinity });
  expect(checks.find(({ parameter }) => parameter === "affine2.W")).toMatchObject({ pass: false });
});

test("a parameter all of whose elements stand on corners is not passed", () => {
  const { network, x, labels } = prepared({ ...base, hiddenSizes: [6] }, 9);
  x.data.fill(0);
  network.parameters[1].value.data.fill(0);
  const check = gradcheck({ network, x, labels, samples: Infinity })[1];
  expect(check).toMatchObject({ parameter: "affine1.b", pass: false, checked: 0, corners: 6 });
});

test("two differences together are as near as the square of one", () => {
  const batch = prepared({ ...base, activation: "tanh" }, 9);
  for (const check of gradcheck({ ...batch, step: 1e-3, tolerance: 1e-9 })) {
    expect(check, check.parameter).toMatchObject({ pass: true });
  }
});

test("a float32 network is refused, and labels that are none", () => {
  const options = prepared(base, 3, { kernels: referenceKernels("float32") });
  expect(() => gradcheck(options)).toThrow(/dtype must be float64, got float32/);
  expect(() => gradcheck({ ...options, labels: 3 as never })).toThrow(/^gradcheck: labels must be an object, got 3\./);
});

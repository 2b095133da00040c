import { expect, test } from "vitest";
import { networkWithBatch } from "../../test/support/network-with-batch.ts";
import { RandomStream } from "../core/random.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { Affine } from "./affine.ts";
import { Dropout, type DropoutVariant } from "./dropout.ts";

/** Outputs for rows of ones: after an Affine that hands its input on. */
function outputs(ratio: number, variant: DropoutVariant, mode: "train" | "evaluate"): number[] {
  const [rows, width] = [200, 50];
  const { network, x } = networkWithBatch({
    kernels: wasmKernels("wasm-simd", "float64"),
    layers: [new Affine(width, width), new Dropout(width, ratio, variant)],
    maxRows: rows,
  });
  const [W] = network.parameters;
  for (let i = 0; i < width; i++) {
    W.value.data[i * width + i] = 1;
  }
  network.random = RandomStream.seeded(3);
  x.data.fill(1);
  return [...network.forward(x, mode).data];
}

const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

test.each([0.1, 0.5, 0.8])(
  "inverted dropout keeps the mean: what is kept of ratio %s is divided by 1 − ratio",
  (ratio) => {
    const trained = outputs(ratio, "inverted", "train");
    expect([...new Set(trained)].sort()).toEqual([0, 1 / (1 - ratio)]);
    expect(mean(trained)).toBeCloseTo(1, 1);
    expect(new Set(outputs(ratio, "inverted", "evaluate"))).toEqual(new Set([1]));
  },
);

test.each([0.1, 0.5, 0.8])(
  "the book's dropout keeps outputs as they are, and evaluation multiplies by 1 − %s",
  (ratio) => {
    const trained = outputs(ratio, "book", "train");
    expect([...new Set(trained)].sort()).toEqual([0, 1]);
    expect(mean(trained)).toBeCloseTo(1 - ratio, 1);
    expect(new Set(outputs(ratio, "book", "evaluate"))).toEqual(new Set([1 - ratio]));
  },
);

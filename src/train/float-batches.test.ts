import { expect, test } from "vitest";
import { ShapeError } from "../core/errors.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { BatchLoader } from "./batch-loader.ts";

const split = {
  images: { data: Float32Array.from([0.1, -2, 3, 4.5, 1e-9, 6]), count: 3, width: 2 },
  labels: Uint8Array.from([0, 1, 2]),
};

test.each([referenceKernels("float64"), referenceKernels("float32"), wasmKernels("wasm-simd", "float32")])(
  "rows of floats reach the arena as they are ($name $dtype)",
  (set) => {
    const loader = planned(set, (kernels) => new BatchLoader(kernels, split, 4));
    const { x, labels } = loader.load(3, (indices) => indices.set([2, 0, 2]));
    expect([...x.data]).toEqual([1e-9, 6, 0.1, -2, 1e-9, 6].map(Math.fround));
    expect([...labels.data]).toEqual([2, 0, 2]);
    expect(() => loader.load(1, (indices) => indices.fill(3))).toThrow(ShapeError);
  },
);

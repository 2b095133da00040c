import { expect, test } from "vitest";
import { npyBytes } from "./npy.ts";
import { npzBytes } from "./npz.ts";
import type { NumberArray } from "./number-array.ts";
import { safetensorsBytes } from "./safetensors.ts";

// A file that no reader takes, or whose numbers are others, is worse than none.
const wrong: readonly [what: string, array: unknown, says: RegExp][] = [
  [
    "too few numbers",
    { dtype: "float32", shape: [2, 2], data: new Float32Array(3) },
    /shape \[2,2\] says, got 3\. Correct it\.$/,
  ],
  ["too many numbers", { dtype: "int32", shape: [], data: new Int32Array(2) }, /shape \[\] says, got 2\./],
  ["a shape of halves", { dtype: "int32", shape: [0.5, 4], data: new Int32Array(2) }, /shape \[0\.5,4\] says, got 2\./],
  [
    "numbers of another type",
    { dtype: "float32", shape: [2], data: new Float64Array(2) },
    /got "float32", a Float64Array\. Correct it\.$/,
  ],
  [
    "an unknown type",
    { dtype: "f4", shape: [2], data: new Float32Array(2) },
    /^.*: must say its type \(float64, float32, .*, got "f4"/,
  ],
  ["a plain list", { dtype: "float32", shape: [2], data: [1, 2] }, /got "float32", \[1,2\]\./],
];

test.each(wrong)("an array with %s is written to no file", async (_, array, says) => {
  const arrays = new Map([["w", array as NumberArray]]);
  expect(() => npyBytes(array as NumberArray)).toThrow(says);
  expect(() => safetensorsBytes({ tensors: arrays })).toThrow(says);
  expect(() => safetensorsBytes({ tensors: arrays })).toThrow(/^safetensors, "w": /);
  await expect(async () => npzBytes(arrays)).rejects.toThrow(says);
  await expect(async () => npzBytes(arrays)).rejects.toThrow(/^npz, w: /);
});

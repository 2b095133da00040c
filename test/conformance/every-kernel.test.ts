import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/core/errors.ts";
import type { Dtype, IntTensor, Tensor } from "../../src/core/tensor.ts";
import type { KernelSet, Kernels, WindowOver } from "../../src/kernels/kernels.ts";
import { planned } from "../../src/kernels/planned.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";
import type { Dim, Operand, Signature } from "../../src/kernels/signature.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import { nativeKernels } from "../../src/node/native-kernels.ts";
import {
  type Arguments,
  argumentsOf,
  call,
  isTensor,
  numbersOf,
  type OperationName,
  signatures,
  sizeOf,
} from "../support/kernel-arguments.ts";

/**
 * What holds of every operation, taken from the table: a line added there is tested here. Bounds are wide enough for any of
 * them; kernels.test.ts and window-kernels.test.ts hold each to its own.
 */
const sets: KernelSet[] = (["float32", "float64"] as Dtype[]).flatMap((dtype) => [
  ...nativeKernels(dtype),
  wasmKernels("wasm-relaxed", dtype),
  wasmKernels("wasm-simd", dtype),
]);
const epsilon: Record<Dtype, number> = { float32: 2 ** -23, float64: 2 ** -52 };
const smallest: Record<Dtype, number> = { float32: 2 ** -126, float64: 2 ** -1022 };

const anything = fc.record({
  sizes: fc.record({
    m: fc.integer({ min: 0, max: 9 }),
    n: fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(16, 17, 31, 33)),
    k: fc.integer({ min: 0, max: 20 }),
    count: fc.integer({ min: 1, max: 5 }),
    width: fc.integer({ min: 1, max: 30 }),
  }),
  over: fc.record<WindowOver>({
    height: fc.integer({ min: 3, max: 6 }),
    width: fc.integer({ min: 3, max: 6 }),
    channels: fc.constantFrom(1, 2, 5, 17),
    size: fc.integer({ min: 1, max: 3 }),
    stride: fc.integer({ min: 1, max: 3 }),
    padding: fc.integer({ min: 0, max: 2 }),
  }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});
type Anything = typeof anything extends fc.Arbitrary<infer A> ? A : never;

function made(set: KernelSet, signature: Signature, of: Anything, number?: () => number) {
  return planned(set, (kernels) => ({ kernels, ...argumentsOf(signature, kernels, of, number) }));
}

/** What a call leaves in memory and gives back. */
function called(
  name: OperationName,
  signature: Signature,
  { kernels, values, guards }: Arguments & { kernels: Kernels },
) {
  const before = numbersOf(signature, values, false);
  const result = call(kernels, name, values);
  expect(guards.every(({ data }) => data.every((x) => x === 3))).toBe(true);
  expect(numbersOf(signature, values, false)).toEqual(before);
  return [...numbersOf(signature, values, true), typeof result === "undefined" ? [] : [Number(result)]];
}

describe.each(sets.map((set) => [`${set.name} ${set.dtype}`, set] as const))("%s", (_, set) => {
  const reference = referenceKernels(set.dtype);

  test.each(signatures)("%s: gives what the reference gives, and writes nothing else", (name, signature) => {
    fc.assert(
      fc.property(anything, (of) => {
        const fast = called(name, signature, made(set, signature, of));
        const plain = called(name, signature, made(reference, signature, of));
        for (const [t, values] of plain.entries()) {
          expect(fast[t].length).toBe(values.length);
          const bound =
            64 *
            epsilon[set.dtype] *
            values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1);
          const other = values.findIndex((x, i) => !(Object.is(x, fast[t][i]) || Math.abs(x - fast[t][i]) <= bound));
          expect(other < 0 ? "close" : `${t}, ${other}: ${fast[t][other]}, not ${values[other]}`).toBe("close");
        }
      }),
      { numRuns: 10 },
    );
  });

  test("no operation leaves a subnormal number behind", () => {
    const of: Anything = {
      sizes: { m: 5, n: 19, k: 7, count: 3, width: 9 },
      over: { height: 4, width: 4, channels: 2, size: 2, stride: 1, padding: 1 },
      seed: 1,
    };
    let i = 0;
    const tiny = () => smallest[set.dtype] * (1 + (i++ % 7) / 8) * (i % 2 === 0 ? 1 : -1);
    for (const [name, signature] of signatures) {
      const { kernels, values } = made(set, signature, of, tiny);
      call(kernels, name, values);
      const left = numbersOf(signature, values, true).flat();
      expect(
        left.filter((x) => x !== 0 && Math.abs(x) < smallest[set.dtype]),
        name,
      ).toEqual([]);
    }
  });
});

describe.each([...sets.slice(0, 1), sets.at(-1)!, referenceKernels("float64")])("$name $dtype", (set) => {
  const of: Anything = {
    sizes: { m: 4, n: 3, k: 2, count: 6, width: 5 },
    over: { height: 4, width: 5, channels: 2, size: 3, stride: 1, padding: 0 },
    seed: 2,
  };

  test.each(signatures)("%s: refuses each operand that is larger than the others say", (name, signature) => {
    const { operands } = signature;
    /** Whether a size is told by more than this operand. */
    const told = (dim: Dim, self: Operand) =>
      dim.length !== 1 ||
      operands.some(
        (other) => other !== self && [other.shape, [other.below ?? []]].flat().some((d) => d?.[0] === dim[0]),
      );
    for (const [i, operand] of operands.entries()) {
      for (const side of isTensor(operand) ? ([0, 1] as const) : []) {
        if (
          operand.orNull ||
          !(operand.elementwise ? operands.filter(isTensor).length > 1 : told(operand.shape![side], operand))
        ) {
          continue;
        }
        const { kernels, values } = planned(set, (kernels) => {
          const made = argumentsOf(signature, kernels, of);
          const [rows, cols] = operand.shape!.map((dim, j) => sizeOf(dim, of.sizes, of.over) + (j === side ? 1 : 0));
          const larger = operand.kind === "ints" ? kernels.arena.ints(cols) : kernels.arena.floats(rows, cols);
          if (operand.kind === "floats" || side === 1) {
            made.values[i] = larger;
          }
          return { kernels, ...made };
        });
        const before = numbersOf(signature, values, true);
        if (operand.kind === "floats" || side === 1) {
          expect(() => call(kernels, name, values), `${operand.name} ${side}`).toThrow(ShapeError);
        }
        expect(numbersOf(signature, values, true)).toEqual(before);
      }
    }
  });

  test("integers out of range, tensors of another arena and what is not apart are refused in every operation", () => {
    for (const [name, signature] of signatures) {
      const elsewhere = made(set, signature, of).values;
      for (const [i, operand] of signature.operands.entries()) {
        const { kernels, values } = made(set, signature, of);
        const refused = (other: typeof values, message: RegExp) =>
          expect(() => call(kernels, name, other), `${name} ${operand.name}`).toThrow(message);
        if (isTensor(operand) && elsewhere[i] !== null) {
          refused(values.with(i, elsewhere[i]), /must lie in the kernels' own arena/);
        }
        if (operand.below !== undefined) {
          for (const wrong of [-1, sizeOf(operand.below, of.sizes, of.over)]) {
            const { data } = values[i] as IntTensor;
            const right = data[1];
            data[1] = wrong;
            refused(values, new RegExp(`${name}: ${operand.name} must be in \\[0, \\d\\), got ${wrong} at position 1`));
            data[1] = right;
          }
        }
        if (operand.kind === "choice") {
          refused(values.with(i, "nonsense"), new RegExp(`${operand.name} must be one of .*, got "nonsense"`));
        }
        if (operand.apart) {
          const same = signature.operands.findIndex(
            (other, j) =>
              !other.written &&
              (values[j] as Tensor | null)?.rows === (values[i] as Tensor).rows &&
              (values[j] as Tensor).cols === (values[i] as Tensor).cols,
          );
          if (same >= 0) {
            refused(values.with(i, values[same]), /got the same tensor twice/);
          }
        }
      }
    }
  });
});

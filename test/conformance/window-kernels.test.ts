import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestOf } from "../../src/core/long-lists.ts";
import { RandomStream } from "../../src/core/random.ts";
import { type Dtype, Tensor } from "../../src/core/tensor.ts";
import type { KernelSet, Kernels, WindowOver } from "../../src/kernels/kernels.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import { placesOf } from "../../src/kernels/window-places.ts";
import { nativeKernels } from "../../src/node/native-kernels.ts";
import { both } from "../support/both-kernels.ts";

/** What moves a window over images, on every kernel set that runs here, against the reference. */
const sets: KernelSet[] = (["float32", "float64"] as Dtype[]).flatMap((dtype) => [
  ...nativeKernels(dtype),
  wasmKernels("wasm-relaxed", dtype),
  wasmKernels("wasm-simd", dtype),
]);

/** Images of every odd size, windows of every stride and padding, those wholly beyond the border too. */
const anyWindow = fc
  .record({
    images: fc.integer({ min: 0, max: 3 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(8, 13, 16, 33)),
    size: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    padding: fc.integer({ min: 0, max: 5 }),
  })
  .filter(({ height, width, size, padding }) => size <= Math.min(height, width) + 2 * padding);
const special = [0, -0, 1, 1, 1, Number.NaN, Infinity, -Infinity, -1];

function fill({ data }: Tensor, from: number, odd = false): void {
  const stream = RandomStream.seeded(from);
  for (let i = 0; i < data.length; i++) {
    data[i] = odd ? special[Math.floor(stream.double() * special.length)] : stream.normal();
  }
}

/** A place in memory, and behind it some that must stay as it is. */
function guarded(kernels: Kernels, rows: number, cols: number): [tensor: Tensor, untouched: () => boolean] {
  const tensor = kernels.arena.floats(rows, cols);
  const guard = kernels.arena.floats(1, 64);
  tensor.data.fill(7);
  guard.data.fill(3);
  return [tensor, () => guard.data.every((x) => x === 3)];
}

/** As toEqual, which takes minutes for as many numbers. */
function expectSame(fast: readonly number[], reference: readonly number[]): void {
  expect(fast.length).toBe(reference.length);
  const other = fast.findIndex((value, i) => !Object.is(value, reference[i]));
  expect(other < 0 ? "same" : `${other}: ${fast[other]}, not ${reference[other]}`).toBe("same");
}

describe.each(sets.map((set) => [`${set.name} ${set.dtype}`, set] as const))("%s", (_, set) => {
  const epsilon = set.dtype === "float32" ? 2 ** -23 : 2 ** -52;

  test("patches are gathered and scattered to the same bits, all at once or some at a time", () => {
    fc.assert(
      fc.property(anyWindow, fc.integer({ min: 1, max: 17 }), fc.boolean(), (over, atOnce, odd) => {
        const [fast, reference] = both(set, (kernels) => {
          const all = over.images * placesOf(over);
          const [x, xKept] = guarded(kernels, over.images, over.height * over.width * over.channels);
          const [dx, dxKept] = guarded(kernels, x.rows, x.cols);
          const [patches, kept] = guarded(kernels, Math.min(atOnce, all), over.size ** 2 * over.channels);
          fill(x, 1, odd);
          const made: number[] = [];
          for (let first = 0; first < all; first += atOnce) {
            const some = patches.firstRows(Math.min(atOnce, all - first));
            kernels.gatherPatches(some, x, first, over);
            made.push(...some.data);
            fill(some, first + 2);
            kernels.scatterPatches(dx, some, first, over);
          }
          expect([kept(), xKept(), dxKept()]).toEqual([true, true, true]);
          const whole = [...dx.data];
          const [planes] = guarded(kernels, patches.cols, patches.rows);
          for (let first = 0; first < all; first += atOnce) {
            const count = Math.min(atOnce, all - first);
            const some = new Tensor(planes.rows, count, planes.data.subarray(0, planes.rows * count));
            fill(some, first + 2);
            kernels.scatterPlanes(dx, some, first, over);
          }
          expect(dxKept()).toBe(true);
          return [...made, ...whole, ...dx.data, ...x.data];
        });
        expectSame(fast, reference);
      }),
      { numRuns: 30 },
    );
  });

  test("the largest of each window and its gradient have the same bits, among equals and NaN too", () => {
    fc.assert(
      fc.property(anyWindow, fc.boolean(), (over, odd) => {
        const [fast, reference] = both(set, (kernels) => {
          const [x] = guarded(kernels, over.images, over.height * over.width * over.channels);
          const [dx, dxKept] = guarded(kernels, x.rows, x.cols);
          const [y, kept] = guarded(kernels, over.images, placesOf(over) * over.channels);
          fill(x, 3, odd);
          kernels.maxPool(y, x, over);
          const found = [...y.data];
          fill(y, 4);
          kernels.maxPoolBackward(dx, y, x, over);
          expect([kept(), dxKept()]).toEqual([true, true]);
          return [...found, ...dx.data];
        });
        expectSame(fast, reference);
      }),
      { numRuns: 25 },
    );
  });

  test("the mean of each window and its gradient err by no more than their sums' roundings", () => {
    fc.assert(
      fc.property(anyWindow, (over) => {
        const [fast, reference] = both(set, (kernels) => {
          const [x, xKept] = guarded(kernels, over.images, over.height * over.width * over.channels);
          const [y, kept] = guarded(kernels, over.images, placesOf(over) * over.channels);
          fill(x, 5);
          kernels.averagePool(y, x, over);
          const found = [...y.data];
          fill(y, 6);
          kernels.averagePoolBackward(x, y, over);
          expect([kept(), xKept()]).toEqual([true, true]);
          return [...found, ...x.data];
        });
        const errors = fast.map((value, i) => Math.abs(value - reference[i]));
        expect(largestOf(errors)).toBeLessThanOrEqual(5 * over.size ** 2 * epsilon);
      }),
      { numRuns: 15 },
    );
  });

  test("subnormal sums come out as 0 or normal", () => {
    const kernels = set.open(1 << 16);
    const over: WindowOver = { height: 3, width: 3, channels: 5, size: 2, stride: 1, padding: 0 };
    const tiny = set.dtype === "float32" ? 2 ** -126 : 2 ** -1022;
    const [x, dx] = [kernels.arena.floats(1, 45), kernels.arena.floats(1, 45)];
    const [y, patches] = [kernels.arena.floats(1, 20), kernels.arena.floats(4, 20)];
    x.data.forEach((_x, i) => {
      x.data[i] = tiny * (1 + (i % 3) / 4) * (i % 2 === 0 ? 1 : -1);
    });
    patches.data.forEach((_x, i) => {
      patches.data[i] = tiny * (1 + (i % 5) / 8) * (i % 4 < 2 ? 1 : -1);
    });
    y.data.fill(tiny * 1.5);
    kernels.scatterPatches(dx, patches, 0, over);
    const outs = [[...dx.data]];
    kernels.scatterPlanes(dx, new Tensor(20, 4, patches.data), 0, over);
    outs.push([...dx.data]);
    kernels.averagePoolBackward(dx, y, over);
    outs.push([...dx.data]);
    kernels.averagePool(y, x, over);
    outs.push([...y.data]);
    for (const values of outs) {
      expect(values.filter((v) => v !== 0 && Math.abs(v) < tiny)).toEqual([]);
    }
  });

  test("what does not fit is refused before it is written", () => {
    const kernels = set.open(1 << 16);
    const { arena } = kernels;
    const over: WindowOver = { height: 4, width: 5, channels: 2, size: 3, stride: 1, padding: 0 };
    const [x, patches, y] = [arena.floats(2, 40), arena.floats(4, 18), arena.floats(2, 12)];
    expect(() => kernels.gatherPatches(patches, x, 9, over)).toThrow(
      /places must be among the 12 there are, got 4 from 9/,
    );
    expect(() => kernels.scatterPatches(x, patches, -1, over)).toThrow(/got 4 from -1 on/);
    expect(() => kernels.gatherPatches(patches, y, 0, over)).toThrow(/x must be \[2, 40\], got \[2, 12\]/);
    expect(() => kernels.maxPool(x, x, over)).toThrow(/y must be \[2, 12\]/);
    expect(() => kernels.maxPoolBackward(x, y, x, over)).toThrow(/dx must not be x/);
    expect(() => kernels.averagePool(y, x, { ...over, stride: 0 })).toThrow(/stride must be a whole number in \[1/);
    expect(() => kernels.averagePool(y, x, { ...over, size: 5 })).toThrow(/a window of 5 must fit into .* 4 × 5/);
  });
});

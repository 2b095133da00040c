import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { largestOf } from "../../src/core/long-lists.ts";
import { RandomStream } from "../../src/core/random.ts";
import type { Dtype, Tensor } from "../../src/core/tensor.ts";
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
    images: fc.integer({ min: 0, max: 5 }),
    height: fc.integer({ min: 1, max: 9 }),
    width: fc.integer({ min: 1, max: 9 }),
    channels: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom(8, 13, 16, 33)),
    size: fc.integer({ min: 1, max: 5 }),
    stride: fc.integer({ min: 1, max: 4 }),
    padding: fc.integer({ min: 0, max: 5 }),
  })
  .filter(({ height, width, size, padding }) => size <= Math.min(height, width) + 2 * padding);
type ImagesAndWindow = WindowOver & { readonly images: number };
const special = [0, -0, 1, 1, 1, Number.NaN, Infinity, -Infinity, -1];

function fill({ data }: Tensor, from: number, odd = false): void {
  const stream = RandomStream.seeded(from);
  for (let i = 0; i < data.length; i++) {
    data[i] = odd ? special[Math.floor(stream.double() * special.length)] : stream.normal();
  }
}

/** Whole numbers, so small that their products and sums are exact in either dtype. */
function fillWhole({ data }: Tensor, seed: number): void {
  const stream = RandomStream.seeded(seed);
  for (let i = 0; i < data.length; i++) {
    data[i] = Math.floor(stream.double() * 9) - 4;
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

  /** A convolution of n filters and its gradients, all in whole numbers; in the room of k patches where there are patches. */
  const expectExact = (over: ImagesAndWindow, n: number, k: number, activation: "none" | "relu") => {
    const [fast, reference] = both(set, (kernels) => {
      const depth = over.size ** 2 * over.channels;
      const shapes = [
        [over.images, over.height * over.width * over.channels],
        [over.images, over.height * over.width * over.channels],
        [over.images, placesOf(over) * n],
        ...[
          [depth, n],
          [depth, n],
          [1, n],
          [1, n],
          [k, depth],
        ],
      ];
      const made = shapes.map(([rows, cols]) => guarded(kernels, rows, cols));
      const [x, dx, y, w, dw, bias, db, patches] = made.map(([tensor]) => tensor);
      for (const [i, tensor] of [x, w, bias].entries()) {
        fillWhole(tensor, i);
      }
      kernels.convolve(y, patches, x, w, bias, activation, over);
      const found = [...y.data];
      fillWhole(y, 3);
      kernels.convolveGradients(dw, db, patches, x, y, over);
      kernels.convolveBackward(dx, patches, y, w, over);
      expect(made.map(([, untouched]) => untouched())).not.toContain(false);
      // Also what is only read: the kernels' scratch memory ends where x begins.
      return [found, ...[dw, db, dx, x, y, w, bias].map(({ data }) => [...data])].flat().map((value) => value + 0);
    });
    expectSame(fast, reference);
  };
  const filters = fc.oneof(fc.integer({ min: 1, max: 9 }), fc.constantFrom(12, 16, 20));
  const activations = fc.constantFrom("none" as const, "relu" as const);

  test("a convolution and its gradients are exact in whole numbers, of any window", () => {
    const room = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 100, max: 400 }));
    fc.assert(fc.property(anyWindow, filters, room, activations, expectExact), { numRuns: 40 });
  });

  test("so are those of few channels and filters, which go by planes", () => {
    const few = fc.tuple(anyWindow, fc.integer({ min: 1, max: 9 })).map(([over, channels]) => ({
      ...over,
      channels,
      stride: 1,
      padding: over.padding % over.size,
    }));
    fc.assert(
      fc.property(
        few.filter(({ height, width, size, padding }) => size <= Math.min(height, width) + 2 * padding),
        fc.integer({ min: 1, max: 8 }),
        activations,
        (over, n, activation) => expectExact(over, n, 7, activation),
      ),
      { numRuns: 40 },
    );
  });

  test("so are those whose rows fill registers, of any few channels and filters", () => {
    for (let channels = 1; channels <= 8; channels++) {
      for (let n = 1; n <= 8 && channels * n <= 36; n++) {
        for (const width of [8, 16, 17 + n, 31 + channels]) {
          expectExact({ images: 2, height: 5, width, channels, size: 3, stride: 1, padding: 1 }, n, 7, "none");
        }
      }
    }
  });

  test("so are those of images about as large as the scratch memory holds", () => {
    for (const [side, channels, n, size] of [
      [157, 1, 8, 3],
      [164, 1, 8, 3],
      [141, 6, 6, 2],
    ]) {
      expectExact({ images: 1, height: side, width: side + 1, channels, size, stride: 1, padding: 1 }, n, 500, "none");
    }
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
    const y = kernels.arena.floats(1, 20);
    x.data.forEach((_x, i) => {
      x.data[i] = tiny * (1 + (i % 3) / 4) * (i % 2 === 0 ? 1 : -1);
    });
    y.data.fill(tiny * 1.5);
    const outs: number[][] = [];
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
    const [x, y, w] = [arena.floats(2, 40), arena.floats(2, 12), arena.floats(18, 2)];
    const [patches, none, bias] = [arena.floats(4, 18), arena.floats(0, 18), arena.floats(1, 2)];
    expect(() => kernels.convolve(y, none, x, w, bias, "none", over)).toThrow(
      /patches must have at least 1 row, got \[0, 18\]/,
    );
    expect(() => kernels.convolve(y, patches, y, w, bias, "none", over)).toThrow(/x must be \[2, 40\], got \[2, 12\]/);
    expect(() => kernels.convolve(x, patches, x, w, bias, "none", over)).toThrow(/y must be \[2, 12\]/);
    expect(() => kernels.convolveBackward(x, patches, y, bias, over)).toThrow(/w must be \[18, 2\]/);
    expect(() => kernels.maxPool(x, x, over)).toThrow(/y must be \[2, 12\]/);
    expect(() => kernels.maxPoolBackward(x, y, x, over)).toThrow(/dx must not be x/);
    expect(() => kernels.averagePool(y, x, { ...over, stride: 0 })).toThrow(/stride must be a whole number in \[1/);
    expect(() => kernels.averagePool(y, x, { ...over, size: 5 })).toThrow(/a window of 5 must fit into .* 4 × 5/);
  });
});

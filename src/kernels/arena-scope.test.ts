import { expect, test } from "vitest";
import { ShapeError } from "../core/errors.ts";
import { nativeKernels } from "../node/native-kernels.ts";
import { ArenaScope } from "./arena-scope.ts";
import type { KernelSet } from "./kernels.ts";
import { referenceKernels } from "./reference.ts";
import { wasmKernels } from "./wasm.ts";

const page = 65_536;
const sets = [
  referenceKernels("float64"),
  wasmKernels("wasm-simd", "float32"),
  ...nativeKernels("float32").slice(0, 1),
];

/** What a run of some pages leaves in memory that it fills, in a scope that has ended. */
function used(set: KernelSet, pages: number): WebAssembly.Memory {
  const scope = new ArenaScope();
  const { arena } = scope.within(set).open(pages * page);
  new Uint8Array(arena.memory.buffer).fill(255);
  scope.end();
  return arena.memory;
}

test.each(sets)("the memory of a scope that has ended is the next one's, zeroed ($name)", (set) => {
  const before = used(set, 3);
  const scope = new ArenaScope();
  const kernels = scope.within(set).open(3 * page);
  expect(kernels.arena.memory).toBe(before);
  const [a, b, c] = [kernels.arena.floats(7, 40), kernels.arena.floats(40, 50), kernels.arena.floats(7, 50)];
  const next = kernels.arena.floats(7, 50);
  expect([a, b, c, next].every(({ data }) => data.every((x) => Object.is(x, 0)))).toBe(true);
  a.data.fill(2);
  b.data.fill(3);
  kernels.matmul(c, a, b, null, "none");
  expect(c.data.every((x) => x === 240)).toBe(true);
  expect(next.data.every((x) => x === 0)).toBe(true);
  scope.end();
});

test.each(sets)("no memory has two owners, and none of another size is taken ($name)", (set) => {
  const scope = new ArenaScope();
  const open = (pages: number) => scope.within(set).open(pages * page).arena.memory;
  const first = used(set, 5);
  expect(open(4)).not.toBe(first);
  expect(open(6)).not.toBe(first);
  expect(open(5)).toBe(first);
  const second = open(5);
  expect(second).not.toBe(first);
  scope.end();
  scope.end();
  const again = [open(5), open(5), open(5)];
  expect(new Set(again).size).toBe(3);
  expect(again).toEqual(expect.arrayContaining([first, second]));
  scope.end();
});

test("an arena that was released has no room left", () => {
  const scope = new ArenaScope();
  const { arena } = scope.within(referenceKernels("float32")).open(page);
  scope.end();
  expect(() => arena.floats(1, 1)).toThrow(ShapeError);
  arena.release();
  const [one, other] = [referenceKernels("float32").open(page), referenceKernels("float32").open(page)];
  expect(one.arena.memory).not.toBe(other.arena.memory);
});

test("a few arenas' memory is kept, and none that is large", () => {
  const set = referenceKernels("float32");
  const large = used(set, 600);
  expect(set.open(600 * page).arena.memory).not.toBe(large);
  const scope = new ArenaScope();
  const many = Array.from({ length: 9 }, () => scope.within(set).open(2 * page).arena.memory);
  scope.end();
  const next = Array.from({ length: 9 }, () => set.open(2 * page).arena.memory);
  expect(next.filter((memory) => many.includes(memory))).toHaveLength(4);
});

import { expect, test } from "vitest";
import { HyperError, ShapeError } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import { Affine } from "../nn/affine.ts";
import { Sequential } from "../nn/sequential.ts";
import { bytesFor, planned } from "./planned.ts";
import { referenceKernels } from "./reference.ts";
import { wasmKernels } from "./wasm.ts";

const page = 65_536;
const sets = [referenceKernels("float32"), referenceKernels("float64"), wasmKernels("wasm-simd", "float32")];

test.each(sets)("what is planned has just the room for it, to a page ($name $dtype)", (set) => {
  const place = (count: number) =>
    planned(set, ({ arena }) => ({ arena, all: Array.from({ length: count }, () => arena.floats(3, 100)) }));
  for (const count of [1, 40, 300]) {
    const { arena, all } = place(count);
    expect(all[count - 1].data).toHaveLength(300);
    expect(arena.used).toBe(
      bytesFor(set.dtype, (kernels) => Array.from({ length: count }, () => kernels.arena.floats(3, 100))),
    );
    expect(() => arena.floats(1, page)).toThrow(ShapeError);
    expect(() => arena.floats(1, page)).toThrow(/Make every tensor in the function that planned\(\) is given\.$/);
  }
});

test("a counted tensor has its shape and no element, whatever its size", () => {
  const shapes: unknown[] = [];
  const bytes = bytesFor("float64", ({ arena }) => {
    const huge = arena.floats(2 ** 20, 2 ** 20);
    shapes.push(huge.shape, huge.data.length, huge.firstRows(5).shape, arena.ints(7).shape, arena.numbers(3).length);
  });
  expect(shapes).toEqual([[2 ** 20, 2 ** 20], 0, [5, 2 ** 20], [1, 7], 0]);
  expect(bytes).toBe(2 ** 43 + 64 + 64);
});

test("what no memory holds is refused with how much it needs, before anything is allocated", () => {
  let runs = 0;
  const place = () =>
    planned(wasmKernels("wasm-simd", "float32"), (kernels) => {
      runs++;
      return new Sequential({ kernels, layers: [new Affine(2 ** 17, 2 ** 17)], maxRows: 1 });
    });
  expect(place).toThrow(HyperError);
  expect(place).toThrow("at most 4 GiB, got one of 128.0 GiB. Make its layers or its batch smaller.");
  expect(runs).toBe(2); // Counted once a call, never built.
});

test("a plan may be part of a larger one, and nothing is drawn while it is counted", () => {
  const stream = RandomStream.seeded(5);
  const { network, x } = planned(referenceKernels("float64"), (kernels) => {
    const network = planned(kernels, () => new Sequential({ kernels, layers: [new Affine(3, 2)], maxRows: 4 }));
    network.initialize(
      {
        name: "mine",
        about: { en: "", ja: "" },
        paper: "",
        draws: "double",
        draw: (w) => stream.fillDouble(w.data.length ? w.data : new Float64Array(6)),
      },
      stream,
    );
    return { network, x: kernels.arena.floats(4, 3) };
  });
  expect(x.buffer).toBe(network.params.buffer);
  const again = RandomStream.seeded(5);
  expect([...network.parameters[0].value.data]).toEqual(Array.from({ length: 6 }, () => again.double()));
});

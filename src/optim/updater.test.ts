import { expect, test } from "vitest";
import { HyperError } from "../core/errors.ts";
import { planned } from "../kernels/planned.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { optimizerNamed } from "./registry.ts";
import { Updater } from "./updater.ts";

function opened(name: string) {
  return planned(referenceKernels("float64"), (kernels) => {
    const [params, grads] = [kernels.arena.floats(1, 4), kernels.arena.floats(1, 4)];
    grads.data.fill(1);
    const updater = new Updater({
      ...{ kernels, params, grads, optimizer: optimizerNamed(name) },
      segments: [
        { begin: 0, count: 2, name: "a" },
        { begin: 2, count: 2, name: "b" },
      ],
      groups: [{ parameters: ["b"], lrFactor: 0.5 }],
    });
    return { params, updater };
  });
}

test("numbers that a rule keeps are given back to the range that they are of", () => {
  const { updater } = opened("nadam");
  updater.restore(3, { product: [0.25, 0.75] });
  expect(updater.state).toEqual({ product: [0.25, 0.75] });
  expect(updater.t).toBe(3);
  expect(() => updater.restore(3, { product: [0.25] })).toThrow(HyperError);
  expect(() => updater.restore(3, { other: [1, 2] })).toThrow(/state must hold 2 numbers for each of product/);
});

test("weights to evaluate with are there from the first step on", () => {
  const { updater } = opened("scheduleFreeAdamw");
  expect(updater.averaged).toBeNull();
  updater.step();
  expect(updater.averaged).toBe(updater.slots.get("x"));
});

import { expect, test } from "vitest";
import { type Dtype, dtypes } from "../../src/core/tensor.ts";
import type { KernelSet } from "../../src/kernels/kernels.ts";
import { planned } from "../../src/kernels/planned.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";
import { nativeKernels } from "../../src/node/native-kernels.ts";
import { optimizerFromText } from "../../src/optim/from-text.ts";
import type { Optimizer } from "../../src/optim/optimizer.ts";
import { optimizers } from "../../src/optim/registry.ts";
import { Updater } from "../../src/optim/updater.ts";

/** Zeros of both signs, what is 0 to a rule and what nearly is, what overflows, and no numbers. */
const special = [0, -0, 1e-40, -3e-38, 1.3e-35, -1.1e-35, 3.5e-18, 1e-19, 1e-310, 3e-305, 1e30, -1e300, Number.NaN];

/** Everything a rule keeps after some steps: parameters, slots and scalars, as they print with the signs of zeros. */
function after(kernels: KernelSet, optimizer: Optimizer, n: number): string {
  const segments = [
    { begin: 0, count: Math.floor(n / 3) },
    { begin: Math.floor(n / 3), count: n - Math.floor(n / 3) },
  ];
  const { params, grads, updater } = planned(kernels, (kernels) => {
    const [params, grads] = [kernels.arena.floats(1, n), kernels.arena.floats(1, n)];
    return { params, grads, updater: new Updater({ optimizer, kernels, params, grads, segments }) };
  });
  const valueAt = (i: number) => (i % 3 === 0 ? special[(i / 3) % special.length] : Math.sin(12.9898 * i));
  params.data.set(Array.from({ length: n }, (_, i) => valueAt(i)));
  for (let t = 1; t <= 4; t++) {
    grads.data.set(Array.from({ length: n }, (_, i) => valueAt(i * 7 + t)));
    updater.step();
  }
  const slots = [...updater.slots].map(([name, { data }]) => [name, [...data].map(written)]);
  return JSON.stringify([[...params.data].map(written), slots, updater.state]);
}

const written = (x: number) => (Object.is(x, -0) ? "-0" : String(x));

const variants = (dtype: Dtype) => nativeKernels(dtype);

for (const dtype of dtypes) {
  for (const kernels of variants(dtype)) {
    test(`${kernels.name}, ${dtype}: every rule's own loops give the interpreter's bits`, () => {
      for (const optimizer of optimizers) {
        for (const n of [1, 2, 3, 17, 200]) {
          const wanted = after(referenceKernels(dtype), optimizer, n);
          expect(after(kernels, optimizer, n), `${optimizer.name} of ${n}`).toBe(wanted);
        }
      }
    });
  }
}

test("the loops of every rule are native, those of a rule that is typed are not", () => {
  for (const kernels of variants("float32")) {
    const asked: boolean[] = [];
    const listening: KernelSet = {
      ...kernels,
      open(bytes) {
        const opened = kernels.open(bytes);
        const loopOf: typeof opened.loopOf = (...loop) => {
          const found = opened.loopOf!(...loop);
          asked.push(found !== undefined);
          return found;
        };
        return Object.create(opened, { loopOf: { value: loopOf } });
      },
    };
    for (const optimizer of optimizers) {
      after(listening, optimizer, 5);
    }
    expect(asked.length).toBeGreaterThanOrEqual(optimizers.length);
    expect(asked).not.toContain(false);
    asked.length = 0;
    after(listening, optimizerFromText("mine", "w = w - 2 * lr * g"), 5);
    expect(asked).toEqual([false]);
  }
});

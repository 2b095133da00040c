import { expect } from "vitest";
import type { Dtype } from "../../src/core/tensor.ts";
import type { KernelSet } from "../../src/kernels/kernels.ts";
import { planned } from "../../src/kernels/planned.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";
import type { Optimizer } from "../../src/optim/optimizer.ts";
import type { ParameterGroup, Segment } from "../../src/optim/parameter-groups.ts";
import { Updater } from "../../src/optim/updater.ts";

/** The reference kernels, under a name that makes an updater compile its rule: any but `reference`. */
function updaterKernels(compiled: boolean, dtype: Dtype): KernelSet {
  const set = referenceKernels(dtype);
  return compiled ? { ...set, open: (bytes) => Object.create(set.open(bytes), { name: { value: "wasm-simd" } }) } : set;
}

export interface TrajectorySetting {
  readonly compiled: boolean;
  readonly dtype: Dtype;
  readonly hyper?: Readonly<Record<string, number>>;
  readonly segments?: readonly Segment[];
  readonly groups?: readonly ParameterGroup[];
}

export type Gradient = (w: ArrayLike<number>, i: number, t: number) => number;

/** The parameters, then the slots, after `steps` steps on the gradients that `gradient` gives. */
export function trajectory(
  optimizer: Optimizer,
  setting: TrajectorySetting,
  start: readonly number[],
  gradient: Gradient,
  steps: number,
): number[][] {
  const { params, updater } = walk(optimizer, setting, start, gradient, steps);
  return [params, ...[...updater.slots.values()].map(({ data }) => data)].map((data) => [...data]);
}

/** The same, with the updater. @param look what happens after each step */
export function walk(
  optimizer: Optimizer,
  { compiled, dtype, ...options }: TrajectorySetting,
  start: readonly number[],
  gradient: Gradient,
  steps: number,
  look: (w: ArrayLike<number>, t: number, updater: Updater) => void = () => {},
) {
  const n = start.length;
  const { params, grads, updater } = planned(updaterKernels(compiled, dtype), (kernels) => {
    const [params, grads] = [kernels.arena.floats(1, n), kernels.arena.floats(1, n)];
    return { params, grads, updater: new Updater({ optimizer, kernels, params, grads, ...options }) };
  });
  params.data.set(start);
  expect(updater.compiled).toBe(compiled);
  for (let t = 1; t <= steps; t++) {
    for (let i = 0; i < n; i++) {
      grads.data[i] = gradient(params.data, i, t);
    }
    updater.step();
    look(params.data, t, updater);
  }
  return { params: params.data, updater };
}

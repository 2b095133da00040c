import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { walk } from "../support/trajectory.ts";

interface Torch {
  readonly a: readonly number[];
  readonly start: readonly number[];
  readonly optimizers: readonly { readonly name: string; readonly path: readonly (readonly number[])[] }[];
}

const file = new URL("torch-optimizers.json.gz", import.meta.url);
const torch: Torch = JSON.parse(gunzipSync(readFileSync(file)).toString());

/** PyTorch's optimizers with the arguments that the file was made with, as ours. */
const asOurs: Readonly<Record<string, readonly [name: string, hyper: Record<string, number>]>> = {
  SGD: ["sgd", { lr: 0.05 }],
  "SGD+momentum": ["momentumTorch", { lr: 0.02, momentum: 0.9 }],
  "SGD+nesterov": ["nesterovTorch", { lr: 0.02, momentum: 0.9 }],
  "SGD+momentum+decay": ["momentumTorch", { lr: 0.02, momentum: 0.9, weightDecay: 0.01, dampening: 0.1 }],
  Adagrad: ["adagradTorch", { lr: 0.5 }],
  "Adagrad+decay": ["adagradTorch", { lr: 0.5, lrDecay: 0.01, weightDecay: 0.01 }],
  Adadelta: ["adadelta", { lr: 1, decay: 0.9, eps: 1e-6 }],
  RMSprop: ["rmspropTorch", { lr: 0.05, decay: 0.99 }],
  "RMSprop+centered+momentum": ["rmspropCentered", { lr: 0.02, decay: 0.9, momentum: 0.5 }],
  Adam: ["adamTorch", { lr: 0.1 }],
  "Adam+decay": ["adamTorch", { lr: 0.1, weightDecay: 0.1 }],
  AMSGrad: ["amsgrad", { lr: 0.1 }],
  AdamW: ["adamw", { lr: 0.1, weightDecay: 0.1 }],
  Adamax: ["adamax", { lr: 0.1 }],
  NAdam: ["nadam", { lr: 0.1 }],
  RAdam: ["radam", { lr: 0.1 }],
  Rprop: ["rprop", { lr: 0.1 }],
};

/** f = Σ ½a·x² + cos x */
const gradient = (x: ArrayLike<number>, i: number) => torch.a[i] * x[i] - Math.sin(x[i]);

test("the file holds seventeen optimizers", () => {
  expect(torch.optimizers.map(({ name }) => name)).toEqual(Object.keys(asOurs));
});

describe.each([
  ["interpreted", false],
  ["compiled", true],
] as const)("%s in float64", (_, compiled) => {
  test.each(torch.optimizers)("$name: PyTorch's 100 steps to 1e-12", ({ name, path }) => {
    const [ours, hyper] = asOurs[name];
    let largest = 0;
    walk(optimizerNamed(ours), { compiled, dtype: "float64", hyper }, torch.start, gradient, path.length - 1, (w, t) => {
      for (const [i, wanted] of path[t].entries()) {
        largest = Math.max(largest, Math.abs(w[i] - wanted) / Math.max(1, Math.abs(wanted)));
      }
    });
    expect(largest).toBeLessThan(1e-12);
  });
});

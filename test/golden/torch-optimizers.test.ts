import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { torchRules } from "../support/torch-rules.ts";
import { walk } from "../support/trajectory.ts";

interface Torch {
  readonly a: readonly number[];
  readonly start: readonly number[];
  readonly optimizers: readonly { readonly name: string; readonly path: readonly (readonly number[])[] }[];
}

const file = new URL("torch-optimizers.json.gz", import.meta.url);
const torch: Torch = JSON.parse(gunzipSync(readFileSync(file)).toString());

/** f = Σ ½a·x² + cos x */
const gradient = (x: ArrayLike<number>, i: number) => torch.a[i] * x[i] - Math.sin(x[i]);

test("the file holds seventeen optimizers", () => {
  expect(torch.optimizers.map(({ name }) => name)).toEqual(Object.keys(torchRules));
});

describe.each([
  ["interpreted", false],
  ["compiled", true],
] as const)("%s in float64", (_, compiled) => {
  test.each(torch.optimizers)("$name: PyTorch's 100 steps to 1e-12", ({ name, path }) => {
    const [ours, hyper] = torchRules[name];
    let largest = 0;
    walk(optimizerNamed(ours), { compiled, dtype: "float64", hyper }, torch.start, gradient, path.length - 1, (w, t) => {
      for (const [i, wanted] of path[t].entries()) {
        largest = Math.max(largest, Math.abs(w[i] - wanted) / Math.max(1, Math.abs(wanted)));
      }
    });
    expect(largest).toBeLessThan(1e-12);
  });
});

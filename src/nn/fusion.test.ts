import { expect, test } from "vitest";
import { networkWithBatch } from "../../test/support/network-with-batch.ts";
import { RandomStream } from "../core/random.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Kernels } from "../kernels/kernels.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { fusedActivations, fusedNames, Relu, Sigmoid } from "./activation.ts";
import { Affine } from "./affine.ts";
import type { Layer } from "./layer.ts";
import { planFusion } from "./network-plan.ts";

/** y = min(max(x, 0), 6), by a name of its own as plain JavaScript may give one. */
class Relu6 extends Relu {
  override readonly kind = "relu6" as "relu";

  protected override apply(kernels: Kernels, y: Tensor, x: Tensor): void {
    super.apply(kernels, y, x);
    y.data.forEach((value, i) => {
      y.data[i] = Math.min(value, 6);
    });
  }
}

/** y = 2/(1 + e^−x), by another method than the one that ours overrides. */
class Doubled extends Sigmoid {
  override forward(x: Tensor): Tensor {
    const y = super.forward(x);
    y.data.forEach((value, i) => {
      y.data[i] = 2 * value;
    });
    return y;
  }
}

/** Adds 40 to all it gives. */
class Shifted extends Affine {
  override forward(x: Tensor): Tensor {
    const y = super.forward(x);
    y.data.forEach((value, i) => {
      y.data[i] = value + 40;
    });
    return y;
  }
}

function outputs(layers: Layer[]): number[] {
  const { network, x } = networkWithBatch({ kernels: wasmKernels("wasm-simd", "float64"), layers, maxRows: 4 });
  network.initialize("he", RandomStream.seeded(0));
  RandomStream.seeded(1).fillNormal(x.data, 20);
  return [...network.forward(x, "evaluate").data];
}

test("a class derived from an activation computes itself, behind an Affine as anywhere", () => {
  const plain = outputs([new Affine(3, 5)]);
  expect(Math.max(...plain)).toBeGreaterThan(6);
  expect(outputs([new Affine(3, 5), new Relu6(5)])).toEqual(plain.map((x) => Math.min(Math.max(x, 0), 6)));
  const sigmoid = outputs([new Affine(3, 5), new Sigmoid(5)]);
  expect(outputs([new Affine(3, 5), new Doubled(5)])).toEqual(sigmoid.map((y) => 2 * y));
});

test("a class derived from Affine comes before its activation, not into it", () => {
  const shifted = outputs([new Shifted(3, 5)]);
  expect(shifted.some((x) => x > 0 && x < 40)).toBe(true);
  expect(outputs([new Shifted(3, 5), new Relu(5)])).toEqual(shifted.map((x) => Math.max(x, 0)));
});

test("our own activations are applied with the product, and give what they give alone", () => {
  for (const name of fusedNames) {
    const affine = new Affine(3, 5);
    const activation = new fusedActivations[name](5);
    const fused = outputs([affine, activation]);
    expect(planFusion([affine, activation])).toEqual([
      { activation: name, applied: false },
      { activation: "none", applied: true },
    ]);
    class Apart extends (fusedActivations[name] as typeof Relu) {}
    expect(fused).toEqual(outputs([new Affine(3, 5), new Apart(5)]));
  }
});

test("a layer that is used again in another network is fused for that one", () => {
  const activation = new Relu(3);
  const affine = new Affine(3, 3);
  const apart = outputs([new Relu(3), new Affine(3, 3)]);
  outputs([affine, activation]);
  expect(outputs([activation, affine])).toEqual(apart);
});

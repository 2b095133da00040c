import { fusedActivations, fusedNames } from "./activation.ts";
import { Affine } from "./affine.ts";
import { Conv2d } from "./conv2d.ts";
import type { Layer } from "./layer.ts";

/**
 * Lets each Affine and each convolution apply the activation right behind it. By constructor: a class derived from one of
 * ours computes itself, whatever it overrides.
 */
export function fuseActivations(layers: readonly Layer[]): void {
  layers.forEach((layer, i) => {
    const behind = layers[i + 1];
    const name = fusedNames.find((kind) => behind?.constructor === fusedActivations[kind]);
    if (isProduct(layer)) {
      const own = layer.constructor === Affine || layer.constructor === Conv2d;
      layer.fused = own && name !== undefined ? name : "none";
    }
    const before = layers[i - 1];
    if (isFusable(layer)) {
      layer.fused = before !== undefined && isProduct(before) && before.fused !== "none";
    }
  });
}

function isProduct(layer: Layer): layer is Affine | Conv2d {
  return layer instanceof Affine || layer instanceof Conv2d;
}

function isFusable(layer: Layer): layer is InstanceType<(typeof fusedActivations)[keyof typeof fusedActivations]> {
  return fusedNames.some((kind) => layer instanceof fusedActivations[kind]);
}

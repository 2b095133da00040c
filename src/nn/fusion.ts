import type { Fusion, Layer } from "./layer.ts";

/** For each of some layers, one after the other: a product applies the activation behind it while it is in registers. */
export function planFusion(layers: readonly Layer[]): Fusion[] {
  const activations = layers.map(({ product }, i) => (product && layers[i + 1]?.activation) || "none");
  return activations.map((activation, i) => ({ activation, applied: i > 0 && activations[i - 1] !== "none" }));
}

import type { FloatArray } from "../core/tensor.ts";
import type { Sequential } from "../nn/sequential.ts";

/** What one step did to one weight matrix, and what the activation behind it looked like on the step's minibatch. */
export interface LayerDiagnostic {
  /** `affine1` */
  readonly layer: string;
  /** ‖∂loss/∂W‖ */
  readonly gradientNorm: number;
  /** ‖ΔW‖ / ‖W‖ */
  readonly updateRatio: number;
  /** Share of the units that were 0 for every row; null where no activation follows. */
  readonly deadShare: number | null;
  /** Share of the outputs within 2% of an end of the function's range: 0 and 1, or −1 and 1; null for ReLU. */
  readonly saturatedShare: number | null;
}

/**
 * Looks at a network right after one step.
 * @param before the flat parameters before the step's update
 */
export function diagnose(network: Sequential, before: FloatArray): LayerDiagnostic[] {
  const weights = network.parameters.filter(({ shape }) => shape.decays);
  return weights.map(({ layer, begin, value, grad }) => {
    let change = 0;
    let size = 0;
    for (let i = 0; i < value.data.length; i++) {
      change += (value.data[i] - before[begin + i]) ** 2;
      size += before[begin + i] ** 2;
    }
    const at = network.layers.findIndex(({ name }) => name === layer);
    const next = network.layers.findIndex(({ name }, i) => i > at && name.startsWith("affine"));
    const between = network.layers.slice(at + 1, next < 0 ? undefined : next);
    const activation = between.find(({ layer: { kind } }) => ["relu", "sigmoid", "tanh"].includes(kind));
    const output = activation?.output ?? null;
    return {
      layer,
      gradientNorm: Math.sqrt(network.kernels.sumOfSquares(grad)),
      updateRatio: Math.sqrt(change / size),
      deadShare: output === null ? null : deadShare(output.data, output.cols),
      saturatedShare: output === null ? null : saturatedShare(output.data, activation!.layer.kind),
    };
  });
}

function deadShare(values: FloatArray, width: number): number {
  const alive = new Uint8Array(width);
  for (let i = 0; i < values.length; i++) {
    alive[i % width] |= values[i] !== 0 ? 1 : 0;
  }
  return alive.reduce((count, unit) => count + (unit === 0 ? 1 : 0), 0) / width;
}

function saturatedShare(values: FloatArray, kind: string): number | null {
  if (kind === "relu") {
    return null;
  }
  const [low, high] = kind === "sigmoid" ? [0.02, 0.98] : [-0.98, 0.98];
  let count = 0;
  for (const value of values) {
    count += value < low || value > high ? 1 : 0;
  }
  return count / values.length;
}

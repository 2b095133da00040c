import type { LayerDiagnostic } from "../core/note.ts";
import type { FloatArray, Tensor } from "../core/tensor.ts";
import { tiny } from "../core/tiny.ts";
import { type ActivationName, activations } from "../nn/activation.ts";
import { hasWeights } from "../nn/layer.ts";
import type { NamedLayer, Parameter, Sequential } from "../nn/sequential.ts";

/** What a step leaves behind beside the network itself. */
export interface StepTraces {
  /** The flat parameters before the step's update. */
  readonly before: FloatArray;
  /** The update rule's state, by name; each [1, n]. */
  readonly slots: ReadonlyMap<string, Tensor>;
}

/** Looks at a network right after one step. */
export function diagnose(network: Sequential, traces: StepTraces): LayerDiagnostic[] {
  return weightMatrices(network).map((weights) => diagnoseLayer(network, weights, traces));
}

/** Looks at one of the {@link weightMatrices}. */
export function diagnoseLayer(network: Sequential, weights: Parameter, { before, slots }: StepTraces): LayerDiagnostic {
  const { layer, grad } = weights;
  const activation = activationBehind(network, layer);
  const output = activation?.output ?? null;
  return {
    layer,
    gradientNorm: Math.sqrt(network.kernels.sumOfSquares(grad)),
    updateRatio: updateRatio(weights, before),
    // Of a convolution a unit is a filter, wherever in the image it looks: channels come last.
    deadShare: output === null ? null : deadShare(output.data, Math.min(output.cols, weights.value.cols)),
    saturatedShare: output === null ? null : saturatedShare(output.data, activation!.layer.kind),
    sleepingShare: sleepingShare(weights, [...slots.values()]),
  };
}

/** The matrices of a network's layers, Affine and Conv2d, from the input on. */
export function weightMatrices(network: Sequential): Parameter[] {
  return network.parameters.filter(({ shape }) => shape.decays);
}

/** The activation between a layer with weights and the next one; null where none follows. */
export function activationBehind(network: Sequential, weighted: string): NamedLayer | null {
  const at = network.layers.findIndex(({ name }) => name === weighted);
  const next = network.layers.findIndex(({ layer }, i) => i > at && hasWeights(layer));
  const between = network.layers.slice(at + 1, next < 0 ? undefined : next);
  return between.find(({ layer: { kind } }) => isActivation(kind)) ?? null;
}

function isActivation(kind: string): kind is ActivationName {
  return Object.hasOwn(activations, kind);
}

/** ‖ΔW‖ / ‖W‖. A function of its own: decision 0034. */
function updateRatio({ begin, value }: Parameter, before: FloatArray): number {
  let change = 0;
  let size = 0;
  for (let i = 0; i < value.data.length; i++) {
    change += (value.data[i] - before[begin + i]) ** 2;
    size += before[begin + i] ** 2;
  }
  return Math.sqrt(change / size);
}

function deadShare(values: FloatArray, width: number): number {
  const alive = new Uint8Array(width);
  for (let from = 0; from < values.length; from += width) {
    for (let unit = 0; unit < width; unit++) {
      alive[unit] |= values[from + unit] !== 0 ? 1 : 0;
    }
  }
  return alive.reduce((count, unit) => count + (unit === 0 ? 1 : 0), 0) / width;
}

function saturatedShare(values: FloatArray, kind: string): number | null {
  if (kind !== "sigmoid" && kind !== "tanh") {
    return null;
  }
  const [low, high] = kind === "sigmoid" ? [0.02, 0.98] : [-0.98, 0.98];
  let count = 0;
  for (const value of values) {
    count += value < low || value > high ? 1 : 0;
  }
  return count / values.length;
}

function sleepingShare({ begin, grad }: Parameter, slots: readonly Tensor[]): number | null {
  if (slots.length === 0) {
    return null;
  }
  const bound = tiny[grad.data instanceof Float32Array ? "float32" : "float64"];
  let count = 0;
  for (let i = 0; i < grad.data.length; i++) {
    const rests = Math.abs(grad.data[i]) < bound && slots.some(({ data }) => data[begin + i] === 0);
    count += rests ? 1 : 0;
  }
  return count / grad.data.length;
}

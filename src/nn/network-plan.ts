import { align } from "../core/arena.ts";
import { ShapeError } from "../core/errors.ts";
import { bytesPerElement, type Dtype } from "../core/tensor.ts";
import type { Fusion, Layer, ParameterShape } from "./layer.ts";

/** @throws ShapeError when there is none, one stands in two places, or neighbours do not fit */
export function checkChain(layers: readonly Layer[]): void {
  if (layers.length === 0) {
    throw new ShapeError({
      en: "network: at least 1 layer is needed, got none.",
      ja: "network: 層が1つ以上必要です。",
    });
  }
  if (new Set(layers).size !== layers.length) {
    throw new ShapeError({
      en: "network: every layer must stand in one place, got one twice. Make a layer for each place.",
      ja: "network: 同じ層のオブジェクトが2か所で使われています。場所ごとに別の層を作ってください。",
    });
  }
  for (let i = 1; i < layers.length; i++) {
    const before = layers[i - 1];
    if (before.outputSize !== layers[i].inputSize) {
      throw new ShapeError({
        en: `network: layer ${i + 1} (${layers[i].kind}) must take ${before.outputSize} columns, got one for ${layers[i].inputSize}.`,
        ja: `network: 第 ${i + 1} 層(${layers[i].kind})の入力は ${before.outputSize} 列でなければなりません(${layers[i].inputSize} 列でした)。`,
      });
    }
  }
}

/** The kind of each layer and a number from 1: `affine1`, `relu1`, `affine2` … */
export function layerNames(layers: readonly Pick<Layer, "kind">[]): string[] {
  const counts = new Map<string, number>();
  return layers.map(({ kind }) => {
    const number = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, number);
    return `${kind}${number}`;
  });
}

/** Elements of the flat buffer that holds all parameters of these layers, gaps included. */
export function parameterCount(layers: readonly Layer[], dtype: Dtype): number {
  return planParameters(layers, dtype).total;
}

/** Where a parameter lies in the flat buffers. */
export interface PlannedParameter {
  /** Of the layer. */
  readonly index: number;
  /** As the layer calls it. */
  readonly key: string;
  readonly shape: ParameterShape;
  /** In elements. */
  readonly begin: number;
}

/** Each parameter begins on a cache line of the flat buffer; the elements between stay 0. */
export function planParameters(
  layers: readonly Layer[],
  dtype: Dtype,
): { readonly parts: readonly PlannedParameter[]; readonly total: number } {
  const size = bytesPerElement(dtype);
  const parts: PlannedParameter[] = [];
  let total = 0;
  layers.forEach((layer, index) => {
    for (const [key, shape] of Object.entries(layer.parameters)) {
      parts.push({ index, key, shape, begin: total });
      total += align(shape.rows * shape.cols * size) / size;
    }
  });
  return { parts, total };
}

/** For each of some layers, one after the other: a product applies the activation behind it while it is in registers. */
export function planFusion(layers: readonly Layer[]): Fusion[] {
  const activations = layers.map(({ product }, i) => (product && layers[i + 1]?.activation) || "none");
  return activations.map((activation, i) => ({ activation, applied: i > 0 && activations[i - 1] !== "none" }));
}

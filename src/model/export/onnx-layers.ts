import { HyperError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { NumberArray } from "../../formats/number-array.ts";
import type { OnnxGraph } from "../../formats/onnx-graph.ts";
import type { ExportedLayer } from "./exported-layer.ts";

/** What a layer is written with. */
interface Writing {
  readonly graph: OnnxGraph;
  /** Name of the edge that comes in, [rows, inputSize]. */
  readonly x: string;
  readonly layer: ExportedLayer;
  readonly dtype: Dtype;
}

/** Writes a layer in evaluation mode; gives the name of the edge that goes out, [rows, outputSize]. */
type LayerWriter = (writing: Writing) => string;

/** One operator of ONNX that is the layer. */
const operator =
  (type: string): LayerWriter =>
  ({ graph, x }) =>
    graph.op(type, [x]);

/** Every kind of layer there is, as operators of ONNX. A kind that is not here is refused by {@link writeLayer}. */
export const onnxLayers: Readonly<Record<string, LayerWriter>> = {
  affine: ({ graph, x, layer: { tensors } }) =>
    graph.op("Gemm", [x, graph.constant(tensors.W), graph.constant(vector(tensors.b))]),
  batchNorm: ({ graph, x, layer: { tensors, settings } }) => {
    const { gamma, beta, runningMean, runningVariance } = tensors;
    const constants = [gamma, beta, runningMean, runningVariance].map((tensor) => graph.constant(vector(tensor)));
    return graph.op("BatchNormalization", [x, ...constants], { epsilon: { float: Number(settings.eps ?? 1e-6) } });
  },
  /** Nothing is dropped in evaluation; the book's variant makes up for it there. */
  dropout: ({ graph, x, layer: { settings }, dtype }) =>
    settings.variant === "book" ? graph.op("Mul", [x, scalar(graph, 1 - Number(settings.ratio), dtype)]) : x,
  relu: operator("Relu"),
  sigmoid: operator("Sigmoid"),
  tanh: operator("Tanh"),
};

/** Adds a layer to a graph. @throws HyperError for a kind that ONNX has not been told of */
export function writeLayer(writing: Writing): string {
  const { kind } = writing.layer;
  if (!Object.hasOwn(onnxLayers, kind)) {
    throw new HyperError({
      en: `onnx: layers must be of a kind with ONNX operators, got ${kind}. Known: ${Object.keys(onnxLayers).join(", ")}. Export to npz or safetensors.`,
      ja: `onnx: ${kind} 層は ONNX に書き出せません(書き出せる層: ${Object.keys(onnxLayers).join("、")})。npz か safetensors を選んでください。`,
    });
  }
  return onnxLayers[kind](writing);
}

/** A number as a constant of the graph. */
export function scalar(graph: OnnxGraph, value: number, dtype: Dtype): string {
  const data = dtype === "float32" ? Float32Array.of(value) : Float64Array.of(value);
  return graph.constant({ dtype, shape: [], data });
}

/** [1, n] as [n] */
function vector({ dtype, data }: NumberArray): NumberArray {
  return { dtype, shape: [data.length], data };
}

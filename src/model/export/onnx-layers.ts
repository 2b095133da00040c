import { HyperError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { NumberArray } from "../../formats/number-array.ts";
import type { OnnxGraph } from "../../formats/onnx-graph.ts";
import type { PlacedLayer } from "../placed-layers.ts";
import type { ExportedLayer } from "./exported-model.ts";

/** What a layer is written with. */
interface Writing<Spec = PlacedLayer> {
  readonly graph: OnnxGraph;
  /** Name of the edge that comes in, [rows, inputs]. */
  readonly x: string;
  readonly spec: Spec;
  readonly tensors: ExportedLayer["tensors"];
  readonly dtype: Dtype;
}

/** Writes a layer in evaluation mode; gives the name of the edge that goes out, [rows, outputs]. */
type LayerWriters = { readonly [K in PlacedLayer["kind"]]?: (writing: Writing<PlacedLayer & { kind: K }>) => string };

/** One operator of ONNX that is the layer. */
const operator =
  (type: string) =>
  ({ graph, x }: Pick<Writing, "graph" | "x">) =>
    graph.op(type, [x]);

/** Kinds of layers as operators of ONNX. A kind that is not here is refused by {@link writeLayer}. */
const writers: LayerWriters = {
  affine: ({ graph, x, tensors }) => graph.op("Gemm", [x, graph.constant(tensors.W), graph.constant(tensors.b)]),
  batchNorm: ({ graph, x, spec, tensors: { gamma, beta, runningMean, runningVariance } }) => {
    const constants = [gamma, beta, runningMean, runningVariance].map((tensor) => graph.constant(tensor));
    return graph.op("BatchNormalization", [x, ...constants], { epsilon: { float: spec.eps } });
  },
  // Nothing is dropped in evaluation; the book's variant makes up for it there.
  dropout: ({ graph, x, spec, dtype }) =>
    spec.variant === "book" ? graph.op("Mul", [x, scalar(graph, 1 - spec.dropRatio, dtype)]) : x,
  relu: operator("Relu"),
  sigmoid: operator("Sigmoid"),
  tanh: operator("Tanh"),
};

/** Kinds of layers that can be written. */
export const onnxKinds: readonly string[] = Object.keys(writers);

/** Adds a layer to a graph; gives the name of the edge that goes out. @throws HyperError for a kind without operators */
export function writeLayer(writing: Writing): string {
  const { kind } = writing.spec;
  const writer = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
  if (writer === undefined) {
    throw new HyperError({
      en: `onnx: every layer must be of a kind that can be written, got ${kind}. Known: ${onnxKinds.join(", ")}. Export to npz or safetensors.`,
      ja: `onnx: ${kind} 層は ONNX に書き出せません(書き出せる層: ${onnxKinds.join("、")})。npz か safetensors を選んでください。`,
    });
  }
  return writer(writing as never);
}

/** A number as a constant of the graph. */
function scalar(graph: OnnxGraph, value: number, dtype: Dtype): string {
  const data: NumberArray["data"] = dtype === "float32" ? Float32Array.of(value) : Float64Array.of(value);
  return graph.constant({ dtype, shape: [], data });
}

import { HyperError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import { inType, type NumberArray } from "../../formats/number-array.ts";
import type { Attribute, OnnxGraph } from "../../formats/onnx-graph.ts";
import type { ImageShape, Window } from "../../nn/image-shape.ts";
import type { PlacedLayer } from "../placed-layers.ts";
import { convolutionWeight } from "../torch-layout.ts";
import { type ExportedLayer, exportedWithin } from "./exported-model.ts";

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

/** What is done with numbers for each column; for each channel where pixels share them. */
function byPixel(
  graph: OnnxGraph,
  x: string,
  { image, outputs }: { readonly image?: ImageShape; readonly outputs: number },
  write: (rows: string) => string,
): string {
  if (image === undefined) {
    return write(x);
  }
  const pixels = graph.op("Reshape", [x, graph.wholes(-1, image.channels)]);
  return graph.op("Reshape", [write(pixels), graph.wholes(-1, outputs)]);
}

/** Kinds of layers as operators of ONNX. A kind that is not here is refused by {@link writeLayer}. */
const writers: LayerWriters = {
  affine: ({ graph, x, tensors }) => graph.op("Gemm", [x, graph.constant(tensors.W), graph.constant(tensors.b)]),
  batchNorm: ({ graph, x, spec, tensors: { gamma, beta, runningMean, runningVariance } }) => {
    const constants = [gamma, beta, runningMean, runningVariance].map((tensor) => graph.constant(tensor));
    return byPixel(graph, x, spec, (rows) =>
      graph.op("BatchNormalization", [rows, ...constants], { epsilon: { float: spec.eps } }),
    );
  },
  // Nothing is dropped in evaluation; the book's variant makes up for it there.
  dropout: ({ graph, x, spec, dtype }) =>
    spec.variant === "book" ? graph.op("Mul", [x, scalar(graph, 1 - spec.dropRatio, dtype)]) : x,
  relu: operator("Relu"),
  sigmoid: operator("Sigmoid"),
  tanh: operator("Tanh"),
  // Of operators that runtimes have in float64 too.
  leakyRelu: ({ graph, x, dtype }) => graph.op("Max", [x, graph.op("Mul", [x, scalar(graph, 0.01, dtype)])]),
  elu: (writing) => elu(writing, 1),
  selu: (writing) =>
    writing.graph.op("Mul", [
      elu(writing, 1.6732632423543772),
      scalar(writing.graph, 1.0507009873554805, writing.dtype),
    ]),
  softplus: ({ graph, x, dtype }) => {
    const power = graph.op("Exp", [graph.op("Neg", [graph.op("Abs", [x])])]);
    const rest = graph.op("Log", [graph.op("Add", [power, scalar(graph, 1, dtype)])]);
    return graph.op("Add", [graph.op("Max", [x, scalar(graph, 0, dtype)]), rest]);
  },
  gelu: ({ graph, x, dtype }) => {
    const along = graph.op("Mul", [x, scalar(graph, Math.SQRT1_2, dtype)]);
    const erf = inFloat32(graph, along, dtype, (z) => graph.op("Erf", [z]));
    const half = graph.op("Mul", [x, scalar(graph, 0.5, dtype)]);
    return graph.op("Mul", [half, graph.op("Add", [erf, scalar(graph, 1, dtype)])]);
  },
  // Not x times its Sigmoid: ONNX Runtime fuses these into an operator that it lacks in float64.
  silu: ({ graph, x, dtype }) => {
    const power = graph.op("Exp", [graph.op("Neg", [x])]);
    return graph.op("Div", [x, graph.op("Add", [power, scalar(graph, 1, dtype)])]);
  },
  prelu: ({ graph, x, spec, tensors, dtype }) =>
    byPixel(graph, x, spec, (rows) => {
      const below = graph.op("Mul", [rows, graph.constant(tensors.a)]);
      return graph.op("Where", [graph.op("Greater", [rows, scalar(graph, 0, dtype)]), rows, below]);
    }),
  layerNorm: ({ graph, x, spec, tensors: { gamma, beta } }) =>
    graph.op("LayerNormalization", [x, graph.constant(gamma), graph.constant(beta)], {
      axis: { int: -1 },
      epsilon: { float: spec.eps },
    }),
  rmsNorm: ({ graph, x, spec, tensors, dtype }) => {
    const mean = graph.op("ReduceMean", [graph.op("Mul", [x, x]), graph.wholes(1)], { keepdims: { int: 1 } });
    const size = graph.op("Sqrt", [graph.op("Add", [mean, scalar(graph, spec.eps, dtype)])]);
    return graph.op("Mul", [graph.op("Div", [x, size]), graph.constant(tensors.gamma)]);
  },
  maxout: ({ graph, x, spec }) => {
    const pieces = graph.op("Reshape", [x, graph.wholes(-1, spec.outputs, spec.pieces)]);
    return graph.op("ReduceMax", [pieces, graph.wholes(2)], { keepdims: { int: 0 } });
  },
  conv2d: ({ graph, x, spec, tensors, dtype }) =>
    overImage({ graph, x, spec, dtype }, (image) => {
      const kernel = inType(convolutionWeight(tensors.W, spec), "float32");
      const inputs = [image, graph.constant(kernel), graph.constant(inType(tensors.b, "float32"))];
      return graph.op("Conv", inputs, windowAttributes(spec));
    }),
  maxPool: ({ graph, x, spec, dtype }) =>
    overImage({ graph, x, spec, dtype }, (image) => graph.op("MaxPool", [image], windowAttributes(spec))),
  averagePool: ({ graph, x, spec, dtype }) =>
    overImage({ graph, x, spec, dtype }, (image) =>
      graph.op("AveragePool", [image], { ...windowAttributes(spec), count_include_pad: { int: 1 } }),
    ),
  globalAveragePool: ({ graph, x, spec: { input } }) => {
    const pixels = graph.op("Reshape", [x, graph.wholes(-1, input.height * input.width, input.channels)]);
    return graph.op("ReduceMean", [pixels, graph.wholes(1)], { keepdims: { int: 0 } });
  },
  // Rows of the batch are flat already.
  flatten: ({ x }) => x,
  residual: ({ graph, x, spec, tensors, dtype }) => {
    const f = exportedWithin({ spec, tensors }).reduce(
      (edge, layer) => writeLayer({ graph, x: edge, dtype, ...layer }),
      x,
    );
    const counted = spec.survival === 1 ? f : graph.op("Mul", [f, scalar(graph, spec.survival, dtype)]);
    return graph.op("Add", [x, counted]);
  },
};

/** x, or α·(eˣ − 1) below 0. */
function elu({ graph, x, dtype }: Pick<Writing, "graph" | "x" | "dtype">, alpha: number): string {
  const zero = scalar(graph, 0, dtype);
  const power = graph.op("Exp", [graph.op("Min", [x, zero])]);
  const below = graph.op("Mul", [graph.op("Sub", [power, scalar(graph, 1, dtype)]), scalar(graph, alpha, dtype)]);
  return graph.op("Where", [graph.op("Greater", [x, zero]), x, below]);
}

/** Operators that runtimes have in float32 only, within a graph of either type. */
function inFloat32(graph: OnnxGraph, x: string, dtype: Dtype, write: (x: string) => string): string {
  if (dtype === "float32") {
    return write(x);
  }
  return graph.op("Cast", [write(graph.op("Cast", [x], { to: { int: 1 } }))], { to: { int: 11 } });
}

/** Flat rows of images, channels last, as ONNX has images (channels first), and back. */
function overImage(
  { graph, x, spec, dtype }: Pick<Writing, "graph" | "x" | "dtype"> & { spec: Placement },
  write: (image: string) => string,
): string {
  const { height, width, channels } = spec.input;
  return inFloat32(graph, x, dtype, (rows) => {
    const image = graph.op("Reshape", [rows, graph.wholes(-1, height, width, channels)]);
    const first = graph.op("Transpose", [image], { perm: { ints: [0, 3, 1, 2] } });
    const last = graph.op("Transpose", [write(first)], { perm: { ints: [0, 2, 3, 1] } });
    return graph.op("Reshape", [last, graph.wholes(-1, spec.outputs)]);
  });
}

type Placement = Extract<PlacedLayer, { input: unknown }>;

function windowAttributes({ size, stride, padding }: Window): Readonly<Record<string, Attribute>> {
  const four = [padding, padding, padding, padding];
  return { kernel_shape: { ints: [size, size] }, strides: { ints: [stride, stride] }, pads: { ints: four } };
}

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

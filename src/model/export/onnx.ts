import type { Dtype } from "../../core/tensor.ts";
import { version } from "../../core/version.ts";
import { OnnxGraph } from "../../formats/onnx-graph.ts";
import type { ModelState } from "../model-state.ts";
import { type ExportedColumn, type ExportedModel, exportedModel } from "./exported-model.ts";
import { writeLayer } from "./onnx-layers.ts";

export interface OnnxOptions {
  /** Element type of the graph's input; float64 keeps raw numbers such as seconds since 1970 exact. `float32` when absent. */
  readonly inputType?: Dtype;
}

/**
 * Writes a model as an ONNX graph (opset 18). Everything between a raw row and a prediction is inside:
 *
 * - `input` [rows, columns]: one number a column (of an image: one a byte, 0–255). A column of words is given as the word's
 *   place in its list, from 0; an answer as 0 or 1; a date in seconds since 1970; NaN is a missing value. The columns and
 *   their words are the model's metadata `columns`.
 * - `probabilities` [rows, classes or labels]; of classes `class` [rows] too, int64, the place of the likeliest (metadata
 *   `classes`). Of a regression `prediction` [rows, targets], in the targets' own units (metadata `targets`).
 *
 * Scaling is reckoned in float64, as in training, and the rest in the model's dtype.
 * @throws HyperError for a layer that has no ONNX operators, DataError when a tensor is missing
 */
export function onnxBytes(state: ModelState, { inputType = "float32" }: OnnxOptions = {}): Uint8Array {
  const model = exportedModel(state);
  const { columns, dtype, layers, names, task } = model;
  const graph = new OnnxGraph("model");
  let x = networkInput(graph, graph.input("input", inputType, ["rows", columns.length]), inputType, model);
  for (const { spec, tensors } of layers) {
    x = writeLayer({ graph, x, spec, tensors, dtype });
  }
  writeOutputs(graph, x, model);
  const metadata = new Map([["columns", JSON.stringify(columns)]]);
  metadata.set(task === "regression" ? "targets" : task === "multilabel" ? "labels" : "classes", JSON.stringify(names));
  return graph.bytes(metadata, { name: "tanren", version });
}

/** Raw numbers to the network's inputs: missing ones filled, words to one input each, all scaled as in training. */
function networkInput(graph: OnnxGraph, raw: string, type: Dtype, model: ExportedModel): string {
  const { columns, scales, divisor, dtype } = model;
  const plain =
    scales === null && divisor === 1 && columns.every(({ words, fill }) => words === undefined && fill === undefined);
  if (plain) {
    return type === dtype ? raw : cast(graph, raw, dtype);
  }
  let x = type === "float64" ? raw : cast(graph, raw, "float64");
  if (columns.some(({ fill }) => fill !== undefined)) {
    const fills = doubles(graph, columns.map(fillNumber));
    x = graph.op("Where", [graph.op("IsNaN", [x]), fills, x]);
  }
  if (columns.some(({ words }) => words !== undefined)) {
    x = expanded(graph, x, columns);
  }
  if (divisor !== 1) {
    x = graph.op("Div", [x, doubles(graph, [divisor])]);
  }
  if (scales !== null) {
    x = graph.op("Sub", [x, doubles(graph, scales.mean)]);
    x = graph.op("Div", [x, doubles(graph, scales.std)]);
    if (scales.constant?.some(Boolean)) {
      // What never changed in training is 0 whatever it is; a product would leave a NaN one.
      x = graph.op("Where", [booleans(graph, scales.constant), doubles(graph, [0]), x]);
    }
  }
  return cast(graph, x, dtype);
}

/** What a missing value becomes, as the graph's input has it; NaN, which it is already, where nothing does. */
function fillNumber({ fill = Number.NaN, words }: ExportedColumn): number {
  return typeof fill === "number" ? fill : (words?.indexOf(fill) ?? Number.NaN);
}

/** Each column once for every input it becomes; those of words 1 where the column is the word's place, else 0. */
function expanded(graph: OnnxGraph, x: string, columns: readonly ExportedColumn[]): string {
  const sources = columns.flatMap(({ words }, column) => (words ?? [""]).map(() => column));
  const places = columns.flatMap(({ words }) => words?.map((_, place) => place) ?? [-1]);
  const repeated = graph.op("Gather", [x, graph.wholes(...sources)], { axis: { int: 1 } });
  const matched = cast(graph, graph.op("Equal", [repeated, doubles(graph, places)]), "float64");
  return graph.op("Where", [
    booleans(
      graph,
      places.map((place) => place >= 0),
    ),
    matched,
    repeated,
  ]);
}

/** The network's outputs to what is asked of it. */
function writeOutputs(graph: OnnxGraph, y: string, { task, names, targetScales, dtype }: ExportedModel): void {
  if (task === "regression") {
    let x = y;
    if (targetScales !== null) {
      x = graph.op("Mul", [cast(graph, x, "float64"), doubles(graph, targetScales.std)]);
      x = graph.op("Add", [x, doubles(graph, targetScales.mean)]);
    }
    graph.output(cast(graph, x, dtype, "prediction"), dtype, ["rows", names.length]);
    return;
  }
  // In float64: runtimes' float32 sigmoid is coarse where a probability is small.
  const logits = cast(graph, y, "float64");
  const probabilities =
    task === "classification" ? graph.op("Softmax", [logits], { axis: { int: 1 } }) : chances(graph, logits);
  // The one output of a binary task is of the second class.
  const all =
    task === "binary"
      ? graph.op("Concat", [chances(graph, graph.op("Neg", [logits])), probabilities], { axis: { int: 1 } })
      : probabilities;
  graph.output(cast(graph, all, dtype, "probabilities"), dtype, ["rows", names.length]);
  if (task !== "multilabel") {
    graph.op("ArgMax", ["probabilities"], { axis: { int: 1 }, keepdims: { int: 0 } }, "class");
    graph.output("class", "int64", ["rows"]);
  }
}

/** 1/(1 + e^−x), float64. */
function chances(graph: OnnxGraph, x: string): string {
  const power = graph.op("Exp", [graph.op("Neg", [x])]);
  return graph.op("Reciprocal", [graph.op("Add", [power, doubles(graph, [1])])]);
}

function doubles(graph: OnnxGraph, values: readonly number[]): string {
  return graph.constant({ dtype: "float64", shape: [values.length], data: Float64Array.from(values) });
}

function booleans(graph: OnnxGraph, values: readonly boolean[]): string {
  return graph.constant({ dtype: "bool", shape: [values.length], data: Uint8Array.from(values, Number) });
}

function cast(graph: OnnxGraph, x: string, type: Dtype, output?: string): string {
  return graph.op("Cast", [x], { to: { int: type === "float32" ? 1 : 11 } }, output);
}

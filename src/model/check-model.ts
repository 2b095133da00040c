import { TanrenError } from "../core/errors.ts";
import { canonicalText } from "../core/plain-json.ts";
import { inLanguage, quoted } from "../core/text.ts";
import { checkArray, type NumberArray } from "../formats/number-array.ts";
import { refusal } from "../formats/refusal.ts";
import type { Layer } from "../nn/layer.ts";
import type { ModelState } from "./model-state.ts";
import { layerOf, type PlacedLayer, placedLayer } from "./placed-layers.ts";
import { tensorShapes } from "./tensor-shapes.ts";

/** 1 GB in float32: what a file's few words may ask for. */
const mostNumbers = 2 ** 28;

/**
 * Makes sure that a model's parts fit one another: layers follow one another from the inputs to the targets, every tensor
 * is there with its shape and dtype, and every weight is a finite number.
 * @param name of the model's file, for errors
 * @throws DataError
 */
export function checkModel(state: ModelState, name: string): void {
  const must = (holds: boolean, en: string, ja: string) => {
    if (!holds) {
      throw refusal(name, `${en} It is damaged: save it anew.`, `${ja}保存し直してください。`);
    }
  };
  checkLayers(state.layers, name);
  const { inputs, targets, task, layers, dtype, tensors } = state;
  const outputs =
    targets.kind === "classes" ? (task === "binary" ? 1 : targets.classNames.length) : targets.names.length;
  const kinds = { classification: "classes", binary: "classes", multilabel: "labels", regression: "numbers" } as const;
  must(
    targets.kind === kinds[task] &&
      (task !== "binary" || (targets.kind === "classes" && targets.classNames.length === 2)) &&
      (targets.kind !== "numbers" || (targets.mean.length === outputs && targets.std.length === outputs)),
    `targets must be those of ${task}, got ${targets.kind} of ${outputs}.`,
    `targets が ${task} のものではありません(${targets.kind}、${outputs} 個)。`,
  );
  const width = inputs.columns.reduce((sum, { words }) => sum + (words?.length ?? 1), 0);
  must(
    inputs.kind === "table" ? width === inputs.size && inputs.names.length === width : inputs.columns.length === 0,
    `inputs must be ${inputs.size} of its columns, got ${width}.`,
    `入力は ${inputs.size} 個のはずですが、列からは ${width} 個です。`,
  );
  const { image, scales } = inputs;
  must(
    (inputs.kind !== "image" || image !== null) &&
      (image === null || image.rows * image.columns * image.channels === inputs.size),
    `inputs.image must have ${inputs.size} numbers, got ${quoted(image)}.`,
    `inputs.image は ${inputs.size} 個の画素のはずですが、${quoted(image)} です。`,
  );
  must(
    scales === null ||
      [scales.mean, scales.std, scales.constant ?? scales.mean].every(({ length }) => length === inputs.size),
    `inputs.scales must be ${inputs.size} numbers each, got ${scales?.mean.length}.`,
    `inputs.scales は ${inputs.size} 個ずつのはずですが、${scales?.mean.length} 個です。`,
  );
  must(
    layers[0].inputs === inputs.size && layers[layers.length - 1].outputs === outputs,
    `layers must lead from ${inputs.size} inputs to ${outputs} outputs, got ${layers[0].inputs} to ${layers[layers.length - 1].outputs}.`,
    `層は入力 ${inputs.size} 個から出力 ${outputs} 個へつながるはずですが、${layers[0].inputs} 個から ${layers[layers.length - 1].outputs} 個です。`,
  );
  const shapes = tensorShapes(layers);
  for (const [tensor, shape] of shapes) {
    const array = Object.hasOwn(tensors, tensor) ? tensors[tensor] : undefined;
    must(
      array?.dtype === dtype && array.shape.join() === shape.join(),
      `${tensor} must be ${dtype} of shape [${shape}], got ${array === undefined ? "nothing" : `${array.dtype} of [${array.shape}]`}.`,
      `${tensor} は ${dtype}、形状 [${shape}] のはずですが、${array === undefined ? "ありません" : `${array.dtype}、[${array.shape}] です`}。`,
    );
    checkArray(`${name}, ${tensor}`, array as NumberArray);
    checkFinite(tensor, array as NumberArray, name);
  }
  const unknown = Object.keys(tensors).find((tensor) => !shapes.has(tensor));
  must(
    unknown === undefined,
    `tensors must be those of its layers, got ${quoted(unknown)} too.`,
    `どの層のものでもないテンソル ${quoted(unknown)} があります。`,
  );
}

/** Each layer can be made, has no setting that means nothing, and takes what the one before gives. */
function checkLayers(layers: readonly PlacedLayer[], name: string): void {
  if (layers.length === 0) {
    throw refusal(
      name,
      "must hold at least 1 layer, got none. Save it anew.",
      "層が1つもありません。保存し直してください。",
    );
  }
  let numbers = 0;
  layers.forEach((spec, i) => {
    let made: PlacedLayer;
    try {
      const layer = layerOf(spec);
      made = placedLayer(layer);
      numbers += numbersBeside(layer);
    } catch (error) {
      if (error instanceof TanrenError) {
        throw refusal(name, inLanguage(error.text, "en"), inLanguage(error.text, "ja"));
      }
      // A setting that is not even there, such as an image's shape.
      throw refusal(
        name,
        `layer ${i + 1} must have the settings of a ${spec.kind}, got ${quoted(spec)}. It is damaged: save it anew.`,
        `第 ${i + 1} 層に ${spec.kind} の設定がありません(${quoted(spec)})。保存し直してください。`,
      );
    }
    if (!(numbers <= mostNumbers)) {
      throw refusal(
        name,
        `layers must take at most ${mostNumbers} numbers for a row, got ${numbers} up to layer ${i + 1}. It is damaged: save it anew.`,
        `層が1行に使う数は ${mostNumbers} 個までですが、第 ${i + 1} 層までで ${numbers} 個です。保存し直してください。`,
      );
    }
    // In whatever order their settings stand.
    if (canonicalText(made) !== canonicalText(spec)) {
      throw refusal(
        name,
        `layer ${i + 1} must be ${quoted(made)}, got ${quoted(spec)}. Save it with this version.`,
        `第 ${i + 1} 層は ${quoted(made)} のはずですが、${quoted(spec)} です。この版で保存し直してください。`,
      );
    }
    if (i > 0 && layers[i - 1].outputs !== spec.inputs) {
      throw refusal(
        name,
        `layer ${i + 1} (${spec.kind}) must take ${layers[i - 1].outputs} columns, got ${spec.inputs}. It is damaged: save it anew.`,
        `第 ${i + 1} 層(${spec.kind})の入力は ${layers[i - 1].outputs} 列のはずですが、${spec.inputs} 列です。保存し直してください。`,
      );
    }
  });
}

/** Numbers that a layer takes beside its parameters to answer one row. */
function numbersBeside({ buffers, batch }: Layer): number {
  const kept = Object.values(buffers).reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  return Object.values(batch).reduce((sum, cols) => sum + cols, kept);
}

function checkFinite(tensor: string, { data, shape }: NumberArray, name: string): void {
  const at = (data as Float64Array).findIndex((value) => !Number.isFinite(value));
  if (at >= 0) {
    const place = shape.length === 2 ? `[${Math.floor(at / shape[1])}, ${at % shape[1]}]` : `[${at}]`;
    throw refusal(
      name,
      `every weight must be a finite number, got ${data[at]} in ${tensor} at ${place}. Train it again with a smaller lr.`,
      `重みは有限の数でなければなりません(${tensor} の ${place} が ${data[at]})。lr を小さくして学習し直してください。`,
    );
  }
}

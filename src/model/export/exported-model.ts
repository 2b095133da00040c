import { DataError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { ColumnScales } from "../../data/standardize.ts";
import type { NumberArray } from "../../formats/number-array.ts";
import { layerNames } from "../../nn/network-plan.ts";
import type { ModelColumn, ModelState, ModelTask } from "../model-state.ts";
import { layersWithin, layerTensors, type PlacedLayer } from "../placed-layers.ts";

/** A layer with its tensors by its own names: W, b, gamma, runningMean … */
export interface ExportedLayer {
  readonly spec: PlacedLayer;
  readonly tensors: Readonly<Record<string, NumberArray>>;
}

/** One raw number of a row. */
export interface ExportedColumn {
  readonly name: string;
  /** Of a column of words: the words, one input of the network each; the raw number is the word's place, from 0. */
  readonly words?: readonly string[];
  /** Its number is a date's seconds since 1970. */
  readonly date?: true;
  /** What stands in for a missing value: a number, or one of the words; a missing one is refused without it. */
  readonly fill?: number | string;
}

/** A trained network as the exporters see it: raw numbers in, what they mean out. */
export interface ExportedModel {
  readonly dtype: Dtype;
  readonly columns: readonly ExportedColumn[];
  /** What every raw number is divided by first: 255 of an image's bytes, else 1. */
  readonly divisor: number;
  /** Of the network's inputs; null where raw numbers go in as they are. */
  readonly scales: ColumnScales | null;
  readonly layers: readonly ExportedLayer[];
  readonly task: ModelTask;
  /** Of the classes, labels or targets. */
  readonly names: readonly string[];
  /** Of a regression: value = output · std + mean. */
  readonly targetScales: { readonly mean: readonly number[]; readonly std: readonly number[] } | null;
}

/** A model as the exporters see it. @throws DataError when a tensor is missing */
export function exportedModel(state: ModelState): ExportedModel {
  const { dtype, inputs, targets, task } = state;
  return {
    dtype,
    columns:
      inputs.kind === "table"
        ? inputs.columns.map(exportedColumn)
        : Array.from({ length: inputs.size }, (_, i) => ({ name: `x${i + 1}` })),
    divisor: inputs.kind === "image" ? 255 : 1,
    scales: inputs.scales,
    layers: exportedLayers(state),
    task,
    names: targets.kind === "classes" ? targets.classNames : targets.names,
    targetScales: targets.kind === "numbers" ? targets : null,
  };
}

/** The model's layers, each with its tensors. @throws DataError when one is missing */
export function exportedLayers({ layers, tensors }: Pick<ModelState, "layers" | "tensors">): ExportedLayer[] {
  const names = layerTensors(layers);
  return layers.map((spec, i) => ({
    spec,
    tensors: Object.fromEntries(
      Object.entries(names[i]).map(([own, name]) => {
        if (!Object.hasOwn(tensors, name)) {
          throw new DataError({
            en: `model: every tensor must be there, got no ${name}. Load the whole model.`,
            ja: `model: テンソル ${name} がありません。モデル全体を読み込んでください。`,
          });
        }
        return [own, tensors[name]];
      }),
    ),
  }));
}

/** The layers that a layer is made of, each with its tensors; none of all but blocks. */
export function exportedWithin({ spec, tensors }: ExportedLayer): ExportedLayer[] {
  const layers = layersWithin(spec);
  return layerNames(layers).map((name, i) => ({
    spec: layers[i],
    tensors: Object.fromEntries(
      Object.entries(tensors)
        .filter(([own]) => own.startsWith(`${name}.`))
        .map(([own, tensor]) => [own.slice(name.length + 1), tensor]),
    ),
  }));
}

function exportedColumn({ name, kind, words, fill }: ModelColumn): ExportedColumn {
  return {
    name,
    ...(kind === "date" ? { date: true } : {}),
    ...(words === undefined ? {} : { words }),
    ...(fill === null ? {} : { fill }),
  };
}

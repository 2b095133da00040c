import { HyperError } from "../core/errors.ts";
import type { HyperSet } from "../core/hyper.ts";
import {
  among,
  anything,
  either,
  finite,
  listOf,
  Misfit,
  namedOf,
  objectOf,
  optional,
  orNull,
  type Reader,
  text,
  whole,
  yesOrNo,
} from "../core/json-shape.ts";
import { type Changes, changeSettings, isChange } from "../train/techniques/changes.ts";
import { type ModelState, modelTasks, type TrainingSettings } from "./model-state.ts";
import type { PlacedLayer } from "./placed-layers.ts";

/** A model without its numbers: what stands in a file's metadata. */
export type ModelWithoutTensors = Omit<ModelState, "tensors" | "resume"> & {
  readonly resume: Omit<NonNullable<ModelState["resume"]>, "tensors"> | null;
};

/** Inputs of a network at most: what a file claims is believed before its numbers are looked at. */
const mostInputs = 2 ** 26;

const scales = objectOf({
  mean: listOf(finite),
  std: listOf(finite),
  constant: optional(listOf(yesOrNo)),
});

const numberOrText = either<number, string>(finite, text, (value) => typeof value === "number");

const column = objectOf({
  name: text,
  kind: among(["number", "boolean", "date", "category"]),
  absent: listOf(text),
  words: optional(listOf(text)),
  dateOrder: optional(among(["dmy", "mdy"])),
  unit: optional(text),
  fill: orNull(numberOrText),
});

const inputs = objectOf({
  kind: among(["table", "numbers", "image"]),
  columns: listOf(column),
  decimal: among(["point", "comma"]),
  size: whole(1, mostInputs),
  names: listOf(text),
  scales: orNull(scales),
  image: orNull(objectOf({ rows: whole(1), columns: whole(1), channels: whole(1) })),
});

const targetKinds = {
  classes: objectOf({ kind: among(["classes"]), name: text, classNames: listOf(text) }),
  labels: objectOf({ kind: among(["labels"]), names: listOf(text) }),
  numbers: objectOf({
    kind: among(["numbers"]),
    names: listOf(text),
    units: optional(listOf(text)),
    mean: listOf(finite),
    std: listOf(finite),
  }),
} as const;

const targets: Reader<ModelState["targets"]> = (value, at) => {
  const { kind } = namedOf(anything)(value, at);
  return targetKinds[among(["classes", "labels", "numbers"])(kind, `${at}.kind`)](value, at);
};

/** Settings by kind are looked at when the layer is made. */
const layer: Reader<PlacedLayer> = (value, at) => {
  const spec = namedOf(anything)(value, at);
  text(spec.kind, `${at}.kind`);
  whole(1, mostInputs)(spec.inputs, `${at}.inputs`);
  whole(1, mostInputs)(spec.outputs, `${at}.outputs`);
  // Of a block: those that it is made of.
  optional(listOf(layer))(spec.layers, `${at}.layers`);
  return spec as unknown as PlacedLayer;
};

const named = objectOf({ name: text, hyper: namedOf(anything), rule: optional(text) });

const techniques = objectOf({
  l1: optional(finite),
  groups: optional(
    listOf(objectOf({ parameters: listOf(text), hyper: optional(namedOf(finite)), lrFactor: optional(finite) })),
  ),
  decayOf: optional(among(["weights", "all"])),
  clip: optional(objectOf({ value: optional(finite), norm: optional(finite) })),
  accumulate: optional(whole(1)),
  average: optional(
    either(
      objectOf({ kind: among(["ema"]), decay: finite }),
      objectOf({ kind: among(["swa"]), from: whole(1), every: whole(1) }),
      (value) => (value as { kind?: unknown } | null)?.kind === "ema",
    ),
  ),
  lookahead: optional(objectOf({ every: whole(1), alpha: finite })),
  maxNorm: optional(finite),
});

const changes: Reader<Partial<Changes>> = (value, at) => {
  for (const [name, given] of Object.entries(namedOf(anything)(value, at))) {
    among(Object.keys(changeSettings))(name, at);
    if (!isChange(name, given)) {
      throw new Misfit(`${at}.${name}`, (changeSettings as HyperSet)[name].range, given);
    }
  }
  return value as Partial<Changes>;
};

const source = objectOf({ file: text, options: namedOf(anything) });

const training = objectOf({
  optimizer: named,
  schedule: orNull(named),
  epochs: whole(0),
  batchSize: whole(1),
  batches: among(["shuffle", "draw"]),
  weightDecay: finite,
  weightInit: either<number, string>(finite, text, (value) => typeof value === "number"),
  seed: whole(0),
  validation: finite,
  fold: optional(objectOf({ fold: whole(0), of: whole(2) })),
  stopEarly: orNull(objectOf({ patience: whole(0), metric: text })),
  classWeights: orNull(
    either<"balanced", Readonly<Record<string, number>>>(
      among(["balanced"]),
      namedOf(finite),
      (value) => typeof value === "string",
    ),
  ),
  techniques: optional(techniques),
  changes: optional(changes),
  source: orNull(source),
  validationSource: optional(source),
});

/**
 * Makes sure that what a training is told can be kept in a model's file and read from it again: a bound of Infinity trained,
 * and its file could not be opened. @throws HyperError
 */
export function checkKept(settings: Omit<TrainingSettings, "source">): void {
  try {
    // Of initial weights the network says what they may be.
    training({ ...settings, weightInit: "", source: null }, "");
  } catch (error) {
    if (!(error instanceof Misfit)) {
      throw error;
    }
    const { at, must, got } = error;
    const name = at.replace(/^\.(?:techniques\.|changes\.)?/, "");
    throw new HyperError({
      en: `fit: ${name} must be ${must.en}, got ${got}. Correct it, or leave it out.`,
      ja: `fit: ${name} には${must.ja}を指定してください(指定された値: ${got})。不要なら省けます。`,
    });
  }
}

const resume = objectOf({
  kernels: text,
  step: whole(0),
  epoch: whole(0),
  data: text,
  random: namedOf(objectOf({ next: whole(0), spare: orNull(finite) })),
  numbers: namedOf(orNull(finite)),
});

/** The metadata's JSON as a model without its numbers. @throws Misfit */
export const modelWithoutTensors: Reader<ModelWithoutTensors> = objectOf({
  format: whole(1),
  tanren: text,
  task: among(modelTasks),
  dtype: among(["float32", "float64"]),
  inputs,
  targets,
  layers: listOf(layer),
  loss: objectOf({ name: text, hyper: namedOf(finite), formula: optional(text) }),
  training: orNull(training),
  history: namedOf(listOf(orNull(finite))),
  resume: orNull(resume),
});

import { checkOptions, checkSignal, type OptionNames, optionOf, refuse, wholeNumber } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { WeightInit } from "../init/weights.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import type { Loss } from "../nn/loss.ts";
import type { Schedule } from "../schedule/schedule.ts";
import type { Blueprint } from "./blueprint.ts";
import type { EncodedData, ModelData } from "./encode.ts";
import { checkCheckpoint, type FitOptions, fitOptionNames } from "./fit-options.ts";
import { Table } from "./table.ts";

export interface ModelOptions {
  /** Of weights, minibatches, dropout and validation; 0 when absent. */
  readonly seed?: number;
  /** `float32` when absent. */
  readonly dtype?: Dtype;
  /** The fastest of the platform when absent: native once `tanren/node` is imported, else WASM. */
  readonly kernels?: KernelSet;
  /** The task's own when absent: cross entropy, binary cross entropy, mean squared error. */
  readonly loss?: Loss | string;
  /** A table like those it learns from: what is told where `fit` does not say it, and the types of rows and answers. */
  readonly like?: Table<never, never> | Table;
  /** What fits the activations when absent: He's for ReLU, Xavier's else. */
  readonly weightInit?: WeightInit | string | number;
}

/** What going on with a training may be told anew; all else is as it was. */
export interface ResumeOptions extends Pick<FitOptions, "checkpoint" | "signal" | "target"> {
  /** The schedule it began with, where that is one of your own, which no file holds. */
  readonly schedule?: Schedule;
  /** Epochs of the whole training, those behind included; as it was planned when absent. */
  readonly epochs?: number;
  /** Rows to measure, where they were given as rows. */
  readonly validation?: ModelData;
}

const modelOptionNames: OptionNames<ModelOptions> = {
  seed: true,
  dtype: true,
  kernels: true,
  loss: true,
  like: true,
  weightInit: true,
};

const resumeOptionNames: OptionNames<ResumeOptions> = {
  schedule: true,
  checkpoint: true,
  signal: true,
  target: true,
  epochs: true,
  validation: true,
};

const toFit = { en: "Give it to fit.", ja: "fit に渡してください。" };
const toModel = {
  en: "Give it where the model is made: to classify, regress or multiLabel.",
  ja: "モデルを作る classify、regress、multiLabel に渡してください。",
};

/** What a model is made with. @throws HyperError on what it does not have, and on kernels or a table that are none */
export function checkModelOptions(options: ModelOptions & { readonly state?: unknown }): void {
  const { state: _, ...given } = options ?? {};
  // What is spread of no object is one without anything.
  checkPlace("model", typeof options === "object" && options !== null ? given : options, modelOptionNames, {
    other: fitOptionNames,
    advice: toFit,
  });
  const { kernels, like } = given;
  if (kernels !== undefined && typeof kernels?.open !== "function") {
    refuse(optionOf("model", "kernels"), { en: "kernels that were opened", ja: "開いたカーネル" }, kernels, {
      en: 'Open some with selectKernels({ backend: "auto", dtype: "float32" }), or leave it out.',
      ja: 'selectKernels({ backend: "auto", dtype: "float32" }) の結果を渡すか、省いてください。',
    });
  }
  if (like !== undefined && !(like instanceof Table)) {
    refuse(optionOf("model", "like"), { en: "a table", ja: "表" }, like, {
      en: "Give what readCsv or readTable gave.",
      ja: "readCsv か readTable の結果を渡してください。",
    });
  }
}

/** What a training is begun with. @throws HyperError on what it does not have */
export function checkFitOptions(given: FitOptions): void {
  checkPlace("fit", given, fitOptionNames, { other: modelOptionNames, advice: toModel });
}

/** What a training is gone on with. @throws HyperError on what it does not have, or out of range */
export function checkResumeOptions(given: ResumeOptions): void {
  checkOptions("resume", given, resumeOptionNames);
  const { epochs, checkpoint, signal, validation } = given;
  if (epochs !== undefined) {
    wholeNumber("resume", "epochs", epochs, { min: 1 });
  }
  checkCheckpoint("resume", checkpoint);
  checkSignal("resume", signal);
  if (typeof validation === "number") {
    throw new HyperError({
      en: `resume: validation must be rows to measure, got ${validation}. Leave it out: a share of the rows stays held back as it was.`,
      ja: `resume: validation には測る行を指定してください(指定された値: ${validation})。割合は学習を始めたときのままなので、指定は不要です。`,
    });
  }
}

/** As `checkOptions`; of one that is given in the other of two places, says where it belongs. @throws HyperError */
function checkPlace<Options extends object>(
  where: string,
  given: Options,
  known: OptionNames<Options>,
  { other, advice }: { readonly other: object; readonly advice: Told },
): void {
  const misplaced = Object.entries(given ?? {}).find(
    ([name, value]) => value !== undefined && !Object.hasOwn(known, name) && Object.hasOwn(other, name),
  );
  if (misplaced !== undefined) {
    const [name] = misplaced;
    throw new HyperError({
      en: `${where}.${name}: no such setting here. ${advice.en}`,
      ja: `${where}.${name}: ここでは指定できない設定です。${advice.ja}`,
    });
  }
  checkOptions(where, given, known);
}

/** Makes sure that a network is one. @throws HyperError on a text, which `network` would read, and on what has no layers */
export function checkNetwork(given: unknown): void {
  const own = Array.isArray(given);
  const layers: unknown = own ? given : (given as Partial<Blueprint> | null | undefined)?.layers;
  const part = own ? "forward" : "kind";
  const known =
    Array.isArray(layers) && layers.every((layer) => typeof layer === "object" && layer !== null && part in layer);
  if (!known || (own && given.length === 0)) {
    throw new HyperError({
      en: `model: the network must be mlp([16]), network("affine 16; relu") or a list of layers, got ${describeValue(given)}. Write one of them.`,
      ja: `model: ネットワークには mlp([16])、network("affine 16; relu")、層のリストのいずれかを指定してください(指定された値: ${describeValue(given)})。`,
    });
  }
}

/** A column can be named where there are columns. @throws HyperError */
export function checkTarget(data: ModelData | EncodedData, target: FitOptions["target"]): void {
  // Null stands for none, as it did.
  const columns: readonly unknown[] = Array.isArray(target) ? target : [target ?? ""];
  const other = columns.find((column) => typeof column !== "string");
  if (other !== undefined) {
    refuse(optionOf("fit", "target"), { en: "a column's name, or several", ja: "列名(複数可)" }, other, {
      en: 'Write it such as "price", or "#3" for the third.',
      ja: '"price" のように書きます。3列目は "#3" です。',
    });
  }
  if (target !== undefined && typeof data === "object" && data !== null && ("x" in data || "images" in data)) {
    const place = "x" in data ? "y" : "labels";
    throw new HyperError({
      en: `fit: target must name a column of a table or of rows, got data whose answers stand in ${place}. Leave it out.`,
      ja: `fit: target は表や行の列を指定するものですが、このデータの答えは ${place} にあります。target を外してください。`,
    });
  }
}

import type { Dtype } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { InputColumn } from "../data/csv/table-schema.ts";
import type { ColumnScales } from "../data/standardize.ts";
import type { NumberArray } from "../formats/number-array.ts";
import type { Changes } from "../train/techniques/changes.ts";
import type { Techniques } from "../train/techniques.ts";
import type { PlacedLayer } from "./placed-layers.ts";

/** Of the files that hold a {@link ModelState}; a reader refuses those of a higher number. */
export const modelFormat = 1;

export const modelTasks = ["classification", "binary", "multilabel", "regression"] as const;
/**
 * What the outputs mean. `classification`: logits of classes, one is right (softmax). `binary`: one logit, of the second of
 * two classes (sigmoid). `multilabel`: a logit for each of several yes or no (sigmoid). `regression`: numbers, standardised.
 */
export type ModelTask = (typeof modelTasks)[number];

/**
 * A model as it is kept: plain JSON, but for the numbers in `tensors` and `resume.tensors`. Everything that turns a row of
 * a person's data into an answer is in it, and nothing that has to be executed.
 */
export interface ModelState {
  readonly format: number;
  /** Version of Tanren that made it. */
  readonly tanren: string;
  readonly task: ModelTask;
  /** Of the arithmetic, and of every tensor of `tensors`. */
  readonly dtype: Dtype;
  readonly inputs: ModelInputs;
  readonly targets: ModelTargets;
  readonly layers: readonly PlacedLayer[];
  /** Learnt values and running statistics by the book's names: `W1`, `b1`, `gamma1`; see `layerTensors`. */
  readonly tensors: Readonly<Record<string, NumberArray>>;
  readonly loss: LossSettings;
  /** How it was trained last; null of one that never was. */
  readonly training: TrainingSettings | null;
  /** What was measured of it, for a person: names as in histories (`valAccuracy`). */
  readonly history: ModelHistory;
  /** Where training stands, so that it can go on as if it had not stopped; null where it cannot. */
  readonly resume: ResumeState | null;
}

/** How a row of a person's data becomes the network's input. */
export interface ModelInputs {
  /** Columns by name, numbers in order, or bytes of an image (each divided by 255). */
  readonly kind: "table" | "numbers" | "image";
  /** What a row has, in order; of `table` only, empty else. */
  readonly columns: readonly ModelColumn[];
  /** What parts whole numbers from fractions where a cell is text. */
  readonly decimal: "point" | "comma";
  /** Inputs of the network, `names.length` of a table: of columns, and `column=word` for each word of a category. */
  readonly size: number;
  readonly names: readonly string[];
  /**
   * input = (value − mean)/std for each of the `size` inputs, 0 where `constant`; the inputs of words and answers come with
   * mean 0 and std 1. Null where values are taken as they are (of an image: after the division).
   */
  readonly scales: ColumnScales | null;
  /** Of an image; of other rows where the network's text says that they are one. */
  readonly image: { readonly rows: number; readonly columns: number; readonly channels: number } | null;
}

/** One column of a table: how its cells become inputs, and what stands in for a missing one. */
export interface ModelColumn extends InputColumn {
  /** What a missing value becomes: a number (of a number, date or boolean), one of the words; null: it is refused. */
  readonly fill: number | string | null;
}

/** What the network's outputs are of. */
export type ModelTargets =
  /** `classification`: an output each; `binary`: one output, of the second. */
  | { readonly kind: "classes"; readonly name: string; readonly classNames: readonly string[] }
  /** `multilabel`: an output each. */
  | { readonly kind: "labels"; readonly names: readonly string[] }
  /** `regression`: value = output · std + mean, an output each. */
  | {
      readonly kind: "numbers";
      readonly names: readonly string[];
      /** The sign beside each column's numbers in the table, such as "%"; absent where all are plain. */
      readonly units?: readonly string[];
      readonly mean: readonly number[];
      readonly std: readonly number[];
    };

/** A loss by name with its settings; `formula` is the text of one's own. */
export interface LossSettings {
  readonly name: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly formula?: string;
}

/** A technique by name with its settings; `rule` is the text of an update rule of one's own. */
export interface NamedSettings {
  readonly name: string;
  readonly hyper: Readonly<Record<string, unknown>>;
  readonly rule?: string;
}

/** How a model is trained; plain JSON. */
export interface TrainingSettings {
  readonly optimizer: NamedSettings;
  /** Null: the rate stays. */
  readonly schedule: NamedSettings | null;
  readonly epochs: number;
  readonly batchSize: number;
  /** `shuffle`: each epoch sees every row once, in a new order; `draw`: rows are drawn with replacement, as in the book. */
  readonly batches: "shuffle" | "draw";
  /** λ of ½·λ·ΣW² */
  readonly weightDecay: number;
  readonly weightInit: string | number;
  readonly seed: number;
  /** Share of the rows that is held back and measured after each epoch. */
  readonly validation: number;
  /** The part of the rows that is, where they are dealt into several. */
  readonly fold?: HeldFold;
  readonly stopEarly: StopEarlySettings | null;
  /** By class name; `balanced`: each class as much as any other; null: all count alike. */
  readonly classWeights: "balanced" | Readonly<Record<string, number>> | null;
  /** What is done around the updates beside the rule; nothing when absent. */
  readonly techniques?: Techniques;
  /** What changes the rows that are seen, or what is asked for, by the settings' names; nothing when absent. */
  readonly changes?: Partial<Changes>;
  /** Where the rows were read from, for whoever goes on; null where a program made them. */
  readonly source: DataSource | null;
  /** Where the rows were read from that are measured after each epoch, if they are others than those that were held back. */
  readonly validationSource?: DataSource;
}

/** A file of rows, and how it was read. */
export interface DataSource {
  /** Absolute path, or the name of a file that has none. */
  readonly file: string;
  /** As `ReadTableOptions`. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** One of the parts that data are dealt into for cross-validation. */
export interface HeldFold {
  /** Which is held back, from 0. */
  readonly fold: number;
  /** How many there are, from 2 to the number of rows. Every row is in one of them. */
  readonly of: number;
}

export interface StopEarlySettings {
  /** Epochs without improvement after which training ends. */
  readonly patience: number;
  /** A metric of the history: `valLoss`, `valAccuracy` … */
  readonly metric: string;
}

/** Values by name, one an epoch; null where one was not finite. */
export type ModelHistory = Readonly<Record<string, readonly (number | null)[]>>;

/** Where training stands between two steps. */
export interface ResumeState {
  /** Kernels that the run was trained by: others round otherwise. */
  readonly kernels: string;
  /** Updates made. */
  readonly step: number;
  /** Epochs completed. */
  readonly epoch: number;
  /** Fingerprint of the rows, so that other data are refused. */
  readonly data: string;
  /** Positions of the random streams by name; the words are the tensor `random/<name>`. */
  readonly random: Readonly<Record<string, { readonly next: number; readonly spare: number | null }>>;
  /** Running sums and the like; each name says whose: `part/<technique>.<name>` of a technique. */
  readonly numbers: Readonly<Record<string, number | null>>;
  /**
   * `slot/<slot>/<tensor>`: the optimizer's state for each tensor that is learnt; `part/<technique>.<vector>/<tensor>`: what a
   * technique keeps of each; `now/<tensor>`: the weights that training
   * stands at, where the model's own are the best so far; `random/<name>`: a stream's 624 words; `order`: the rows of the
   * epoch at hand; `schedule`: what the next rates depend on; `weights`: of the rows.
   */
  readonly tensors: Readonly<Record<string, NumberArray>>;
}

/** What a model does, for people. */
export const taskNames: Readonly<Record<ModelTask, Told>> = {
  classification: { en: "classification", ja: "分類" },
  binary: { en: "classification of two", ja: "2値分類" },
  multilabel: { en: "several yes or no", ja: "複数の「はい/いいえ」" },
  regression: { en: "regression", ja: "回帰" },
};

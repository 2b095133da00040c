import { dirname, resolve } from "node:path";
import { flagOf } from "../../core/command-words.ts";
import { HyperError } from "../../core/errors.ts";
import { choice, eachOnce, type HyperSet, integer, parseAssignment } from "../../core/hyper.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { type SettingValues, settingsFor } from "../../model/fit-settings.ts";
import { type ModelTask, modelTasks } from "../../model/model-state.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { standardInputName } from "../asked-model.ts";
import { type ReadFlags, readFlagNames } from "../read-flags.ts";
import { settingTexts } from "./setting-flags.ts";
import { readSettingsFile, type SettingsFile } from "./settings-file.ts";

/** What `tanren train` is given on the command line. */
export interface TrainFlags extends ReadFlags {
  readonly data?: string;
  readonly target?: string;
  readonly task?: ModelTask;
  readonly model?: string;
  readonly optimizer?: string;
  readonly set: readonly string[];
  readonly sampleWeights?: string;
  readonly validationData?: string;
  readonly seed?: number;
  readonly dtype?: Dtype;
  readonly settings?: string;
}

/** What a training is of, from flags and file. */
export interface TrainSettings {
  readonly data: string;
  readonly target: string;
  /** Found by the target's values where absent. */
  readonly task: ModelTask | undefined;
  readonly model: string;
  readonly optimizer: string;
  /** What was given of the rule, the schedule, the loss and training, by name. */
  readonly values: SettingValues;
  /** The column that says how much each row counts. */
  readonly sampleWeights: string | undefined;
  /** The table that is measured after each epoch; undefined: rows held back, where there are such. */
  readonly validationData: string | undefined;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly read: ReadFlags;
}

const task = choice({ options: modelTasks, default: "classification" });
const dtype = choice({ options: dtypes, default: "float32" });
const seed = integer({ default: 0, min: 0, max: 0xffffffff });

/** What a file holds beside the settings of the rule and of training. */
const ofFile = [
  "data",
  "target",
  "task",
  "model",
  "optimizer",
  "set",
  "sampleWeights",
  "validationData",
  "seed",
  "dtype",
  "read",
] as const;

/**
 * The settings of flags and, beneath them, of the file they name.
 * @throws HyperError on an unknown name or a value out of range, with the line where a file has it; DataError on the file
 */
export function trainSettings(flags: TrainFlags): TrainSettings {
  const file = flags.settings === undefined ? null : readSettingsFile(flags.settings);
  const text = (name: string) => file?.read(name, (value) => textOrNone(name, value));
  const optimizer = flags.optimizer ?? text("optimizer") ?? "adam";
  const fileRule = () => optimizerNamed(optimizer).name;
  const rule = flags.optimizer === undefined && file !== null ? file.read("optimizer", fileRule) : fileRule();
  const assigned = eachOnce(
    "--set",
    [...(file?.read("set", listOrNone) ?? []), ...flags.set].map((one) => splitAt(one)),
  );
  const given = settingTexts(flags as unknown as Readonly<Record<string, unknown>>);
  checkShare(given.validation);
  const chosen = (name: "schedule" | "loss") => given[name] ?? assigned[name] ?? text(name);
  const set: HyperSet = settingsFor({ optimizer: rule, schedule: chosen("schedule"), loss: chosen("loss") });
  const values = {
    ...(file === null ? {} : valuesOfFile(file, set)),
    ...Object.fromEntries(Object.entries(assigned).map(([name, value]) => parseAssignment(set, `${name}=${value}`))),
    ...Object.fromEntries(Object.entries(given).map(([name, value]) => [name, set[name].parse(value, flagOf(name))])),
  };
  // A path stands as seen from the file that has it.
  const pathOf = (name: "data" | "validationData") => {
    const path = flags[name] === undefined ? text(name) : undefined;
    return path === undefined || path === standardInputName
      ? (path ?? flags[name])
      : resolve(dirname(file?.path ?? "."), path);
  };
  return {
    data: needed("data", pathOf("data")),
    target: needed("target", flags.target ?? file?.read("target", targetOrNone)),
    task: flags.task ?? file?.read("task", (value) => (value === undefined ? value : checkTask(value))),
    model: flags.model ?? text("model") ?? "mlp:16,16",
    optimizer: rule,
    values,
    sampleWeights: flags.sampleWeights ?? text("sampleWeights"),
    validationData: oneValidation(pathOf("validationData"), values),
    seed: flags.seed ?? file?.read("seed", (value) => (value === undefined ? value : seed.check(value, "seed"))) ?? 0,
    dtype:
      flags.dtype ??
      (file?.read("dtype", (value) => (value === undefined ? value : dtype.check(value, "dtype"))) as Dtype) ??
      "float32",
    read: readFlags(flags, file),
  };
}

/** @throws HyperError where a file is given for a share of the rows */
function checkShare(given: string | undefined): void {
  if (given !== undefined && /\.[a-z]\w*$/i.test(given)) {
    throw new HyperError({
      en: `--validation: must be a share of the rows in [0, 1), got "${given}". A table of its own is given with --validation-data.`,
      ja: `--validation: [0, 1) の割合を指定してください(指定された値: "${given}")。検証用の表は --validation-data で指定します。`,
    });
  }
}

/** @throws HyperError where rows are to be held back and others measured */
function oneValidation(file: string | undefined, { validation = 0, folds = 0 }: SettingValues): string | undefined {
  if (file !== undefined && (validation !== 0 || folds !== 0)) {
    const held = folds === 0 ? `--validation ${validation}` : `--folds ${folds}`;
    throw new HyperError({
      en: `train: validation rows must be of one kind, got ${held} and --validation-data ${file}. Leave one away.`,
      ja: `train: 検証に使うデータは1通りに指定してください(${held} と --validation-data ${file} がありました)。どちらかを外してください。`,
    });
  }
  return file;
}

const checkTask = (value: unknown) => task.check(value, "task") as ModelTask;

/** Whatever of the file belongs to the rule, the schedule, the loss or training. */
function valuesOfFile(file: SettingsFile, set: HyperSet): SettingValues {
  file.allow([...ofFile, ...Object.keys(set)]);
  return Object.fromEntries(
    Object.keys(file.values)
      .filter((name) => !(ofFile as readonly string[]).includes(name))
      .map((name) => [name, file.read(name, (value) => set[name].check(value, name))]),
  );
}

/** How the table is read: the file's, with the flags over them. */
function readFlags(flags: TrainFlags, file: SettingsFile | null): ReadFlags {
  const own = Object.fromEntries(readFlagNames.map((name) => [name, (flags as never)[name]])) as unknown as ReadFlags;
  const beneath = file?.read("read", (value): Partial<ReadFlags> => {
    if (value === undefined) {
      return {};
    }
    if (typeof value !== "object" || value === null) {
      return refuse("read", "settings of the reader by name", "読み込みの設定", value);
    }
    for (const name of Object.keys(value)) {
      choice({ options: readFlagNames, default: "encoding" }).check(name, "read");
    }
    return value as Partial<ReadFlags>;
  });
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...beneath, ...given, column: [...(beneath?.column ?? []), ...(own.column ?? [])] };
}

function refuse(name: string, en: string, ja: string, got: unknown): never {
  throw new HyperError({
    en: `${name}: must be ${en}, got ${JSON.stringify(got)}. Correct it.`,
    ja: `${name}: ${ja}を指定してください(指定された値: ${JSON.stringify(got)})。`,
  });
}

function textOrNone(name: string, value: unknown): string | undefined {
  return value === undefined || typeof value === "string" ? value : refuse(name, "text", "文字列", value);
}

/** Columns as a text or a list. */
function targetOrNone(value: unknown): string | undefined {
  return Array.isArray(value) && value.every((one) => typeof one === "string")
    ? value.join(",")
    : textOrNone("target", value);
}

function listOrNone(value: unknown): readonly string[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) && value.every((one) => typeof one === "string")
    ? value
    : refuse("set", "a list of texts such as lr=0.01", "lr=0.01 のような文字列のリスト", value);
}

/** `name=value` apart; where there is no name, all of it is one, which nothing knows. */
function splitAt(one: string): [name: string, value: string] {
  const at = one.indexOf("=");
  return at < 1 ? [one, ""] : [one.slice(0, at).trim(), one.slice(at + 1).trim()];
}

/** A flag's value. @throws HyperError where there is none */
function needed(flag: string, value: string | undefined): string {
  if (value === undefined) {
    throw new HyperError({
      en: `train: --${flag} must be given, got none. Write tanren train FILE.csv --target COLUMN.`,
      ja: `train: --${flag} を指定してください。例: tanren train FILE.csv --target 列名`,
    });
  }
  return value;
}

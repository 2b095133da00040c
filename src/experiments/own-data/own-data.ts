import { commandOf, flagOf } from "../../core/command-words.ts";
import { DataError } from "../../core/errors.ts";
import { choice, type HyperValue, text } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Told } from "../../core/text.ts";
import type { Curve, FigureSpec, PlanePanel, StyleIndex } from "../../figure/figure-spec.ts";
import { ruleTex } from "../../formula/tex.ts";
import { fitSettings, type SettingValues } from "../../model/fit-settings.ts";
import { type ModelTask, modelTasks } from "../../model/model-state.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import type { Experiment, FormulaNote } from "../../runs/experiment.ts";
import { drawn, runsOf, seriesOf } from "../series.ts";
import { foldLayers, foldName, foldsOf } from "./folds.ts";
import { resultsOf } from "./results.ts";

export const ownDataId = "train";

const anyText = (about: { en: string; ja: string }, value = "") =>
  text({ default: value, range: { en: "text", ja: "文字列" }, validate: () => {}, about });

/** Which metrics of a history stand in one panel. */
const panels: readonly { readonly label: { en: string; ja: string }; readonly metrics: readonly string[] }[] = [
  { label: { en: "loss", ja: "損失" }, metrics: ["loss", "valLoss"] },
  { label: { en: "accuracy", ja: "認識精度" }, metrics: ["valAccuracy", "valF1"] },
  { label: { en: "root mean squared error", ja: "平均二乗誤差の平方根" }, metrics: ["valRmse"] },
];
/** A metric has one name and look, in whichever panel it stands. */
const curves: Readonly<Record<string, { readonly name: Told; readonly style: StyleIndex }>> = {
  loss: { name: { en: "training", ja: "訓練" }, style: 0 },
  valLoss: { name: { en: "validation", ja: "検証" }, style: 1 },
  valAccuracy: { name: { en: "validation", ja: "検証" }, style: 1 },
  valF1: { name: { en: "validation, F1", ja: "検証(F1)" }, style: 2 },
  valRmse: { name: { en: "validation", ja: "検証" }, style: 1 },
};

/** What `tanren train` records of a network on data of one's own. It is drawn again from its record, and run by that command. */
export const ownData: Experiment = {
  id: ownDataId,
  section: "–",
  title: { en: "A network on your own data", ja: "自分のデータでの学習" },
  summary: {
    en: "Loss and figures of a network that learnt from a table of your own, epoch by epoch.",
    ja: "自分の表から学習したネットワークの、エポックごとの損失と指標です。",
  },
  settings: {
    data: anyText({ en: "the table", ja: "表のファイル" }),
    target: anyText({ en: "the column that is told", ja: "予測する列" }),
    task: choice({
      options: modelTasks,
      default: "classification",
      about: { en: "what is told", ja: "予測するもの" },
    }),
    model: anyText({ en: "the network", ja: "ネットワーク" }, "mlp:16,16"),
    optimizer: anyText({ en: "the update rule", ja: "更新則" }, "adam"),
    hyper: anyText({ en: "settings of the update rule", ja: "更新則の設定" }),
    sampleWeights: anyText({ en: "the column of the rows' weights", ja: "行の重みの列" }),
    validationData: anyText({ en: "the table that is measured", ja: "検証用の表のファイル" }),
    reading: anyText({ en: "how the tables are read, as flags", ja: "表の読み方(オプションの形)" }),
    ...fitSettings,
  },
  presets: { book: {} },
  datasets: [],
  plan: ({ folds, optimizer }) =>
    Number(folds ?? 0) === 0
      ? [{ run: ownDataId, tags: {} }]
      : [
          ...Array.from({ length: Number(folds) }, (_, fold) => ({ run: foldName(fold), tags: {} })),
          { run: optimizerNamed(String(optimizer)).label, tags: {} },
        ],
  // biome-ignore lint/correctness/useYield: refuses before there is anything to yield
  async *execute() {
    throw new DataError({
      en: "run: a network on your own data must be given its table, got none. Use tanren train --data FILE.csv --target COLUMN.",
      ja: "run: 自分のデータでの学習には表が必要です。tanren train --data FILE.csv --target 列名 を使ってください。",
    });
  },
  figures: (record) => [figureOf(record)],
  results: (record) => resultsOf(record),
  formulas(record): FormulaNote[] {
    const { label, rule, paper } = optimizerNamed(String(record.settings.optimizer));
    return [{ name: label, tex: ruleTex(rule), source: paper && `${paper.authors} (${paper.year}), ${paper.title}` }];
  },
  command: ({ settings, seed, engine }) => `${trainCommand(settings, { seed, dtype: engine.dtype })} --out <folder>`,
};

/** The command that trains by such settings, but for where it writes. @param how.backend left out where any will do */
export function trainCommand(
  settings: Readonly<Record<string, unknown>>,
  how: { readonly seed: number; readonly dtype: Dtype; readonly backend?: string },
): string {
  const given = ["data", "target", "task", "model", "optimizer", "sampleWeights", "validationData"]
    .filter((name) => settings[name] !== undefined && settings[name] !== "")
    .flatMap((name) => [flagOf(name), String(settings[name])]);
  const ofRule = String(settings.hyper ?? "")
    .split(" ")
    .filter((one) => one !== "");
  const rest = Object.entries(fitSettings)
    .filter(([name, hyper]) => settings[name] !== undefined && settings[name] !== hyper.default)
    .map(([name]) => `${name}=${settings[name]}`);
  const { seed, dtype, backend = "auto" } = how;
  const words = [
    ...["tanren", "train", ...given, ...[...ofRule, ...rest].flatMap((one) => ["--set", one]), "--seed", String(seed)],
    ...(backend === "auto" ? [] : ["--backend", backend]),
    ...(dtype === "float32" ? [] : ["--dtype", dtype]),
  ];
  const { reading = "" } = settings;
  return reading === "" ? commandOf(words) : `${commandOf(words)} ${reading}`;
}

/** A training's settings as a run records them: those of the rule, the schedule and the loss in one text. */
export function ownDataSettings(training: {
  readonly data: string;
  readonly target: string;
  readonly task: ModelTask;
  readonly model: string;
  readonly optimizer: string;
  readonly sampleWeights?: string;
  readonly validationData?: string;
  /** How the tables are read, as flags; nothing is said when absent. */
  readonly reading?: string;
  readonly values: SettingValues;
}): Record<string, HyperValue> {
  const { values, data, target, task, model, optimizer } = training;
  const { sampleWeights = "", validationData = "", reading = "" } = training;
  const rule = optimizerNamed(optimizer).hyper;
  const own = Object.entries(values).filter(([name]) => Object.hasOwn(rule, name) || name.includes("."));
  return {
    ...Object.fromEntries(
      Object.entries(fitSettings).map(([name, hyper]): [string, HyperValue] => [name, hyper.default]),
    ),
    ...Object.fromEntries(Object.entries(values).filter(([name]) => !own.some(([one]) => one === name))),
    ...{ data, target, task, model, optimizer, sampleWeights, validationData, reading },
    hyper: own.map(([name, value]) => `${name}=${value}`).join(" "),
  };
}

function figureOf(record: Pick<RunRecord, "series">): FigureSpec {
  const folds = foldsOf(record);
  const runs = runsOf(record).filter((run) => !folds.includes(run));
  const shown = panels.flatMap(({ label, metrics }): PlanePanel[] => {
    const layers = metrics.flatMap((metric) => [
      ...foldLayers(record, { metric, ...curves[metric] }),
      ...runs.flatMap((run, i): Curve[] => {
        const series = seriesOf(record, run, metric);
        if (series === undefined) {
          return [];
        }
        const { name, style } = curves[metric];
        const several = runs.length > 1;
        const told = folds.length > 0 ? { en: "all rows", ja: "全行" } : several ? { en: run, ja: run } : null;
        return [
          {
            kind: "curve",
            name: told === null ? name : { en: `${name.en} (${told.en})`, ja: `${name.ja}(${told.ja})` },
            role: "line",
            style: several ? i : style,
            ...((several && style > 0) || folds.length > 0 ? { dash: "dashed" as const } : {}),
            x: series.x,
            y: drawn(series.y),
          },
        ];
      }),
    ]);
    const domain = metrics.includes("valAccuracy") ? { domain: [0, 1] as const } : {};
    return layers.length === 0
      ? []
      : [
          {
            kind: "plane",
            x: { label: { en: "epochs", ja: "エポック" }, whole: true },
            y: { label, ...domain },
            layers,
          },
        ];
  });
  return {
    id: "curves",
    title: { en: "Loss and figures by epoch", ja: "エポックごとの損失と指標" },
    columns: Math.max(1, Math.min(2, shown.length)),
    panels: shown,
  };
}

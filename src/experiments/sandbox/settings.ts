import { DataError, HyperError } from "../../core/errors.ts";
import {
  choice,
  fraction,
  type HyperSet,
  integer,
  names,
  real,
  resolve,
  text,
  type ValuesOf,
} from "../../core/hyper.ts";
import { decodePoints } from "../../data/drawn-points.ts";
import { toyNames } from "../../data/toy.ts";
import { valueSetNames } from "../../data/toy-values.ts";
import { networkLimits } from "../../nn/layer-words.ts";
import { networkSetting } from "../../nn/network-text.ts";
import type { Settings } from "../../runs/experiment.ts";
import { schedules } from "../../schedule/registry.ts";
import { customRuleSettings } from "../custom-rule.ts";
import { accuracyEveryOf, weightDecayOf, weightInitOf } from "../mnist-settings.ts";
import { optimizersInOrder } from "../optimizers-in-order.ts";
import { perRun } from "../per-run.ts";
import { trainingSettings } from "../technique-settings.ts";
import { planeInputNames } from "./plane-inputs.ts";

export const dataKinds = ["toy", "drawn", "csv", "idx", "mnist"] as const;
export type DataKind = (typeof dataKinds)[number];

/** The optimizer that stands for the typed rule. */
export const typedRule = "custom";

const own = {
  data: choice({
    options: dataKinds,
    default: "toy",
    about: {
      en: "where the rows come from; csv and idx are files given on the page",
      ja: "データの出所。csv と idx はページに渡したファイル",
    },
  }),
  toy: choice({
    options: [...toyNames, ...valueSetNames],
    default: "moons",
    about: {
      en: `set drawn by a formula; ${valueSetNames.join(", ")} ask for a number, the others for a class`,
      ja: `式で描くデータ。${valueSetNames.join("・")} は数値を、ほかはクラスを当てる`,
    },
  }),
  points: integer({ default: 300, min: 20, max: 2000, about: { en: "points drawn", ja: "点の数" } }),
  noise: real({
    default: 0.08,
    min: 0,
    max: 1,
    about: {
      en: "standard deviation of what moves each point, or its number; the set is 2 wide",
      ja: "点の位置や数値をずらす大きさ(標準偏差)。データの幅は2",
    },
  }),
  classes: integer({
    default: 3,
    min: 2,
    max: 6,
    about: { en: "classes of circles, spirals and Gaussians", ja: "同心円・らせん・正規分布のクラス数" },
  }),
  drawn: text({
    default: "",
    range: { en: "points drawn on the page, as its link has them", ja: "ページで描いた点(リンクにある形)" },
    validate: decodePoints,
    about: { en: "points drawn by hand", ja: "手で描いた点" },
  }),
  dataSeed: integer({
    default: 0,
    min: 0,
    max: 0xffffffff,
    about: {
      en: "seed of the points and of what is held back as test data",
      ja: "点とテストデータの分け方を決めるシード",
    },
  }),
  testShare: fraction(0.25, { en: "share of the rows held back as test data", ja: "テストデータとして取り分ける割合" }),
  trainRows: integer({
    default: 5000,
    min: 100,
    max: 60_000,
    scale: "log",
    about: {
      en: "rows of MNIST or of image files that are learnt from, at most",
      ja: "MNIST や画像ファイルから学習に使う最大の数",
    },
  }),
  inputs: names({
    options: planeInputNames,
    default: ["x", "y"],
    about: { en: "what the network is given of a point of the plane", ja: "平面の点からネットワークに渡す値" },
  }),
  network: networkSetting({
    default: "affine 16; relu; affine 16; relu",
    about: {
      en: `hidden layers; the last affine follows by itself. At most ${networkLimits.layers}`,
      ja: `隠れ層。最後の affine は自動で付く。${networkLimits.layers} 層まで`,
    },
  }),
  optimizer: choice({
    options: [...optimizersInOrder.map(({ label }) => label), typedRule],
    default: "Adam",
    about: { en: "update rule; custom is the typed one", ja: "更新則。custom は自分で書いたもの" },
  }),
  schedule: choice({
    options: schedules.map(({ name }) => name),
    default: "constant",
    about: { en: "how lr changes over the run", ja: "学習率の変え方" },
  }),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  batchSize: integer({
    default: 32,
    min: 1,
    max: 1000,
    scale: "log",
    about: { en: "rows of a minibatch", ja: "ミニバッチのデータ数" },
  }),
  iterations: integer({
    default: 2000,
    min: 1,
    max: 200_000,
    scale: "log",
    about: { en: "updates of the run", ja: "更新回数" },
  }),
  accuracyEvery: accuracyEveryOf(20),
} satisfies HyperSet;

/** The optimizers' and schedules' hyper-parameters stand under their names: `Adam.lr`, `cosine.minLr`. */
export const sandboxSettings: HyperSet = {
  ...own,
  ...perRun(optimizersInOrder, {
    SGD: { lr: 0.1 },
    Momentum: { lr: 0.03 },
    Nesterov: { lr: 0.03 },
    Adam: { lr: 0.01 },
  }),
  ...customRuleSettings({ lr: 0.05 }),
  ...trainingSettings,
  ...perRun(schedules.map(({ name, hyper }) => ({ label: name, hyper }))),
};

/** The sandbox's settings but for those of single optimizers and schedules. */
export type SandboxValues = ValuesOf<typeof own> & { readonly rule: string };

/** The settings as typed values. @throws HyperError */
export function valuesOf(settings: Settings): SandboxValues {
  return resolve(sandboxSettings, settings) as unknown as SandboxValues;
}

/** There is nothing to learn from. */
export class SandboxDataError extends DataError {}

/** Settings that do not go together. */
export class SandboxSettingError extends HyperError {}

import { HyperError } from "../core/errors.ts";
import {
  choice,
  eachOnce,
  fraction,
  type Hyper,
  type HyperSet,
  type HyperValue,
  integer,
  numberOf,
  real,
  text,
  type ValuesOf,
} from "../core/hyper.ts";
import { withDefaults } from "../core/typed.ts";
import type { Loss } from "../nn/loss.ts";
import { losses, lossNamed } from "../nn/loss-registry.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { optimizerNamed } from "../optim/registry.ts";
import { scheduleNamed, schedules } from "../schedule/registry.ts";
import { checkDetails, detailsOf } from "../train/idle-details.ts";
import { techniqueSettings, techniquesOf } from "../train/technique-settings.ts";
import { changeSettings, changesIn } from "../train/techniques/changes.ts";
import type { FitOptions } from "./fit-options.ts";

/** What stands for the task's own loss. */
const ownLossOfTask = "auto";

/**
 * How a model is taught, as settings of one value each: the flags of `tanren train`, its settings file, what a run records
 * and the table in docs/how-to/models.md are made from this. {@link fitOptionsOf} is what `fit` takes.
 */
export const fitSettings = {
  loss: choice({
    options: [ownLossOfTask, ...losses.map(({ name }) => name)],
    default: ownLossOfTask,
    about: {
      en: "what is made small; auto: cross entropy of classes, squared error of numbers",
      ja: "小さくする損失。auto はクラスなら交差エントロピー、数値なら二乗誤差",
    },
  }),
  epochs: integer({
    default: 100,
    min: 1,
    max: 10_000_000,
    about: { en: "times that every row is seen", ja: "エポック数" },
  }),
  batchSize: integer({
    default: 32,
    min: 1,
    max: 1_000_000,
    about: { en: "rows of a minibatch", ja: "ミニバッチの行数" },
  }),
  batches: choice({
    options: ["shuffle", "draw"],
    default: "shuffle",
    about: {
      en: "shuffle: every epoch sees each row once; draw: with replacement, as in the book",
      ja: "shuffle はエポックごとに全行を1回ずつ、draw は書籍のように重複を許して選ぶ",
    },
  }),
  schedule: choice({
    options: schedules.map(({ name }) => name),
    default: "constant",
    about: { en: "how the rate changes", ja: "学習率の変え方" },
  }),
  weightDecay: real({ default: 0, min: 0, about: { en: "λ of ½·λ·ΣW² in the loss", ja: "損失に加える L2 の係数" } }),
  classWeights: text({
    default: "",
    range: {
      en: "none, balanced, or weights such as setosa=1,virginica=2.5",
      ja: "none、balanced、または setosa=1,virginica=2.5 のような重み",
    },
    validate: parseClassWeights,
    plain: (value) => (value.trim() === "none" ? "" : value),
    about: {
      en: "how much each class counts: none, balanced, or setosa=1,virginica=2.5",
      ja: "クラスごとの重み。none、balanced、または setosa=1,virginica=2.5",
    },
  }),
  validation: fraction(0, { en: "share of the rows held back and measured", ja: "検証用に取り分けるデータの割合" }),
  folds: integer({
    default: 0,
    min: 0,
    max: 1_000_000,
    about: {
      en: "cross-validation: so many networks, each measured on another part of the rows; the model learns from all rows; 0: none",
      ja: "交差検証の分割数。分割ごとに別のネットワークを学習・測定し、モデルは全行で学習する(0 は行わない)",
    },
  }),
  patience: integer({
    default: 0,
    min: 0,
    about: {
      en: "epochs without improvement before it stops and goes back to the best; 0: never",
      ja: "改善がなくなって止まり、最良の重みに戻るまでのエポック数(0 は止めない)",
    },
  }),
  stopMetric: text({
    default: "",
    range: { en: "a metric that is measured, such as valAccuracy", ja: "valAccuracy など、測っている指標の名前" },
    validate: () => {},
    about: {
      en: "the metric that should improve, such as valAccuracy",
      ja: "改善を見る指標。valAccuracy など",
    },
  }),
  ...techniqueSettings,
  ...changeSettings,
} satisfies HyperSet;

export type FitValues = ValuesOf<typeof fitSettings>;
/** Values by the names of {@link settingsFor}. */
export type SettingValues = Readonly<Record<string, HyperValue>>;

/**
 * All settings of a training by this rule, schedule and loss: theirs stand beside {@link fitSettings}, the rule's by their
 * own names (which come first: AdamW's `weightDecay` is the rule's), the others' as `cosine.minLr` and `huber.delta`.
 * @throws HyperError on a name that is not known
 */
export function settingsFor({
  optimizer,
  schedule,
  loss,
}: {
  optimizer: string;
  schedule?: string;
  loss?: string;
}): HyperSet {
  const named = [
    scheduleNamed(schedule ?? fitSettings.schedule.default),
    ...(loss === undefined || loss === ownLossOfTask ? [] : [lossNamed(loss)]),
  ];
  const rule = optimizerNamed(optimizer).hyper;
  return {
    // Twice: first among the names to suggest, last of those that say what a name means.
    ...rule,
    ...fitSettings,
    ...Object.fromEntries(
      named.flatMap(({ name, hyper }) =>
        Object.entries(hyper).map(([own, one]): [string, Hyper] => [`${name}.${own}`, one]),
      ),
    ),
    ...rule,
  };
}

/** Settings of a training that do nothing where what they are of is off, each with it. */
export const fitDetails: Readonly<Record<string, string>> = { ...detailsOf, stopMetric: "patience" };

/** @throws HyperError on a setting that nothing would heed, beside these others */
function checkHeeded(rule: Optimizer, values: SettingValues): void {
  const set: HyperSet = fitSettings;
  const isOff = (name: string) => (values[name] ?? set[name].default) === set[name].default;
  checkDetails(fitDetails, isOff);
  checkFolds(values);
  if (!isOff("decayOf")) {
    checkDecays([rule]);
  }
}

/** Makes sure that one of the rules has the weight decay that `decayOf` is about. @throws HyperError */
export function checkDecays(rules: readonly Optimizer[]): void {
  if (!rules.some(({ hyper }) => Object.hasOwn(hyper, "weightDecay"))) {
    const names = rules.map(({ name }) => name);
    throw new HyperError({
      en: `decayOf: must go with a rule that has weightDecay, got ${names.join(", ")}, which has none. Choose another, such as adamw, or leave decayOf out.`,
      ja: `decayOf: 更新則が weightDecay をもつときの設定ですが、${names.join("、")} にはありません。adamw などを選ぶか、decayOf を外してください。`,
    });
  }
}

/** @throws HyperError on a number of folds that is none, or rows held back beside them */
function checkFolds({ folds = 0, validation = 0 }: Partial<FitValues>): void {
  if (folds === 1) {
    throw new HyperError({
      en: "folds: must be 2 or more, or 0 for none, got 1. Give one such as 5.",
      ja: "folds: 2 以上か、行わないなら 0 を指定してください(指定された値: 1)。",
    });
  }
  if (folds !== 0 && validation !== 0) {
    throw besideFolds("validation");
  }
}

/** That folds do not go with another setting which holds rows back. */
export function besideFolds(name: string): HyperError {
  return new HyperError({
    en: `folds: must stand alone, got ${name} too: folds hold every row back once. Leave ${name} out.`,
    ja: `folds: ${name} とは同時に指定できません。分割により、どの行も1度は検証に使われます。${name} を外してください。`,
  });
}

/** What `fit` takes of the settings, but for `folds`; techniques at their defaults are left out. @throws HyperError */
export function fitOptionsOf(optimizer: string, values: SettingValues): FitOptions {
  const rule = optimizerNamed(optimizer);
  checkHeeded(rule, values);
  const { epochs, batchSize, batches, schedule, ...rest } = values as Partial<FitValues>;
  const { classWeights = "", validation = 0, patience = 0, stopMetric = "", weightDecay } = rest;
  const weights = parseClassWeights(classWeights);
  const curve = scheduleNamed(schedule ?? "constant");
  return {
    optimizer: rule,
    hyper: Object.fromEntries(Object.entries(values).filter(([name]) => Object.hasOwn(rule.hyper, name))) as Record<
      string,
      number
    >,
    ...(epochs === undefined ? {} : { epochs }),
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(batches === undefined ? {} : { batches: batches as FitOptions["batches"] }),
    ...(curve.name === "constant"
      ? {}
      : { schedule: { ...curve, hyper: withDefaults(curve.hyper, ownOf(values, curve.name)) } }),
    ...(weightDecay === undefined || Object.hasOwn(rule.hyper, "weightDecay") ? {} : { weightDecay }),
    ...(weights === undefined ? {} : { classWeights: weights }),
    ...(validation === 0 ? {} : { validation }),
    ...(patience === 0 ? {} : { stopEarly: { patience, ...(stopMetric === "" ? {} : { metric: stopMetric }) } }),
    ...techniquesOf(rest),
    ...changesIn("", rest),
  };
}

/** The loss that the settings name; undefined: the task's own. @throws HyperError */
export function lossOfSettings(values: SettingValues): Loss | undefined {
  const { loss = ownLossOfTask } = values as Partial<FitValues>;
  return loss === ownLossOfTask ? undefined : lossNamed(loss, ownOf(values, loss));
}

/** What stands under a schedule's or loss's name: `{ minLr }` of `cosine.minLr`. */
function ownOf(values: SettingValues, name: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([key]) => key.startsWith(`${name}.`))
      .map(([key, value]) => [key.slice(name.length + 1), value as number]),
  );
}

/** `balanced` or `setosa=1,virginica=2.5`; undefined of `none` and an empty text. @throws HyperError */
export function parseClassWeights(given: string): FitOptions["classWeights"] {
  if (["", "none"].includes(given.trim())) {
    return undefined;
  }
  if (given.trim() === "balanced") {
    return "balanced";
  }
  return eachOnce(
    "classWeights",
    given.split(",").map((part) => {
      const at = part.lastIndexOf("=");
      const weight = numberOf(part.slice(at + 1));
      if (at < 1 || !Number.isFinite(weight) || weight < 0) {
        throw new HyperError({
          en: `classWeights: each must be CLASS=WEIGHT with a weight of 0 or more, got "${part}". Write one such as setosa=2, or balanced.`,
          ja: `classWeights: クラス名=重み(0 以上)の形で書いてください("${part}" でした)。例: setosa=2、または balanced`,
        });
      }
      return [part.slice(0, at).trim(), weight] as const;
    }),
  );
}

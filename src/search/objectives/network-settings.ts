import { choice, type Hyper, type HyperSet, type HyperValue, integer, real, sizes } from "../../core/hyper.ts";
import type { SearchSpace } from "../../core/trial.ts";
import { weightInitSetting } from "../../init/weights.ts";
import { activationNames } from "../../nn/activation.ts";
import { losses as allLosses, lossNamed } from "../../nn/loss-registry.ts";
import { networkSetting } from "../../nn/network-text.ts";
import { optimizerNamed, optimizers } from "../../optim/registry.ts";
import { scheduleNamed, schedules } from "../../schedule/registry.ts";
import { askableTechniques } from "../../train/techniques/open.ts";

/** What a network by flags is built of and trained with, beside its optimizer's own hyper-parameters. */
export const networkSettings = {
  optimizer: choice({
    options: optimizers.map(({ name }) => name),
    default: "sgd",
    about: { en: "update rule", ja: "更新則" },
  }),
  schedule: choice({
    options: schedules.map(({ name }) => name),
    default: "constant",
    about: { en: "how lr changes over a trial", ja: "学習率の変え方(1試行の間)" },
  }),
  hiddenSizes: sizes({ default: [100], about: { en: "widths of the hidden layers", ja: "隠れ層のニューロン数" } }),
  hidden: integer({
    default: 100,
    min: 1,
    max: 65_536,
    scale: "log",
    about: {
      en: "one width for all hidden layers, in place of hiddenSizes",
      ja: "すべての隠れ層に共通のニューロン数(hiddenSizes の代わり)",
    },
  }),
  layers: integer({
    default: 1,
    min: 1,
    max: 64,
    about: { en: "hidden layers, in place of hiddenSizes", ja: "隠れ層の数(hiddenSizes の代わり)" },
  }),
  activation: choice({
    options: activationNames,
    default: "relu",
    about: { en: "activation function", ja: "活性化関数" },
  }),
  network: networkSetting({
    default: "",
    about: {
      en: "all layers as text, in place of hiddenSizes, activation, batchNorm and dropRatio",
      ja: "すべての層を書いたテキスト(hiddenSizes、activation、batchNorm、dropRatio の代わり)",
    },
  }),
  weightInit: weightInitSetting({ default: "he", about: { en: "initial weights", ja: "重みの初期値" } }),
  batchNorm: choice({
    options: ["off", "on"],
    default: "off",
    about: { en: "Batch Normalization before each activation", ja: "各活性化関数の前の Batch Normalization" },
  }),
  dropRatio: real({
    default: 0,
    min: 0,
    below: 1,
    about: { en: "share of the hidden units dropped", ja: "隠れ層で無効にするニューロンの割合" },
  }),
  weightDecay: real({
    default: 0,
    min: 0,
    scale: "log",
    about: { en: "λ of ½·λ·ΣW² in the loss", ja: "損失に加える ½·λ·ΣW² の λ" },
  }),
  batchSize: integer({
    default: 100,
    min: 1,
    max: 10_000,
    scale: "log",
    about: { en: "rows of a minibatch", ja: "ミニバッチのデータ数" },
  }),
  epochs: integer({
    default: 10,
    min: 1,
    max: 100_000,
    scale: "log",
    about: { en: "epochs of a trial", ja: "1試行のエポック数" },
  }),
  trainRows: integer({
    default: 1000,
    min: 2,
    max: 60_000,
    scale: "log",
    about: {
      en: "rows used, from the first; the validation rows are taken from them",
      ja: "使うデータの数(先頭から)。検証用はここから取り分けます",
    },
  }),
  validationShare: real({
    default: 0.2,
    above: 0,
    below: 1,
    about: { en: "share of the rows held back for validation", ja: "検証用に取り分けるデータの割合" },
  }),
} satisfies HyperSet;

/** All values that one of the settings takes in trials of a network. */
export function valuesAmong(
  { fixed, space }: { readonly fixed: Readonly<Record<string, HyperValue>>; readonly space: SearchSpace },
  name: string,
  own: HyperSet = networkSettings,
): string[] {
  const drawn = space[name];
  return drawn?.kind === "category" ? drawn.choices.map(String) : [String(fixed[name] ?? own[name].default)];
}

/** Settings that say what the layers are, which stand instead of one another. */
export const layerSettings = ["hiddenSizes", "hidden", "layers", "activation", "batchNorm", "dropRatio"] as const;

/** What a network is built of and trained with, the techniques of training too: none of it belongs to a rule. */
export const ownSettings: HyperSet = { ...askableTechniques, ...networkSettings };

/** Rules, schedules and losses by name. */
export interface ChosenParts {
  readonly optimizers: readonly string[];
  readonly schedules: readonly string[];
  readonly losses: readonly string[];
}

/**
 * What may be fixed or searched where these are chosen: beside `own` each rule's hyper-parameters, as `adam.lr` for that
 * rule alone and as `lr` for every one that has it, and each schedule's and loss's as `cosine.minLr` and `huber.delta`. A
 * value of `lr` must be in the range of each rule.
 */
export function settingsFor(chosen: ChosenParts, own: HyperSet): HyperSet {
  const rules = chosen.optimizers.map(optimizerNamed);
  const shared = new Map<string, Hyper[]>();
  for (const { hyper } of rules) {
    for (const [name, one] of Object.entries(hyper as HyperSet)) {
      shared.set(name, [...(shared.get(name) ?? []), one]);
    }
  }
  return {
    ...Object.fromEntries([...shared].map(([name, all]) => [name, inEveryRange(all)])),
    ...Object.fromEntries(
      [...rules, ...chosen.schedules.map(scheduleNamed), ...chosen.losses.map((name) => lossNamed(name))].flatMap(
        (one) => Object.entries(one.hyper as HyperSet).map(([name, hyper]) => [`${one.name}.${name}`, hyper]),
      ),
    ),
    ...own,
  };
}

/** Hyper-parameters of one name as one: a value is checked by all. */
function inEveryRange([first, ...others]: readonly Hyper[]): Hyper {
  const check = (value: unknown, name: string) => {
    for (const { check: also } of others) {
      also(value, name);
    }
    return first.check(value, name);
  };
  return { ...first, check, parse: (text, name) => check(first.parse(text, name), name) };
}

/**
 * Every name that may be fixed or searched beside `own`, whichever the parts: for reading what was typed. Which values fit a
 * name that several rules have is known once the rules are: see {@link settingsFor}.
 */
export function searchableBeside(own: HyperSet): HyperSet {
  const named = (all: readonly { readonly name: string }[]) => all.map(({ name }) => name);
  const losses = Object.hasOwn(own, "loss") ? named(allLosses) : [];
  return {
    ...settingsFor({ optimizers: named(optimizers), schedules: named(schedules), losses }, own),
    ...Object.fromEntries(
      optimizers.flatMap(({ hyper }) =>
        Object.entries(hyper as HyperSet).map(([name, { kind, about }]) => [
          name,
          (kind === "integer" ? integer : real)({ default: 0, about }),
        ]),
      ),
    ),
    ...own,
  };
}

/** Every name that may be fixed or searched of a network on a data set. */
export const searchableOfNetworks: HyperSet = searchableBeside(ownSettings);

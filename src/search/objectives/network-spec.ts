import { noSuchSetting } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import type { Hyper, HyperSet, HyperValue } from "../../core/hyper.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../../core/trial.ts";
import { checkDecays } from "../../model/fit-settings.ts";
import { losses, lossNamed } from "../../nn/loss-registry.ts";
import { optimizerNamed, optimizers } from "../../optim/registry.ts";
import { scheduleNamed, schedules } from "../../schedule/registry.ts";
import { checkSpace } from "../space.ts";
import type { NetworkValues } from "./network-layers.ts";
import {
  layerSettings,
  networkSettings,
  ownSettings,
  searchableBeside,
  settingsFor,
  valuesAmong,
} from "./network-settings.ts";

/** A network to be searched, as plain JSON: what is fixed and what each trial draws. */
export interface NetworkSpec {
  /** Data set by name. */
  readonly data: string;
  /** Fully connected layers by settings, or all layers by the text that is the setting `network`. */
  readonly model: "mlp" | "layers";
  /** Values that are fixed, over the settings' defaults; an optimizer's hyper-parameters too. */
  readonly fixed: Readonly<Record<string, HyperValue>>;
  /** What each trial draws: names of {@link searchableBeside}. */
  readonly space: SearchSpace;
  /** Which rows are held back for validation follows from it; the same in every trial. */
  readonly seed: number;
}

/**
 * The same description when every name is known, every value in range and the space not empty.
 * @param own what belongs to no rule, schedule or loss
 * @throws HyperError
 */
export function checkNetwork(spec: NetworkSpec, own = ownSettings): NetworkSpec {
  const space = checkSpace(spec.space);
  const among = (name: "optimizer" | "schedule" | "loss") =>
    Object.hasOwn(own, name)
      ? valuesAmong({ ...spec, space }, name, own).map((one) => String(settingOf(own, name, one, own)))
      : [];
  const settings = settingsFor(
    { optimizers: among("optimizer"), schedules: among("schedule"), losses: lossesNamed(among("loss")) },
    own,
  );
  for (const [name, distribution] of Object.entries(space)) {
    if (Object.hasOwn(spec.fixed, name)) {
      throw new HyperError({
        en: `${name}: must be fixed or searched, got both. Leave out --set ${name} or --space ${name}.`,
        ja: `${name}: 固定と探索の両方に指定されています。--set ${name} か --space ${name} のどちらかを外してください。`,
      });
    }
    if (distribution.kind !== "category" && Object.hasOwn(settings, name) && !isNumeric(name, settings[name])) {
      throw new HyperError({
        en: `--space ${name}: must list choices, got a range. Write --space ${name}=a,b,c.`,
        ja: `--space ${name}: 範囲ではなく選択肢で指定してください。--space ${name}=a,b,c のように書きます。`,
      });
    }
    const ends = distribution.kind === "category" ? distribution.choices : [distribution.low, distribution.high];
    for (const end of ends) {
      settingOf(settings, name, end, own);
    }
  }
  const fixed = Object.fromEntries(
    Object.entries(spec.fixed).map(([name, value]) => [name, settingOf(settings, name, value, own)]),
  );
  const named = [...Object.keys(space), ...Object.keys(fixed)];
  if (named.includes("hiddenSizes") && (named.includes("hidden") || named.includes("layers"))) {
    throw new HyperError({
      en: "hiddenSizes: must stand alone, got hidden or layers too. Give one or the other.",
      ja: "hiddenSizes: hidden や layers と同時には指定できません。どちらか一方にしてください。",
    });
  }
  const beside = layerSettings.find((name) => named.includes(name));
  if (named.includes("network") && beside !== undefined) {
    throw new HyperError({
      en: `network: must stand alone, got ${beside} too. Write ${beside} into the text, or leave network out.`,
      ja: `network: ${beside} とは同時に指定できません。network のテキストの中に書くか、network を外してください。`,
    });
  }
  return { ...spec, space, fixed };
}

/** Makes sure that `decayOf` is heeded by one of the rules. @throws HyperError */
export function checkDecay(spec: Pick<NetworkSpec, "fixed" | "space">): void {
  if (valuesAmong(spec, "decayOf", ownSettings).some((one) => one !== ownSettings.decayOf.default)) {
    checkDecays(valuesAmong(spec, "optimizer").map(optimizerNamed));
  }
}

/** Of the values of `loss` those that are the name of one: a task's own has no settings to give. */
const lossesNamed = (values: readonly string[]) => values.filter((one) => losses.some(({ name }) => name === one));

/**
 * A value of a setting, from a typed or drawn one.
 * @param own what belongs to no rule, schedule or loss
 * @throws HyperError on an unknown name, one that the rules, schedules or losses chosen do not have, or a value out of range
 */
function settingOf(settings: HyperSet, name: string, value: HyperValue | ParameterValue, own: HyperSet): HyperValue {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (setting === undefined) {
    throw noSuchHere(settings, name, searchableBeside(own));
  }
  return setting.kind === "sizes" && !Array.isArray(value)
    ? setting.parse(String(value), name)
    : setting.check(value, name);
}

/** That a name is none, or none of the parts that trials use. @param searchable every name there is */
function noSuchHere(settings: HyperSet, name: string, searchable: HyperSet): HyperError {
  if (!Object.hasOwn(searchable, name)) {
    return noSuchSetting("", name, Object.keys(searchable));
  }
  const part = (all: readonly { readonly name: string }[]) => all.find((one) => name.startsWith(`${one.name}.`))?.name;
  const schedule = part(schedules);
  if (schedule !== undefined) {
    return new HyperError({
      en: `${name}: must be of a schedule that trials use, got one of ${schedule}, which none does. Add --set schedule=${schedule}, or leave it out.`,
      ja: `${name}: 使っているスケジュールの設定ではありません。--set schedule=${schedule} を追加するか、この設定を外してください。`,
    });
  }
  const loss = part(losses);
  if (loss !== undefined) {
    return new HyperError({
      en: `${name}: must be of a loss that trials use, got one of ${loss}, which none does. Add --set loss=${loss}, or leave it out.`,
      ja: `${name}: 使っている損失の設定ではありません。--set loss=${loss} を追加するか、この設定を外してください。`,
    });
  }
  const own = Object.keys(settings).filter((known) => known.includes("."));
  const named = new Set(own.map((known) => known.split(".")[0]));
  const rules = [...named].filter((one) => optimizers.some((rule) => rule.name === one));
  return new HyperError({
    en: `${name}: must be a hyper-parameter of the optimizer, got ${rules.join(", ")}, which has none of that name. Choose another with --set optimizer=…`,
    ja: `${name}: optimizer のハイパーパラメータにこの名前はありません(optimizer: ${rules.join("、")})。--set optimizer=… で別のものを選べます。`,
  });
}

/** Whether a setting can be drawn from a range. */
function isNumeric(name: string, { kind }: Hyper): boolean {
  return kind === "real" || kind === "integer" || name === "weightInit";
}

/** What a trial is of: what is fixed and what it draws. */
export interface Drawn {
  readonly values: NetworkValues;
  /** The optimizer's own, where they are not its defaults. */
  readonly hyper: Readonly<Record<string, number>>;
  /** The schedule's own, likewise. */
  readonly curve: Readonly<Record<string, number>>;
  /** Beside what any network is built of and trained with, what is fixed or drawn: techniques, the loss with its own. */
  readonly asked: Readonly<Record<string, HyperValue>>;
}

/**
 * Every setting's value in a trial; what is a rule's, a schedule's or a loss's own is drawn only where it has it.
 * @param suggest what the trial draws, or drew
 * @param own what belongs to no rule, schedule or loss
 */
export function drawn(
  suggest: (name: string, distribution: Distribution) => ParameterValue,
  { space, fixed }: Pick<NetworkSpec, "space" | "fixed">,
  own = ownSettings,
): Drawn {
  const chosen = (name: string, settings = own): HyperValue | undefined =>
    Object.hasOwn(space, name) ? settingOf(settings, name, suggest(name, space[name]), own) : fixed[name];
  const values: Record<string, HyperValue> = {};
  for (const [name, setting] of Object.entries(networkSettings)) {
    values[name] = (Object.hasOwn(own, name) ? chosen(name) : undefined) ?? setting.default;
  }
  const rule = optimizerNamed(String(values.optimizer));
  const schedule = scheduleNamed(String(values.schedule));
  const parts = { optimizers: [rule.name], schedules: [schedule.name] };
  const settings = settingsFor({ ...parts, losses: [] }, own);
  const number = (name: string, among = settings) => {
    const value = chosen(name, among);
    return value === undefined ? undefined : Number(value);
  };
  const beside = Object.entries(own).filter(([name]) => !Object.hasOwn(networkSettings, name));
  const hyper = named(rule.hyper, (name) => number(`${rule.name}.${name}`) ?? number(name));
  const curve = named(schedule.hyper, (name) => number(`${schedule.name}.${name}`));
  const asked = named(Object.fromEntries(beside), (name) => chosen(name));
  const ofLosses = lossesNamed([String(asked.loss)]).map((loss) => {
    const withLoss = settingsFor({ ...parts, losses: [loss] }, own);
    const names = Object.keys(lossNamed(loss).hyper).map((name) => `${loss}.${name}`);
    return named(Object.fromEntries(names.map((name) => [name, withLoss[name]])), (name) => number(name, withLoss));
  });
  return { values: values as Drawn["values"], hyper, curve, asked: Object.assign(asked, ...ofLosses) };
}

/** Of a set's names those that have a value. */
function named<T>(set: HyperSet, ask: (name: string) => T | undefined): Record<string, T> {
  const values = Object.keys(set).map((name) => [name, ask(name)] as const);
  return Object.fromEntries(values.filter((pair): pair is readonly [string, T] => pair[1] !== undefined));
}

import { noSuchSetting } from "../../core/checks.ts";
import { HyperError } from "../../core/errors.ts";
import type { Hyper, HyperSet, HyperValue } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import type { ParameterValue, SearchSpace } from "../../core/trial.ts";
import { type Dataset, selectRows } from "../../data/dataset.ts";
import { ArenaScope } from "../../kernels/arena-scope.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import { planned } from "../../kernels/planned.ts";
import { imageAsked } from "../../nn/build-network.ts";
import { squareImage } from "../../nn/image-shape.ts";
import { parseNetwork } from "../../nn/network-text.ts";
import { optimizerNamed, optimizers } from "../../optim/registry.ts";
import { scheduleNamed, schedules } from "../../schedule/registry.ts";
import type { RateCurve } from "../../schedule/schedule.ts";
import { AccuracyMeter } from "../../train/accuracy.ts";
import { withAverage } from "../../train/averaged.ts";
import { evaluationRows } from "../../train/evaluate.ts";
import { openTraining } from "../../train/open-training.ts";
import { askableTechniques, openTechniques } from "../../train/techniques/open.ts";
import { train } from "../../train/train.ts";
import { checkSpace } from "../space.ts";
import { type Objective, PrunedTrial, type Trial } from "../trial.ts";
import { packTraining, unpackTraining } from "./network-checkpoint.ts";
import { layersOf, type NetworkValues } from "./network-layers.ts";
import {
  layerSettings,
  networkSettings,
  ownSettings,
  searchableSettings,
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
  /** What each trial draws: names of `searchableSettings`. */
  readonly space: SearchSpace;
  /** Which rows are held back for validation follows from it; the same in every trial. */
  readonly seed: number;
}

export interface NetworkMeans {
  readonly kernels: KernelSet;
  readonly dataset: Dataset;
  /** Whether a checkpoint is worth its bytes by now; asked after each epoch. Never when absent. */
  readonly checkpointDue?: () => boolean;
}

/**
 * The same description when every name is known, every value in range and the space not empty.
 * @throws HyperError
 */
export function checkNetwork(spec: NetworkSpec): NetworkSpec {
  const space = checkSpace(spec.space);
  const among = (name: "optimizer" | "schedule") =>
    valuesAmong({ ...spec, space }, name).map((one) => String(settingOf(ownSettings, name, one)));
  const settings = settingsFor({ optimizers: among("optimizer"), schedules: among("schedule") });
  for (const [name, distribution] of Object.entries(space)) {
    if (Object.hasOwn(spec.fixed, name)) {
      throw new HyperError({
        en: `${name}: must be fixed or searched, got both. Leave out --set ${name} or --space ${name}.`,
        ja: `${name}: 固定と探索の両方に指定されています。--set ${name} か --space ${name} のどちらかを外してください。`,
      });
    }
    const ends = distribution.kind === "category" ? distribution.choices : [distribution.low, distribution.high];
    for (const end of ends) {
      settingOf(settings, name, end);
    }
    if (distribution.kind !== "category" && !isNumeric(name, settings[name])) {
      throw new HyperError({
        en: `--space ${name}: must list choices, got a range. Write --space ${name}=a,b,c.`,
        ja: `--space ${name}: 範囲ではなく選択肢で指定してください。--space ${name}=a,b,c のように書きます。`,
      });
    }
  }
  const fixed = Object.fromEntries(
    Object.entries(spec.fixed).map(([name, value]) => [name, settingOf(settings, name, value)]),
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

/**
 * A value of a setting, from a typed or drawn one.
 * @throws HyperError on an unknown name, one that the rules or schedules chosen do not have, or a value out of range
 */
function settingOf(settings: HyperSet, name: string, value: HyperValue | ParameterValue): HyperValue {
  const setting = Object.hasOwn(settings, name) ? settings[name] : undefined;
  if (setting === undefined) {
    const schedule = schedules.find((one) => name.startsWith(`${one.name}.`));
    if (schedule !== undefined && Object.hasOwn(searchableSettings, name)) {
      throw new HyperError({
        en: `${name}: must be of a schedule that trials use, got one of ${schedule.name}, which none does. Add --set schedule=${schedule.name}, or leave it out.`,
        ja: `${name}: 使っているスケジュールの設定ではありません。--set schedule=${schedule.name} を追加するか、この設定を外してください。`,
      });
    }
    if (Object.hasOwn(searchableSettings, name)) {
      const own = Object.keys(settings).filter((known) => known.includes("."));
      const named = new Set(own.map((known) => known.split(".")[0]));
      const rules = [...named].filter((one) => optimizers.some((rule) => rule.name === one));
      throw new HyperError({
        en: `${name}: must be a hyper-parameter of the optimizer, got ${rules.join(", ")}, which has none of that name. Choose another with --set optimizer=…`,
        ja: `${name}: optimizer のハイパーパラメータにこの名前はありません(optimizer: ${rules.join("、")})。--set optimizer=… で別のものを選べます。`,
      });
    }
    throw noSuchSetting("", name, Object.keys(searchableSettings));
  }
  return setting.kind === "sizes" && !Array.isArray(value)
    ? setting.parse(String(value), name)
    : setting.check(value, name);
}

/** Whether a setting can be drawn from a range. */
function isNumeric(name: string, { kind }: Hyper): boolean {
  return kind === "real" || kind === "integer" || name === "weightInit";
}

/**
 * Trains a network with the hyper-parameters that a trial draws, and gives its accuracy on the validation rows after the
 * last epoch, a fraction in [0, 1] to be maximized. Reports it after every epoch, steps from 0, and may be pruned there.
 * A network that diverges ends at once with the accuracy it has then, noted as `diverged`. Weights and minibatches come
 * from the trial's own stream. An attempt whose trial has a checkpoint goes on from it, to the same bits.
 */
export function networkObjective(spec: NetworkSpec, { kernels, dataset, checkpointDue }: NetworkMeans): Objective {
  const { fixed, space } = checkNetwork(spec);
  const trained = async (trial: Trial, kernels: KernelSet): Promise<number> => {
    const { values, hyper, curve, asked } = drawn(trial, space, fixed);
    const image = imageAsked(parseNetwork(values.network)) ?? squareImage(dataset.train.images.width);
    const techniques = openTechniques(asked, { image, batchSize: values.batchSize });
    const { batchSize, epochs, trainRows, validationShare, weightDecay, weightInit } = values;
    const { count } = dataset.train.images;
    const order = RandomStream.seeded(spec.seed).permutation(Math.min(trainRows, count));
    const held = Math.min(order.length - 1, Math.max(1, Math.floor(order.length * validationShare)));
    const training = selectRows(dataset.train, order.slice(held));
    const validation = selectRows(dataset.train, order.slice(0, held));
    const rows = training.images.count;
    const batch = Math.min(batchSize, rows);
    const perEpoch = Math.max(1, Math.floor(rows / (batch * (techniques.plan.accumulate ?? 1))));
    const { width } = training.images;
    const { means, meter } = planned(kernels, (kernels) => {
      const means = openTraining({
        kernels,
        layers: layersOf(values, [...Object.keys(space), ...Object.keys(fixed)], {
          inputSize: width,
          image,
          classes: dataset.classes,
        }),
        optimizer: optimizerNamed(values.optimizer),
        hyper,
        split: training,
        batchSize: batch,
        maxRows: evaluationRows,
        // A rule that takes it from the weights itself does so instead of the loss.
        weightDecay: Object.hasOwn(optimizerNamed(values.optimizer).hyper, "weightDecay") ? 0 : weightDecay,
        weightInit,
        stream: trial.random,
        ...techniques.plan,
      });
      return { means, meter: new AccuracyMeter(means.network, width) };
    });
    const iterations = epochs * perEpoch;
    const rates = ratesOf(values, { hyper, curve, steps: iterations });
    const before = trial.resumed instanceof Uint8Array ? unpackTraining(means, trial.resumed, rates) : null;
    const stream = before?.stream ?? trial.random;
    const from = before?.steps ?? 0;
    means.network.random = stream;
    const accuracyNow = () => withAverage(means, () => meter.of(validation));
    // All that is left to do of an attempt that was lost after its last epoch.
    let accuracy = from === iterations ? accuracyNow() : 0;
    const events = train({
      ...means,
      augmentation: techniques.augmentation(stream),
      rows,
      batchSize: batch,
      iterations: iterations - from,
      stream,
      signal: trial.signal,
    });
    const setRate = (step: number) => {
      if (rates !== null && step < iterations) {
        means.updater.setHyper({ lr: rates.rate(step) });
      }
    };
    setRate(from);
    for await (const event of events) {
      if (event.kind === "diverged") {
        trial.note("diverged", { step: from + event.step, layer: event.layer });
        return accuracyNow();
      }
      if (event.kind !== "step") {
        continue;
      }
      const steps = from + event.step + 1;
      rates?.observe?.(event.loss);
      setRate(steps);
      if (steps % perEpoch === 0) {
        const epoch = steps / perEpoch - 1;
        accuracy = accuracyNow();
        trial.report(accuracy, epoch);
        if (epoch + 1 < epochs && trial.shouldPrune()) {
          throw new PrunedTrial();
        }
        if (checkpointDue?.()) {
          trial.checkpoint(packTraining(means, { steps, stream, rates }));
        }
      }
    }
    trial.signal.throwIfAborted();
    return accuracy;
  };
  return async (trial) => {
    const scope = new ArenaScope();
    try {
      return await trained(trial, scope.within(kernels));
    } finally {
      scope.end();
    }
  };
}

interface Drawn {
  readonly values: NetworkValues;
  /** The optimizer's own, where they are not its defaults. */
  readonly hyper: Readonly<Record<string, number>>;
  /** The schedule's own, likewise. */
  readonly curve: Readonly<Record<string, number>>;
  /** Of the techniques of training, those that are not off. */
  readonly asked: Readonly<Record<string, HyperValue>>;
}

/** The rates of a trial; null where its schedule leaves them as they are. */
function ratesOf(
  { optimizer, schedule }: NetworkValues,
  { hyper, curve, steps }: Pick<Drawn, "hyper" | "curve"> & { readonly steps: number },
): RateCurve | null {
  if (schedule === networkSettings.schedule.default) {
    return null;
  }
  const { lr } = optimizerNamed(optimizer).hyper;
  return scheduleNamed(schedule).open(curve, { lr: hyper.lr ?? Number(lr.default), steps });
}

/** Every setting's value in this trial; a rule's and a schedule's hyper-parameters are drawn only where it has them. */
function drawn(trial: Trial, space: SearchSpace, fixed: NetworkSpec["fixed"]): Drawn {
  const chosen = (name: string, settings = ownSettings): HyperValue | undefined =>
    Object.hasOwn(space, name) ? settingOf(settings, name, trial.suggest(name, space[name])) : fixed[name];
  const values: Record<string, HyperValue> = {};
  for (const [name, setting] of Object.entries(networkSettings)) {
    values[name] = chosen(name) ?? setting.default;
  }
  const rule = optimizerNamed(String(values.optimizer));
  const schedule = scheduleNamed(String(values.schedule));
  const settings = settingsFor({ optimizers: [rule.name], schedules: [schedule.name] });
  const number = (name: string) => {
    const value = chosen(name, settings);
    return value === undefined ? undefined : Number(value);
  };
  return {
    values: values as Drawn["values"],
    hyper: named(rule.hyper, (name) => number(`${rule.name}.${name}`) ?? number(name)),
    curve: named(schedule.hyper, (name) => number(`${schedule.name}.${name}`)),
    asked: named(askableTechniques, (name) => chosen(name)),
  };
}

/** Of a set's names those that have a value. */
function named<T>(set: HyperSet, ask: (name: string) => T | undefined): Record<string, T> {
  const values = Object.keys(set).map((name) => [name, ask(name)] as const);
  return Object.fromEntries(values.filter((pair): pair is readonly [string, T] => pair[1] !== undefined));
}

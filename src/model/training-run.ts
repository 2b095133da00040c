import { DataError, HyperError, suggestName } from "../core/errors.ts";
import { RandomStream } from "../core/random.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { NumberArray } from "../formats/number-array.ts";
import type { WeightInit } from "../init/weights.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { planned } from "../kernels/planned.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import type { Sequential } from "../nn/sequential.ts";
import type { Updater } from "../optim/updater.ts";
import { scheduleNamed } from "../schedule/registry.ts";
import type { RateCurve, Schedule } from "../schedule/schedule.ts";
import type { Accumulator } from "../train/accumulator.ts";
import type { Augmentation } from "../train/augment/batch-transform.ts";
import type { TrainingLoader } from "../train/batch-loader.ts";
import { type BatchOrder, drawnBatches, ShuffledBatches } from "../train/batch-order.ts";
import { evaluationRows } from "../train/evaluate.ts";
import { averageOf, openTraining, type Training, withAverage } from "../train/open-training.ts";
import type { TrainingPart } from "../train/parts/training-part.ts";
import { type RowTargets, TargetLoader } from "../train/target-loader.ts";
import type { OpenTechniques } from "../train/techniques/open.ts";
import { optimizerOf } from "./fit-options.ts";
import { Asker, slotTensors, tensorsOf, writeSlot, writeTensors } from "./live-network.ts";
import type { ResumeState, TrainingSettings } from "./model-state.ts";
import type { ReadyRows } from "./prepare.ts";

export interface RunPlan {
  readonly kernels: KernelSet;
  readonly layers: readonly Layer[];
  readonly loss: Loss;
  readonly rows: ReadyRows;
  readonly weights: Float32Array | null;
  readonly settings: TrainingSettings;
  /** One of one's own, which the settings can only name; by its name when absent. */
  readonly schedule?: Schedule;
  /** One of one's own, which the settings can only name; as they say when absent. */
  readonly weightInit?: WeightInit;
  /** What changes each minibatch, with a stream of its own. */
  readonly augmentation: OpenTechniques["augmentation"];
  /** Fingerprint of the data. */
  readonly data: string;
}

/** What a run has reckoned up to a step beside its weights. */
export interface RunNumbers {
  /** Sum of the losses of the epoch at hand, and how many, each as much as {@link TrainingRun.shareOf} says. */
  epochLoss: number;
  epochSteps: number;
  /** Best value that early stopping has seen, and its epoch; null before the first. */
  best: number | null;
  bestEpoch: number | null;
}

/** One training at work: network, rule, minibatches, rates and random stream, each of which can be kept and gone on from. */
export class TrainingRun {
  readonly network: Sequential;
  readonly updater: Updater;
  readonly loader: TrainingLoader;
  readonly order: BatchOrder;
  readonly stream: RandomStream;
  readonly parts: readonly TrainingPart[];
  readonly accumulator: Accumulator | null;
  readonly augmentation: Augmentation | null;
  readonly asker: Asker;
  readonly rows: number;
  readonly batchSize: number;
  readonly numbers: RunNumbers;
  /** Updates made. */
  step: number;
  /** The weights to come back to, where training stops early. */
  best: Record<string, NumberArray> | null = null;
  private readonly rates: RateCurve | null;
  private readonly plan: RunPlan;
  private readonly training: Training;

  constructor(plan: RunPlan, resume: ResumeState | null, tensors: Readonly<Record<string, NumberArray>>) {
    const { kernels, layers, loss, settings, rows } = plan;
    const { count } = rows.rows;
    const batchSize = Math.min(settings.batchSize, count);
    const { optimizer, hyper } = optimizerOf(settings.optimizer);
    const targets: RowTargets = {
      ...(rows.values === null ? {} : { values: rows.values }),
      ...(plan.weights === null ? {} : { weights: plan.weights }),
    };
    this.plan = plan;
    this.rows = count;
    this.batchSize = batchSize;
    this.stream = resume === null ? RandomStream.seeded(settings.seed) : restoredStream(resume, "train");
    // Another stream than that of weights and minibatches, so that what changes rows changes nothing else.
    const apart = plan.augmentation(RandomStream.seeded((settings.seed ^ 0x85ebca6b) >>> 0));
    this.augmentation =
      apart === null || resume === null ? apart : { ...apart, stream: restoredStream(resume, "changes") };
    // Where values are to be met, no label is ever looked at.
    const labels = rows.values === null ? rows.labels : new Uint8Array(count);
    const split = { images: rows.rows, labels } as AnySplit;
    const { training, loader, asker } = planned(kernels, (kernels) => {
      const training = openTraining({
        kernels,
        layers,
        optimizer,
        hyper,
        split,
        batchSize,
        maxRows: evaluationRows,
        loss,
        weightDecay: settings.weightDecay,
        ...settings.techniques,
        // Of one that goes on the weights are there already.
        weightInit: resume === null ? (plan.weightInit ?? settings.weightInit) : 0,
        // Drawing the weights must not move the stream that goes on.
        stream: resume === null ? this.stream : RandomStream.seeded(0),
      });
      const plain = targets.values === undefined && targets.weights === undefined;
      return {
        training,
        loader: plain ? training.loader : new TargetLoader(training.loader, targets),
        asker: new Asker(training.network),
      };
    });
    const { network, updater, parts, accumulator } = training;
    this.training = training;
    this.parts = parts;
    this.accumulator = accumulator;
    this.network = network;
    this.updater = updater;
    this.loader = loader;
    network.random = this.stream;
    this.asker = asker;
    const order = { rows: count, batchSize, stream: this.stream };
    this.order =
      settings.batches === "draw"
        ? drawnBatches(order)
        : new ShuffledBatches(
            order,
            resume === null
              ? undefined
              : { order: resume.tensors.order.data as Int32Array, seen: resume.numbers.seen as number },
          );
    this.rates = ratesOf(plan, hyper, this.steps);
    this.step = resume?.step ?? 0;
    this.numbers = { epochLoss: 0, epochSteps: 0, best: null, bestEpoch: null };
    if (resume !== null) {
      this.restore(resume, tensors);
    }
  }

  /** Updates of an epoch; the last one has the minibatches that are left. */
  get stepsOfEpoch(): number {
    return Math.ceil(this.order.batches / (this.accumulator?.count ?? 1));
  }

  /** Updates of the whole run. */
  get steps(): number {
    return this.stepsOfEpoch * this.plan.settings.epochs;
  }

  /**
   * How much an update counts in its epoch's mean loss, so that every row counts alike: 1, an epoch's last one what it has of
   * the others' rows.
   * @param step updates made, this one among them
   */
  shareOf(step: number): number {
    const whole = this.batchSize * (this.accumulator?.count ?? 1);
    const left = this.rows % whole;
    const isRest = left !== 0 && step % this.stepsOfEpoch === 0 && this.plan.settings.batches === "shuffle";
    return isRest ? left / whole : 1;
  }

  /** Sets the rate of a step; gives it, or null where it never changes. */
  setRate(step: number): number | null {
    if (this.rates === null) {
      return null;
    }
    const lr = this.rates.rate(step);
    this.updater.setHyper({ lr });
    return lr;
  }

  observe(loss: number): void {
    this.rates?.observe?.(loss);
  }

  /** The weights of the model: the best so far, or those to be judged by after the last step. */
  tensors(): Record<string, NumberArray> {
    return this.best ?? this.judged(() => tensorsOf(this.network));
  }

  /** Runs `evaluate` with the weights to be judged by: those the rule keeps for it, or those trained. */
  judged<T>(evaluate: () => T): T {
    return withAverage(this.training, evaluate);
  }

  /** Whether the model's weights are others than those training stands at. */
  private get apart(): boolean {
    return this.best !== null || averageOf(this.training) !== null;
  }

  /** Everything that the next step depends on. */
  saved(): ResumeState {
    const { step } = this;
    const streams = {
      train: this.stream.saved(),
      ...(this.augmentation === null ? {} : { changes: this.augmentation.stream.saved() }),
    };
    const shuffle = this.order instanceof ShuffledBatches ? this.order.saved() : null;
    const schedule = this.rates?.saved?.();
    const named = (prefix: string, tensors: Readonly<Record<string, NumberArray>>) =>
      Object.entries(tensors).map(([name, tensor]) => [`${prefix}/${name}`, tensor] as const);
    return {
      kernels: this.network.kernels.name,
      step,
      epoch: Math.floor(step / this.stepsOfEpoch),
      data: this.plan.data,
      random: Object.fromEntries(Object.entries(streams).map(([name, { next, spare }]) => [name, { next, spare }])),
      numbers: {
        seen: shuffle?.seen ?? 0,
        epochLoss: finiteOrNull(this.numbers.epochLoss),
        epochSteps: this.numbers.epochSteps,
        best: this.numbers.best,
        bestEpoch: this.numbers.bestEpoch,
        ...Object.fromEntries(
          this.parts.flatMap(({ name, numbers }) =>
            Object.entries(numbers).map(([own, value]) => [`part/${name}.${own}`, value] as const),
          ),
        ),
      },
      tensors: Object.fromEntries([
        ...[...this.updater.slots].flatMap(([slot, tensor]) =>
          named(`slot/${slot}`, slotTensors(this.network, tensor)),
        ),
        ...this.parts.flatMap(({ name, tensors }) =>
          Object.entries(tensors).flatMap(([own, tensor]) =>
            named(`part/${name}.${own}`, slotTensors(this.network, tensor)),
          ),
        ),
        ...(this.apart ? named("now", tensorsOf(this.network)) : []),
        ...Object.entries(this.updater.state).map(
          ([name, values]) =>
            [`state/${name}`, { dtype: "float64", shape: [values.length], data: Float64Array.from(values) }] as const,
        ),
        ...(this.plan.weights === null
          ? []
          : [["weights", { dtype: "float32", shape: [this.plan.weights.length], data: this.plan.weights }] as const]),
        ...Object.entries(streams).map(
          ([name, { words }]) => [`random/${name}`, { dtype: "uint32", shape: [words.length], data: words }] as const,
        ),
        ...(shuffle === null
          ? []
          : [["order", { dtype: "int32", shape: [shuffle.order.length], data: shuffle.order }] as const]),
        ...(schedule === undefined
          ? []
          : [["schedule", { dtype: "float64", shape: [schedule.length], data: Float64Array.from(schedule) }] as const]),
      ]),
    };
  }

  private restore(resume: ResumeState, tensors: Readonly<Record<string, NumberArray>>): void {
    const under = (prefix: string) =>
      Object.fromEntries(
        Object.entries(resume.tensors)
          .filter(([name]) => name.startsWith(`${prefix}/`))
          .map(([name, tensor]) => [name.slice(prefix.length + 1), tensor]),
      );
    const now = under("now");
    const apart = Object.keys(now).length > 0;
    this.best = apart && resume.numbers.best !== null ? { ...tensors } : null;
    writeTensors(this.network, apart ? now : tensors);
    for (const [slot, tensor] of this.updater.slots) {
      writeSlot(this.network, tensor, under(`slot/${slot}`));
    }
    this.updater.restore(
      resume.step,
      Object.fromEntries(Object.entries(under("state")).map(([name, { data }]) => [name, [...(data as Float64Array)]])),
    );
    const { numbers } = resume;
    for (const part of this.parts) {
      for (const [own, tensor] of Object.entries(part.tensors)) {
        writeSlot(this.network, tensor, under(`part/${part.name}.${own}`));
      }
      const prefix = `part/${part.name}.`;
      part.restore(
        Object.fromEntries(
          Object.entries(numbers)
            .filter(([name, value]) => name.startsWith(prefix) && value !== null)
            .map(([name, value]) => [name.slice(prefix.length), value as number]),
        ),
      );
    }
    Object.assign(this.numbers, {
      epochLoss: numbers.epochLoss ?? Number.NaN,
      epochSteps: numbers.epochSteps ?? 0,
      best: numbers.best ?? null,
      bestEpoch: numbers.bestEpoch ?? null,
    });
    if (resume.tensors.schedule !== undefined) {
      this.rates?.restore?.([...(resume.tensors.schedule.data as Float64Array)]);
    }
  }
}

function finiteOrNull(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

function restoredStream({ random, tensors }: ResumeState, name: "train" | "changes"): RandomStream {
  const words = tensors[`random/${name}`]?.data;
  if (!(words instanceof Uint32Array) || random[name] === undefined) {
    throw new DataError({
      en: "resume: the file must hold where its random stream stands, got none. Take the file as it was saved.",
      ja: "resume: 乱数列の位置がファイルにありません。保存したままのファイルを使ってください。",
    });
  }
  return RandomStream.restored({ words, ...random[name] });
}

function ratesOf(
  { settings: { schedule, optimizer }, schedule: own }: RunPlan,
  hyper: Readonly<Record<string, number>>,
  steps: number,
): RateCurve | null {
  if (schedule === null) {
    return null;
  }
  if (hyper.lr === undefined) {
    const { en, ja } = suggestName("lr", Object.keys(hyper));
    throw new HyperError({
      en: `fit: a schedule changes lr, got an optimizer without (${optimizer.name}). ${en}`,
      ja: `fit: スケジュールは lr を変えますが、更新則(${optimizer.name})に lr がありません。${ja}`,
    });
  }
  return (own ?? scheduleNamed(schedule.name)).open(schedule.hyper, { lr: hyper.lr, steps });
}

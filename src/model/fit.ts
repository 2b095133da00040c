import { Breather } from "../core/breathe.ts";
import { DataError, HyperError, suggestName } from "../core/errors.ts";
import { trainingSteps } from "../train/train.ts";
import type { FitOptions } from "./fit-options.ts";
import { isBetter } from "./kept-epoch.ts";
import { tensorsOf } from "./live-network.ts";
import type { ModelHistory, TrainingSettings } from "./model-state.ts";
import type { TrainingRun } from "./training-run.ts";

/** What a model says while it learns. Steps and epochs count from 0. */
export type FitEvent =
  /** One update is done; the loss is the mean over its minibatch. `lr` where a schedule changes it. */
  | {
      readonly kind: "step";
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly lr: number | null;
    }
  | EpochEvent
  /** The model was written, to be gone on with from here. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly path: string }
  | { readonly kind: "end"; readonly step: number; readonly stoppedBy: "epochs" | "patience" | "signal" };

/** Every row has been seen once more: the mean loss, and what was measured of the rows held back. */
export interface EpochEvent {
  readonly kind: "epoch";
  readonly epoch: number;
  readonly epochs: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** Whether training ends with it: after the last epoch, or where nothing improves any more. */
  readonly last: boolean;
}

/** Values by metric, one an epoch; null where one was not finite, or not measured. */
export type History = ModelHistory;

export interface FitPlan {
  readonly run: TrainingRun;
  readonly settings: TrainingSettings;
  readonly history: Record<string, (number | null)[]>;
  /** Measures the rows held back; null where none are. */
  readonly validate: (() => Record<string, number>) | null;
  readonly options: Pick<FitOptions, "checkpoint" | "epochs" | "signal">;
  /** Ends the training: the model is from here on what has become of it. */
  readonly end: () => void;
  readonly write: (path: string) => Promise<void>;
}

/** How the promise of a training comes to its end. */
interface Settlers {
  /** With the history so far; nothing once it was settled. */
  resolve(): void;
  reject(reason: unknown): void;
}

/**
 * Trains step by step as `train` does, epoch by epoch. However it ends (an error apart), the model is left as training
 * stands: usable, and to be gone on with.
 * @throws DivergedError when the loss is no longer finite
 */
async function* fitting(open: () => FitPlan, { resolve, reject }: Settlers): AsyncGenerator<FitEvent, void, void> {
  try {
    const plan = open();
    const { run, options, settings } = plan;
    const { step: firstStep } = run;
    const { checkpoint, signal } = options;
    const over = isOver(plan);
    const steps = over ? firstStep : run.steps;
    const breather = new Breather();
    let stoppedBy: "epochs" | "patience" | "signal" = over ? "patience" : "epochs";
    let lr = firstStep < steps ? run.setRate(firstStep) : null;
    try {
      for (const event of trainingSteps({ ...run, firstStep, signal, iterations: steps, onDivergence: "throw" })) {
        if (event.kind !== "step") {
          continue;
        }
        const { loss } = event;
        run.observe(loss);
        const step = event.step + 1;
        run.step = step;
        const told = { kind: "step", step: event.step, steps, loss, lr } as const;
        if (step < steps) {
          lr = run.setRate(step);
        }
        const epochTold = takeLoss(plan, loss, step);
        const stopsEarly =
          epochTold !== null &&
          settings.stopEarly !== null &&
          noLongerImproves(plan, epochTold.metrics, epochTold.epoch);
        const writes = checkpoint !== undefined && step % checkpoint.every === 0;
        if (writes) {
          await plan.write(checkpoint.path);
        }
        yield told;
        if (epochTold !== null) {
          yield { ...epochTold, last: stopsEarly || step === steps };
        }
        if (writes) {
          yield { kind: "checkpoint", step, path: checkpoint.path };
        }
        if (stopsEarly) {
          stoppedBy = "patience";
          break;
        }
        if (breather.due) {
          await breather.breathe();
        }
      }
      if (signal?.aborted === true && run.step < steps) {
        stoppedBy = "signal";
      }
    } finally {
      plan.end();
    }
    yield { kind: "end", step: run.step, stoppedBy };
  } catch (error) {
    reject(error);
    throw error;
  } finally {
    // Left by `break`: what was reached counts.
    resolve();
  }
}

/** Adds a step's loss to its epoch; where that ends, measures what is held back and notes it all in the history. */
function takeLoss(plan: FitPlan, loss: number, stepsMade: number): Omit<EpochEvent, "last"> | null {
  const { run, settings, history, validate } = plan;
  const { numbers, stepsOfEpoch } = run;
  const share = run.shareOf(stepsMade);
  numbers.epochLoss += share * loss;
  numbers.epochSteps += share;
  if (stepsMade % stepsOfEpoch !== 0) {
    return null;
  }
  const metrics = {
    loss: numbers.epochLoss / numbers.epochSteps,
    ...(validate === null ? {} : run.judged(validate)),
  };
  const epoch = stepsMade / stepsOfEpoch - 1;
  for (const [name, value] of Object.entries(metrics)) {
    history[name] ??= [];
    // An epoch in which it was not measured has its place too.
    while (history[name].length < epoch) {
      history[name].push(null);
    }
    history[name].push(Number.isFinite(value) ? value : null);
  }
  numbers.epochLoss = 0;
  numbers.epochSteps = 0;
  return { kind: "epoch", epoch, epochs: settings.epochs, metrics };
}

/** Takes note of an epoch for early stopping; whether training should end. @throws HyperError on a metric that is not measured */
function noLongerImproves(
  { run, settings }: FitPlan,
  metrics: Readonly<Record<string, number>>,
  epoch: number,
): boolean {
  const { metric, patience } = settings.stopEarly!;
  if (!Object.hasOwn(metrics, metric)) {
    const names = Object.keys(metrics);
    const heldBack = names.some((name) => name.startsWith("val"));
    const { en, ja } =
      metric.startsWith("val") && !heldBack
        ? { en: "Give validation.", ja: "validation を指定してください。" }
        : suggestName(metric, names);
    throw new HyperError({
      en: `fit: stopEarly.metric must be one that is measured (${names.join(", ")}), got "${metric}". ${en}`,
      ja: `fit: stopEarly.metric の "${metric}" は測られていません(測るもの: ${names.join("、")})。${ja}`,
    });
  }
  const value = metrics[metric];
  const { numbers } = run;
  if (isBetter(metric, value, numbers.best)) {
    numbers.best = value;
    numbers.bestEpoch = epoch;
    run.best = run.judged(() => tensorsOf(run.network));
    return false;
  }
  return epoch - (numbers.bestEpoch ?? -1) >= patience;
}

/** Whether a training that is gone on with as it was planned had lost its patience already; more epochs may be asked for. */
function isOver({ run, settings, options }: FitPlan): boolean {
  const { step, stepsOfEpoch, numbers } = run;
  if (settings.stopEarly === null || options.epochs !== undefined || step === 0 || step % stepsOfEpoch !== 0) {
    return false;
  }
  return step / stepsOfEpoch - 1 - (numbers.bestEpoch ?? -1) >= settings.stopEarly.patience;
}

/** @throws DataError where training is to go on with other data, kernels or a model that was never trained */
export function mustGoOn(what: {
  readonly data: readonly [began: string, found: string];
  readonly kernels: readonly [began: string, found: string];
}): void {
  const [[began, found], [by, now]] = [what.data, what.kernels];
  if (began !== found) {
    throw new DataError({
      en: `resume: training must go on with the data it began with (${began.slice(0, 8)}), got others (${found.slice(0, 8)}). Give the same file and options, or fit anew.`,
      ja: `resume: 開始時と同じデータ(${began.slice(0, 8)})が必要ですが、別のデータ(${found.slice(0, 8)})です。同じファイルと指定で実行するか、fit で新しく始めてください。`,
    });
  }
  if (by !== now) {
    throw new DataError({
      en: `resume: training must go on with the kernels it began with (${by}), got ${now}: they round otherwise. Give kernels to loadModel, or fit anew.`,
      ja: `resume: 開始時と同じカーネル(${by})が必要ですが、${now} です(丸めが異なります)。loadModel に kernels を指定するか、fit で新しく始めてください。`,
    });
  }
}

/** A training under way: awaited it gives the history, iterated its events. */
export interface Fit extends Promise<History>, AsyncIterable<FitEvent> {}

/** Is planned and starts when it is iterated, or else at once. */
export function fitOf(open: () => FitPlan, history: () => History): Fit {
  let iterated = false;
  const { promise, resolve, reject } = Promise.withResolvers<History>();
  const events = fitting(open, { resolve: () => resolve(history()), reject });
  const drain = async () => {
    for await (const _ of events) {
      // Only the end is waited for.
    }
  };
  queueMicrotask(() => {
    if (!iterated) {
      // Whoever waits hears of an error by the promise.
      drain().catch(() => {});
    }
  });
  return Object.assign(promise, {
    [Symbol.asyncIterator]() {
      iterated = true;
      // Whoever iterates hears of an error there.
      promise.catch(() => {});
      return events;
    },
  });
}

/** A copy that no later epoch changes. */
export function historyCopy(history: ModelHistory): Record<string, (number | null)[]> {
  return Object.fromEntries(Object.entries(history).map(([name, values]) => [name, [...values]]));
}

import { DataError, HyperError, suggestName } from "../core/errors.ts";
import { train } from "../train/train.ts";
import type { FitOptions } from "./fit-options.ts";
import { tensorsOf, writeTensors } from "./live-network.ts";
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
  /** Every row has been seen once more: the mean loss, and what was measured of the rows held back. */
  | {
      readonly kind: "epoch";
      readonly epoch: number;
      readonly epochs: number;
      readonly metrics: Readonly<Record<string, number>>;
    }
  /** The model was written, to be gone on with from here. */
  | { readonly kind: "checkpoint"; readonly step: number; readonly path: string }
  | { readonly kind: "end"; readonly step: number; readonly stoppedBy: "epochs" | "patience" | "signal" };

/** Values by metric, one an epoch. */
export type History = ModelHistory;

export interface FitPlan {
  readonly run: TrainingRun;
  readonly settings: TrainingSettings;
  readonly history: Record<string, (number | null)[]>;
  /** The step to begin with; 0 of a new training. */
  readonly firstStep: number;
  /** Measures the rows held back; null where none are. */
  readonly validate: (() => Record<string, number>) | null;
  readonly options: Pick<FitOptions, "checkpoint" | "signal">;
  /** Keeps the model as it is after so many updates and epochs. */
  readonly keep: (step: number, epoch: number) => void;
  readonly write: (path: string) => Promise<void>;
}

/** Metrics of which more is better. */
const rising = /accuracy|f1|auc|r2|precision|recall/i;

/**
 * Trains by the generator `train`, epoch by epoch. However it ends (an error apart), the model is left as training stands:
 * usable, and to be gone on with.
 * @throws DivergedError when the loss is no longer finite
 */
export async function* fitting(plan: FitPlan): AsyncGenerator<FitEvent, void, void> {
  const { run, settings, history, validate, options, firstStep } = plan;
  const { numbers, network, steps, stepsOfEpoch } = run;
  const { checkpoint, signal } = options;
  let step = firstStep;
  let stoppedBy: "epochs" | "patience" | "signal" = "epochs";
  let lr = step < steps ? run.setRate(step) : null;
  const events = train({ ...run, firstStep, signal, iterations: steps, onDivergence: "throw" });
  try {
    for await (const event of events) {
      if (event.kind !== "step") {
        continue;
      }
      const { loss } = event;
      run.observe(loss);
      numbers.epochLoss += loss;
      numbers.epochSteps++;
      step = event.step + 1;
      const told = { kind: "step", step: event.step, steps, loss, lr } as const;
      if (step < steps) {
        lr = run.setRate(step);
      }
      let epochTold: FitEvent | null = null;
      let last = false;
      if (step % stepsOfEpoch === 0) {
        const epoch = step / stepsOfEpoch - 1;
        const metrics = {
          loss: numbers.epochLoss / numbers.epochSteps,
          ...(validate === null ? {} : run.judged(validate)),
        };
        for (const [name, value] of Object.entries(metrics)) {
          history[name] ??= [];
          history[name].push(Number.isFinite(value) ? value : null);
        }
        numbers.epochLoss = 0;
        numbers.epochSteps = 0;
        epochTold = { kind: "epoch", epoch, epochs: settings.epochs, metrics };
        last = settings.stopEarly !== null && noLongerImproves(plan, metrics, epoch);
      }
      const writes = checkpoint !== undefined && step % checkpoint.every === 0;
      if (writes) {
        plan.keep(step, Math.floor(step / stepsOfEpoch));
        await plan.write(checkpoint.path);
      }
      yield told;
      if (epochTold !== null) {
        yield epochTold;
      }
      if (writes) {
        yield { kind: "checkpoint", step, path: checkpoint.path };
      }
      if (last) {
        stoppedBy = "patience";
        break;
      }
    }
    if (signal?.aborted === true && step < steps) {
      stoppedBy = "signal";
    }
  } finally {
    plan.keep(step, Math.floor(step / stepsOfEpoch));
    writeTensors(network, run.tensors());
  }
  yield { kind: "end", step, stoppedBy };
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
    const { en, ja } = suggestName(metric, names);
    throw new HyperError({
      en: `fit: stopEarly.metric must be one that is measured (${names.join(", ")}), got "${metric}". ${metric.startsWith("val") ? "Give validation." : en}`,
      ja: `fit: stopEarly.metric の "${metric}" は測られていません(測るもの: ${names.join("、")})。${metric.startsWith("val") ? "validation を指定してください。" : ja}`,
    });
  }
  const value = metrics[metric];
  const { numbers } = run;
  const better =
    Number.isFinite(value) &&
    (numbers.best === null || (rising.test(metric) ? value > numbers.best : value < numbers.best));
  if (better) {
    numbers.best = value;
    numbers.bestEpoch = epoch;
    run.best = run.judged(() => tensorsOf(run.network));
    return false;
  }
  return epoch - (numbers.bestEpoch ?? -1) >= patience;
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

/** Starts when it is iterated, or else at once. */
export function fitOf(events: AsyncGenerator<FitEvent, void, void>, history: () => History): Fit {
  let iterated = false;
  let settle: { resolve(history: History): void; reject(reason: unknown): void };
  const promise = new Promise<History>((resolve, reject) => {
    settle = { resolve, reject };
  });
  async function* told(): AsyncGenerator<FitEvent, void, void> {
    try {
      yield* events;
      settle.resolve(history());
    } catch (error) {
      settle.reject(error);
      throw error;
    } finally {
      // Left by `break`: what was reached counts.
      settle.resolve(history());
    }
  }
  const drain = async () => {
    for await (const _ of events) {
      // Only the end is waited for.
    }
    return history();
  };
  queueMicrotask(() => {
    if (!iterated) {
      drain().then(settle.resolve, settle.reject);
    }
  });
  return Object.assign(promise, {
    [Symbol.asyncIterator]() {
      iterated = true;
      // Whoever iterates hears of an error there.
      promise.catch(() => {});
      return told();
    },
  });
}

/** A copy that no later epoch changes. */
export function historyCopy(history: ModelHistory): Record<string, (number | null)[]> {
  return Object.fromEntries(Object.entries(history).map(([name, values]) => [name, [...values]]));
}

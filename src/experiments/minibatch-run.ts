import type { LayerDiagnostic } from "../core/note.ts";
import { RandomStream } from "../core/random.ts";
import type { TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import { type Dataset, firstRows, type RowsNeeded, type Split, selectRows } from "../data/dataset.ts";
import { planned } from "../kernels/planned.ts";
import { squareImage } from "../nn/image-shape.ts";
import { mlp } from "../nn/mlp.ts";
import type { Sequential } from "../nn/sequential.ts";
import type { Updater } from "../optim/updater.ts";
import type { TaskContext } from "../runs/experiment.ts";
import { PointBuffer } from "../runs/point-buffer.ts";
import { scheduleNamed } from "../schedule/registry.ts";
import type { RateCurve } from "../schedule/schedule.ts";
import { AccuracyMeter } from "../train/accuracy.ts";
import { evaluationRows } from "../train/evaluate.ts";
import { openTraining, withAverage } from "../train/open-training.ts";
import { Microscope } from "../train/snapshot.ts";
import { mistakeRows } from "../train/snapshot-mistakes.ts";
import { openTechniques } from "../train/techniques/open.ts";
import { type TrainEvent, type TrainOptions, train } from "../train/train.ts";
import { optimizerOfTask } from "./custom-rule.ts";
import { divergedNote } from "./divergence.ts";
import { HorizonFinder, nudgeWeights } from "./horizon.ts";
import type { AccuracySet, MinibatchTask } from "./minibatch-task.ts";

/** How often a running task speaks, in iterations. */
const reportEvery = 20;

const accuracyMetrics = { train: "trainAccuracy", test: "testAccuracy", validation: "valAccuracy" } as const;

/** A network under training, and what is measured of it. */
interface Net {
  readonly network: Sequential;
  readonly updater: Updater;
  /** Of the weights to be judged by: the mean where one is kept. */
  readonly meter: Pick<AccuracyMeter, "of"> | null;
  /** Where the run is watched. */
  readonly microscope: Microscope | null;
  readonly events: AsyncGenerator<TrainEvent, void, void>;
}

/** What training looks at beside. */
type Looks = Pick<TrainOptions, "diagnoseAt" | "inspectAt">;

/** Trains the task's network and records what the task asks for. Dropout draws its masks from the minibatches' stream. */
export async function* trainMinibatches(
  task: MinibatchTask,
  context: TaskContext,
): AsyncGenerator<TaskEvent, void, void> {
  const { run, tags, iterations } = task;
  const { kernels, pace, watch } = context;
  const dataset = await context.dataset("mnist", rowsNeeded(task, watch === undefined ? 0 : mistakeRows));
  const sets = splitsOf(dataset, task);
  let watched: Watch | null = null;
  const net = openNet(task, context, sets, {
    lookFor: watch === undefined ? undefined : dataset,
    diagnoseAt: diagnosedSteps(task),
    inspectAt:
      watch &&
      ((step) => {
        watched = watch();
        return watched !== null && (step === 0 || (step + 1) % watched.every === 0);
      }),
  });
  const horizon = task.horizon ? new HorizonFinder(task, kernels.dtype) : null;
  let twin = horizon === null ? null : openNet(task, context, sets, { nudged: true });
  const points = new PointBuffer(run, tags);
  const rates = ratesOf(task);
  const setRate = (step: number) => {
    if (rates !== null && step < iterations) {
      net.updater.setHyper({ lr: rates.rate(step) });
    }
  };
  setRate(0);
  yield { kind: "progress", run, tags, done: 0, total: iterations, loss: null };
  for await (const event of net.events) {
    if (event.kind === "diverged") {
      const { step, layer } = event;
      yield divergedNote(run, tags, { step, layer, ...(task.rates && { raisedLr: task.rates[step] }) });
    } else if (event.kind === "diagnostic") {
      for (const [metric, share] of task.units === undefined ? [] : unitShares(event.layers)) {
        points.add(metric, event.step, share);
      }
      if (!task.diagnose || event.step > 0) {
        continue;
      }
      yield { kind: "note", note: { kind: "diagnostic", run, tags, step: event.step, layers: event.layers } };
    } else if (event.kind === "inspect") {
      yield {
        kind: "snapshot",
        snapshot: {
          run,
          tags,
          step: event.step,
          ...net.microscope!.look(watched!, { before: event.before, slots: net.updater.slots }),
        },
      };
    } else if (event.kind === "step") {
      const measured = measure(net, task, sets, event);
      for (const [metric, value] of measured) {
        points.add(metric, event.step, value);
      }
      if (rates !== null) {
        points.add("lr", event.step, rates.rate(event.step));
        rates.observe?.(event.loss);
        setRate(event.step + 1);
      }
      const twins = twin === null ? [] : await stepOf(twin, task, sets);
      for (const [i, [metric, value]] of twins.entries()) {
        const parted = horizon!.compare(metric, event.step, measured[i][1], value);
        if (parted !== null) {
          yield parted;
        }
      }
      twin = horizon?.isPast(metricsOf(task)) ? null : twin;
      const done = event.step + 1;
      const held = pace !== undefined && !pace.open;
      if (done % reportEvery === 0 || done === iterations || held) {
        yield* points.flush();
        yield { kind: "progress", run, tags, done, total: iterations, loss: finite(event.lossAfter ?? event.loss) };
      }
      if (held && done < iterations) {
        await pace.pass();
      }
    }
  }
}

/** Steps after which the layers are looked at: the first, and those whose units are recorded. */
function diagnosedSteps({ diagnose, units, iterations }: MinibatchTask): number[] {
  const every = units === undefined ? [] : Array.from({ length: Math.ceil(iterations / units) }, (_, i) => i * units);
  return diagnose && every.length === 0 ? [0] : every;
}

/** Means over the layers that have such a share. */
function unitShares(layers: readonly LayerDiagnostic[]): [metric: string, share: number][] {
  return (["deadShare", "sleepingShare"] as const).flatMap((metric): [string, number][] => {
    const shares = layers.flatMap((layer) => layer[metric] ?? []);
    return shares.length === 0 ? [] : [[metric, shares.reduce((sum, share) => sum + share, 0) / shares.length]];
  });
}

/** The rate of each update; null where it stays. */
function ratesOf({ schedule, rates, hyper, iterations }: MinibatchTask): RateCurve | null {
  if (rates !== undefined) {
    return { rate: (step) => rates[step] };
  }
  return schedule === undefined
    ? null
    : scheduleNamed(schedule.name).open(schedule.hyper, { lr: hyper.lr, steps: iterations });
}

/** Plans a network in an arena of its own and begins to train it. `lookFor`: whose mistakes a microscope finds. `nudged`: as the twin. */
function openNet(
  task: MinibatchTask,
  { kernels, signal }: TaskContext,
  sets: Record<AccuracySet, Split>,
  { lookFor, nudged = false, ...looks }: Looks & { readonly lookFor?: Dataset; readonly nudged?: boolean },
): Net {
  const { batchSize, iterations, accuracy } = task;
  const { width, count: rows } = sets.train.images;
  const { plan, augmentation } = openTechniques(task.techniques ?? {}, { image: squareImage(width), batchSize });
  const layers = mlp(task.network);
  const optimizer = optimizerOfTask(task);
  const { training, measured, microscope } = planned(kernels, (kernels) => {
    const training = openTraining({
      kernels,
      layers,
      optimizer,
      hyper: task.hyper,
      split: sets.train,
      batchSize,
      maxRows: accuracy === undefined ? batchSize : evaluationRows,
      weightDecay: task.weightDecay,
      weightInit: task.weightInit,
      stream: RandomStream.restored(task.weightsAt),
      ...plan,
    });
    return {
      training,
      measured: accuracy === undefined ? null : new AccuracyMeter(training.network, width),
      microscope:
        lookFor === undefined
          ? null
          : new Microscope(training.network, { split: lookFor.test, classes: lookFor.classes, rows: batchSize }),
    };
  });
  const { network } = training;
  if (nudged) {
    nudgeWeights(network);
  }
  const stream = RandomStream.restored(task.batchesAt);
  network.random = stream;
  const meter = measured && { of: (split: Split) => withAverage(training, () => measured.of(split)) };
  const events = train({
    ...training,
    augmentation: augmentation(stream),
    rows,
    batchSize,
    iterations,
    stream,
    lossAfterUpdate: task.loss,
    ...looks,
    signal,
  });
  return { network, updater: training.updater, meter, microscope, events };
}

/** What a step gives to be recorded, in a fixed order. */
function measure(
  { meter }: Net,
  { accuracy, iterations, lossBefore }: MinibatchTask,
  sets: Record<AccuracySet, Split>,
  { step, loss, lossAfter }: TrainEvent & { kind: "step" },
): [metric: string, value: number][] {
  const recorded = lossBefore ? loss : lossAfter;
  const measured: [string, number][] = recorded === null ? [] : [["loss", recorded]];
  const last = accuracy?.last === true && step === iterations - 1;
  if (meter !== null && accuracy !== undefined && (step % accuracy.every === 0 || last)) {
    for (const set of accuracy.sets) {
      measured.push([accuracyMetrics[set], meter.of(sets[set])]);
    }
  }
  return measured;
}

function metricsOf({ loss, accuracy }: MinibatchTask): string[] {
  return [...(loss === undefined ? [] : ["loss"]), ...(accuracy?.sets ?? []).map((set) => accuracyMetrics[set])];
}

/** The twin's next step, measured; nothing when it was stopped. */
async function stepOf(
  twin: Net,
  task: MinibatchTask,
  sets: Record<AccuracySet, Split>,
): Promise<[metric: string, value: number][]> {
  for (;;) {
    const { value: event } = await twin.events.next();
    if (event === undefined || event.kind === "end") {
      return [];
    }
    if (event.kind === "step") {
      return measure(twin, task, sets, event);
    }
  }
}

/** So that a page need not fetch 60,000 rows for a task that reads 300; of the test files all or none. */
function rowsNeeded({ trainRows, validationRows, accuracy }: MinibatchTask, watchedRows: number): RowsNeeded {
  const past = (rows: Int32Array) => rows.reduce((most, row) => Math.max(most, row + 1), 0);
  const train = typeof trainRows === "number" ? trainRows : past(trainRows);
  return {
    train: validationRows === undefined ? train : Math.max(train, past(validationRows)),
    test: accuracy?.sets.includes("test") ? Number.POSITIVE_INFINITY : watchedRows,
  };
}

function splitsOf({ train: all, test }: Dataset, task: MinibatchTask): Record<AccuracySet, Split> {
  const { trainRows, validationRows = [] } = task;
  return {
    train: typeof trainRows === "number" ? firstRows(all, trainRows) : selectRows(all, trainRows),
    test,
    validation: selectRows(all, validationRows),
  };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

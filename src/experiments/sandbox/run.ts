import type { DataOrigin } from "../../core/data-origin.ts";
import { RandomStream } from "../../core/random.ts";
import type { TaskEvent } from "../../core/record.ts";
import type { Confusion } from "../../core/snapshot.ts";
import { shortened } from "../../data/csv/csv-error.ts";
import { fingerprintOf } from "../../data/fingerprint.ts";
import { planned } from "../../kernels/planned.ts";
import { originOfEncoded } from "../../model/prepare.ts";
import { meanSquaredError } from "../../nn/losses/mean-squared-error.ts";
import type { Sequential } from "../../nn/sequential.ts";
import type { Settings, Task, TaskContext } from "../../runs/experiment.ts";
import { PointBuffer } from "../../runs/point-buffer.ts";
import { scheduleNamed } from "../../schedule/registry.ts";
import type { RateCurve } from "../../schedule/schedule.ts";
import { Evaluator, evaluationRows } from "../../train/evaluate.ts";
import { openTraining, withAverage } from "../../train/open-training.ts";
import { TargetLoader } from "../../train/target-loader.ts";
import { openTechniques } from "../../train/techniques/open.ts";
import { train } from "../../train/train.ts";
import { divergedNote } from "../divergence.ts";
import { settingsOfRun } from "../per-run.ts";
import { techniquesAsked } from "../technique-settings.ts";
import { checkRate, optimizerOf } from "./chosen-rule.ts";
import { imageOf, layersOf } from "./layers-of.ts";
import { type Measured, measured } from "./measured.ts";
import { sandboxModelBytes } from "./model-of.ts";
import { PlaneLook } from "./plane-look.ts";
import {
  mnistRowsNeeded,
  needsMnist,
  type OwnData,
  outputsOf,
  type PreparedData,
  prepareData,
  prepareMnist,
} from "./prepare.ts";
import { type SandboxValues, valuesOf } from "./settings.ts";

/** A run of the sandbox: its settings, its seed and, for files, the rows themselves. */
export interface SandboxTask extends Task {
  readonly settings: Settings;
  readonly seed: number;
  /** Given by the page beside the plan. */
  readonly own?: OwnData;
  /** Given by the page: goes on from these numbers instead of drawing new ones, and counts from that iteration on. */
  readonly from?: { readonly parameters: Float32Array; readonly step: number };
}

/** Iterations between two reports. */
const reportEvery = 20;
/** Parameters of a network that a run may go on from after a change. */
const mostCarried = 20_000;
/** Milliseconds between two looks at the plane, at least; a look never takes more than half of the time. */
const lookEvery = 33;
/** Milliseconds between two models of a network that is asked about images, at least; making one never takes more than a twentieth of the time. */
const modelEvery = 700;

/** The rates of the run; null when the rate never changes. @throws HyperError when the rule has no lr to change */
function ratesOf(settings: Settings, chosen: ReturnType<typeof optimizerOf>): RateCurve | null {
  checkRate(settings, chosen);
  const { schedule, iterations } = valuesOf(settings);
  const { hyper } = chosen;
  if (schedule === "constant") {
    return null;
  }
  return scheduleNamed(schedule).open(settingsOfRun(settings, schedule), { lr: hyper.lr, steps: iterations });
}

/** Trains the network of the settings and tells its losses, accuracies and, while somebody watches, what it says of the plane. */
export async function* runSandbox(task: SandboxTask, context: TaskContext): AsyncGenerator<TaskEvent, void, void> {
  const { run, tags, settings } = task;
  const { pace, now } = context;
  const values = valuesOf(settings);
  const { iterations, accuracyEvery } = values;
  const data = await dataOf(task, values, context);
  if (task.own !== undefined) {
    yield { kind: "data", data: [originOfOwn(task.own)] };
  }
  const rule = optimizerOf(settings);
  const rates = ratesOf(settings, rule);
  const { network, updater, evaluator, look, judged, events } = open(task, values, data, rule, context);
  const begin = goOn(task, network);
  if (begin > 0) {
    yield { kind: "note", note: { kind: "continued", run, tags, step: begin } };
  }
  const taught = { network, data, own: task.own, settings, values, seed: task.seed, rule: ruleText(rule) };
  const model = () => judged(() => sandboxModelBytes(taught));
  const points = new PointBuffer(run, tags);
  let outcome: Omit<Measured, "metrics"> = {};

  const setRate = (step: number) => {
    if (rates !== null) {
      const lr = rates.rate(step);
      updater.setHyper({ lr });
      points.add("lr", begin + step, lr);
    }
  };
  const measure = (step: number) => {
    const { metrics, ...more } = judged(() => measured(evaluator, data));
    for (const [metric, value] of Object.entries(metrics)) {
      points.add(metric, begin + step, value);
    }
    outcome = more;
  };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let lookTook = 0;
  let modelAt = Number.NEGATIVE_INFINITY;
  let modelTook = 0;
  const images = data.train.images.data instanceof Uint8Array;
  const snapshot = (step: number, rests: boolean): TaskEvent => {
    const began = now?.() ?? 0;
    const boundary = look === null ? undefined : judged(() => look.look());
    lookedAt = now?.() ?? 0;
    lookTook = lookedAt - began;
    // Of images a person draws others, and the network that learns answers: while there is one to be named.
    const asked = images && context.watch?.() != null;
    const answers = now !== undefined && asked && began - modelAt >= Math.max(modelEvery, 20 * modelTook);
    const bytes = rests || answers ? model() : undefined;
    if (answers) {
      modelAt = now();
      modelTook = modelAt - lookedAt;
    }
    return {
      kind: "snapshot",
      snapshot: {
        run,
        tags,
        step: begin + step,
        layers: [],
        weights: null,
        mistakes: null,
        boundary,
        ...outcome,
        ...(look === null ? {} : carried(network)),
        ...(bytes === undefined ? {} : { model: bytes }),
      },
    };
  };

  yield { kind: "progress", run, tags, done: 0, total: iterations, loss: null };
  setRate(0);
  for await (const event of events) {
    if (event.kind === "diverged") {
      yield divergedNote(run, tags, { step: event.step, layer: event.layer });
    } else if (event.kind === "step") {
      const { step, loss } = event;
      const done = step + 1;
      const last = done === iterations;
      points.add("loss", begin + step, loss);
      rates?.observe?.(loss);
      if (step % accuracyEvery === 0 || last) {
        measure(step);
      }
      const waits = pace !== undefined && !pace.open;
      if (done % reportEvery === 0 || last || waits) {
        yield* points.flush();
        yield { kind: "progress", run, tags, done, total: iterations, loss: Number.isFinite(loss) ? loss : null };
      }
      if (now !== undefined && (last || pace?.held || now() - lookedAt >= Math.max(lookEvery, lookTook))) {
        yield snapshot(step, last || pace?.held === true);
      }
      if (last && outcome.confusion !== undefined) {
        yield confusionNote(task, data, outcome.confusion);
      }
      if (!last) {
        if (waits) {
          await pace.pass();
        }
        setRate(done);
      }
    }
  }
}

const ruleText = ({ optimizer: { name, rule }, hyper }: ReturnType<typeof optimizerOf>) => ({ name, rule, hyper });

/** What the record keeps of a file that was given on the page; its rows are not in it. */
function originOfOwn(own: OwnData): DataOrigin {
  if (own.kind === "csv") {
    const { table } = own;
    return originOfEncoded({ ...table, name: shortened(table.name), inputs: { size: table.rows.width } });
  }
  const { name, split, classes } = own;
  return {
    name,
    fingerprint: fingerprintOf([split]),
    trainRows: split.images.count,
    testRows: 0,
    classes,
    inputs: split.images.width,
  };
}

async function dataOf(task: SandboxTask, values: SandboxValues, context: TaskContext): Promise<PreparedData> {
  return needsMnist(values)
    ? prepareMnist(values, await context.dataset("mnist", mnistRowsNeeded(values)))
    : prepareData(values, task.own ?? null);
}

function open(
  task: SandboxTask,
  values: SandboxValues,
  data: PreparedData,
  { optimizer, hyper }: ReturnType<typeof optimizerOf>,
  { kernels: set, now, signal }: TaskContext,
) {
  const { inputSize, train: split, plane, values: told } = data;
  const { batchSize, iterations } = values;
  const ends = { inputSize, classes: outputsOf(data) };
  const stream = RandomStream.seeded(task.seed);
  const techniques = openTechniques(techniquesAsked(task.settings) ?? {}, {
    image: imageOf(values, inputSize),
    batchSize,
    ...(told === null ? {} : { loss: meanSquaredError() }),
  });
  const { training, loader, evaluator } = planned(set, (kernels) => {
    const training = openTraining({
      kernels,
      layers: layersOf(values, ends),
      optimizer,
      hyper,
      split,
      batchSize,
      maxRows: evaluationRows,
      weightDecay: values.weightDecay,
      weightInit: values.weightInit,
      stream,
      ...(told === null ? {} : { loss: meanSquaredError() }),
      ...techniques.plan,
    });
    return {
      training,
      loader: told === null ? training.loader : new TargetLoader(training.loader, { values: told.train }),
      evaluator: new Evaluator(training.network, inputSize),
    };
  });
  training.network.random = stream;
  const look = plane === null || now === undefined ? null : new PlaneLook(evaluator, plane, told);
  const events = train({
    ...training,
    loader,
    augmentation: techniques.augmentation(stream),
    rows: split.images.count,
    batchSize,
    iterations,
    stream,
    signal,
  });
  /** With the weights to be judged by: the mean where one is kept. */
  const judged = <T>(look: () => T): T => withAverage(training, look);
  return { network: training.network, updater: training.updater, evaluator, look, judged, events };
}

/** Takes over the numbers of the run before, where they are of a network of this size; the iteration it had come to. */
function goOn({ from }: SandboxTask, { params }: Sequential): number {
  if (from === undefined || from.parameters.length !== params.data.length) {
    return 0;
  }
  params.data.set(from.parameters);
  return from.step;
}

function carried({ params }: Sequential): { parameters?: Float32Array } {
  return params.data.length > mostCarried ? {} : { parameters: Float32Array.from(params.data) };
}

/** Kept in the record, so that a run of the shelf shows it too. */
function confusionNote({ run, tags }: SandboxTask, { classNames }: PreparedData, { counts }: Confusion): TaskEvent {
  return { kind: "note", note: { kind: "confusion", run, tags, classNames, counts: [...counts] } };
}

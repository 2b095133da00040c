import { align } from "../../core/arena.ts";
import { type HyperSet, integer, names, real, resolve } from "../../core/hyper.ts";
import type { RunRecord, TaskEvent } from "../../core/record.ts";
import type { FigureSpec, Grid, Panel } from "../../figure/figure-spec.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import { Updater, updaterBytes } from "../../optim/updater.ts";
import { divergedNote } from "../divergence.ts";
import type { Experiment, ResultTable, Settings, Task, TaskContext } from "../experiment.ts";
import { bookOptimizers, optimizersInOrder } from "../optimizers-in-order.ts";
import { perRun, rulesOf, settingsOfRun } from "../per-run.ts";
import { PointBuffer } from "../point-buffer.ts";
import { seriesOf } from "../series.ts";

/** f(x, y) = x²/20 + y²: a ravine, twenty times as steep across as along. */
const ravine = {
  value: (x: number, y: number) => x ** 2 / 20 + y ** 2,
  gradient: (x: number, y: number): [dx: number, dy: number] => [x / 10, 2 * y],
};

const settings = {
  optimizers: names({
    options: optimizersInOrder.map(({ label }) => label),
    default: bookOptimizers,
    about: { en: "update rules to draw", ja: "描く更新則" },
  }),
  startX: real({ default: -7, min: -10, max: 10, about: { en: "x of the start", ja: "出発点の x" } }),
  startY: real({ default: 2, min: -10, max: 10, about: { en: "y of the start", ja: "出発点の y" } }),
  iterations: integer({ default: 30, min: 1, max: 10_000, scale: "log", about: { en: "updates", ja: "更新回数" } }),
  ...perRun(optimizersInOrder, {
    SGD: { lr: 0.95 },
    Momentum: { lr: 0.1 },
    AdaGrad: { lr: 1.5 },
    Adam: { lr: 0.3 },
    Nesterov: { lr: 0.1 },
    RMSprop: { lr: 0.3 },
  }),
} satisfies HyperSet;

interface PathTask extends Task {
  readonly optimizer: string;
  readonly hyper: Readonly<Record<string, number>>;
  readonly start: readonly [x: number, y: number];
  readonly iterations: number;
}

/** 6.1.2–6.1.6: how four update rules walk down the same ravine. */
export const optimizerPaths: Experiment = {
  id: "optimizer-paths",
  section: "6.1.2–6.1.6",
  title: { en: "Paths of the optimizers", ja: "更新手法がたどる経路" },
  summary: {
    en: "Minimises f(x, y) = x²/20 + y² with each update rule and draws the way it takes.",
    ja: "f(x, y) = x²/20 + y² を各更新則で最小化し、たどる経路を描きます。",
  },
  settings,
  presets: {
    book: {},
    notebook: { startY: 4, "SGD.lr": 0.9, "Momentum.lr": 0.1, "AdaGrad.lr": 1, "Adam.lr": 0.5 },
  },
  datasets: [],

  plan(given: Settings): Task[] {
    const values = resolve(settings, given);
    return optimizersInOrder
      .filter(({ label }) => values.optimizers.includes(label))
      .map(
        ({ label, name }): PathTask => ({
          run: label,
          tags: {},
          optimizer: name,
          hyper: settingsOfRun(values, label),
          start: [values.startX, values.startY],
          iterations: values.iterations,
        }),
      );
  },

  execute: (task, context) => walk(task as PathTask, context),
  formulas: (record) => rulesOf(record, optimizersInOrder),
  figures: (record) => [pathFigure(record), surfaceFigure()],
  results: pathTable,
};

async function* walk(task: PathTask, { kernels: set, signal }: TaskContext): AsyncGenerator<TaskEvent, void, void> {
  const { run, tags, iterations, start, hyper } = task;
  const optimizer = optimizerNamed(task.optimizer);
  const kernels = set.open(2 * align(16) + updaterBytes(optimizer, 2, set.dtype));
  const params = kernels.arena.floats(1, 2);
  const grads = kernels.arena.floats(1, 2);
  const updater = new Updater({ optimizer, kernels, params, grads, hyper });
  const points = new PointBuffer(run, tags);
  const record = (step: number) => {
    points.add("x", step, params.data[0]);
    points.add("y", step, params.data[1]);
  };
  let diverged = false;
  params.data.set(start);
  record(0);
  for (let step = 0; step < iterations && !signal.aborted; step++) {
    grads.data.set(ravine.gradient(params.data[0], params.data[1]));
    updater.step();
    record(step + 1);
    if (!diverged && !kernels.allFinite(params)) {
      diverged = true;
      yield divergedNote(run, tags, step, "position");
    }
  }
  yield* points.flush();
  yield { kind: "progress", run, tags, done: iterations, total: iterations, loss: null };
}

function gridOf(low: number, high: number, count: number): Grid {
  const axis = Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1));
  return { x: axis, y: axis, z: axis.flatMap((y) => axis.map((x) => ravine.value(x, y))) };
}

function levels(high: number): number[] {
  return Array.from({ length: high / 2 + 1 }, (_, i) => 2 * i);
}

function pathFigure(record: Pick<RunRecord, "series">): FigureSpec {
  const grid = gridOf(-10, 10, 61);
  const runs = [...new Set(record.series.map(({ run }) => run))];
  return {
    id: "paths",
    title: optimizerPaths.title,
    subtitle: {
      en: "f(x, y) = x²/20 + y², contour lines every 2; a marker an update",
      ja: "f(x, y) = x²/20 + y²、等高線は2ごと。印は1回の更新",
    },
    columns: 2,
    panels: runs.map(
      (run): Panel => ({
        kind: "plane",
        title: run,
        x: { label: "x", domain: [-10, 10] },
        y: { label: "y", domain: [-10, 10] },
        aspect: 0.8,
        layers: [
          { kind: "contour", grid, levels: levels(20) },
          { kind: "label", x: 0, y: 0, text: "+" },
          {
            kind: "path",
            name: run,
            style: styleOf(run, runs.indexOf(run)),
            x: seriesOf(record, run, "x")?.y ?? [],
            y: seriesOf(record, run, "y")?.y ?? [],
          },
        ],
      }),
    ),
  };
}

function surfaceFigure(): FigureSpec {
  return {
    id: "surface",
    title: { en: "The function to minimise", ja: "最小化する関数" },
    subtitle: "f(x, y) = x²/20 + y²",
    columns: 2,
    panels: [
      {
        kind: "surface",
        title: { en: "as a surface", ja: "曲面" },
        x: { label: "x" },
        y: { label: "y" },
        z: { label: "f(x, y)" },
        grid: gridOf(-10, 10, 25),
        azimuth: -60,
        elevation: 30,
      },
      {
        kind: "plane",
        title: { en: "contour lines every 2, from 0 to 100", ja: "等高線(0から100まで、2ごと)" },
        x: { label: "x", domain: [-10, 10] },
        y: { label: "y", domain: [-10, 10] },
        aspect: 0.8,
        layers: [{ kind: "contour", grid: gridOf(-10, 10, 61), levels: levels(100) }],
      },
    ],
  };
}

function pathTable(record: Pick<RunRecord, "series">): ResultTable {
  const runs = [...new Set(record.series.map(({ run }) => run))];
  return {
    columns: [
      { en: "optimizer", ja: "更新手法" },
      { en: "last x", ja: "最後の x" },
      { en: "last y", ja: "最後の y" },
      { en: "last f(x, y)", ja: "最後の f(x, y)" },
      { en: "turns in y", ja: "y の符号が変わった回数" },
    ],
    rows: runs.map((run) => {
      const x = seriesOf(record, run, "x")?.y.at(-1) ?? null;
      const ys = seriesOf(record, run, "y")?.y ?? [];
      const y = ys.at(-1) ?? null;
      const turns = ys.filter((v, i) => i > 0 && (v ?? 0) * (ys[i - 1] ?? 0) < 0).length;
      return [run, x, y, x === null || y === null ? null : ravine.value(x, y), turns];
    }),
  };
}

/** An optimizer looks the same in every figure; runs by other names take the next styles. */
function styleOf(run: string, position: number): number {
  const known = optimizersInOrder.findIndex(({ label }) => label === run);
  return known >= 0 ? known : position;
}

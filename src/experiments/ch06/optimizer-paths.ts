import { type HyperSet, integer, names, real, resolve } from "../../core/hyper.ts";
import { type RandomState, RandomStream } from "../../core/random.ts";
import type { RunRecord, TaskEvent } from "../../core/record.ts";
import type { FigureSpec, Panel } from "../../figure/figure-spec.ts";
import type { RuleSetting } from "../../optim/rules/index.generated.ts";
import {
  defineExperiment,
  type ResultTable,
  type Settings,
  type Task,
  type TaskContext,
} from "../../runs/experiment.ts";
import { PointBuffer } from "../../runs/point-buffer.ts";
import {
  customRuleOf,
  customRuleSettings,
  customRun,
  optimizerOfTask,
  type RuleOfTask,
  rulesWithCustom,
  styleOfRun,
} from "../custom-rule.ts";
import { divergedNote } from "../divergence.ts";
import { bookOptimizers, optimizersInOrder } from "../optimizers-in-order.ts";
import { perRun, settingsOfRun } from "../per-run.ts";
import { drawn, lastOf, runsOf, seriesOf } from "../series.ts";
import { namedSurfaces } from "../surfaces/named.ts";
import { gridOf, isRavine, type Surface, surfaceIn, surfaceOf, surfaceSetting } from "../surfaces/surface.ts";

const { ravine, ...others } = namedSurfaces;

const settings = {
  optimizers: names({
    options: optimizersInOrder.map(({ label }) => label),
    default: bookOptimizers,
    about: { en: "update rules to draw", ja: "描く更新則" },
  }),
  surface: surfaceSetting(),
  startX: real({ default: ravine.start[0], min: -10, max: 10, about: { en: "x of the start", ja: "出発点の x" } }),
  startY: real({ default: ravine.start[1], min: -10, max: 10, about: { en: "y of the start", ja: "出発点の y" } }),
  iterations: integer({ default: 30, min: 1, max: 10_000, scale: "log", about: { en: "updates", ja: "更新回数" } }),
  ...perRun<RuleSetting>(
    optimizersInOrder,
    Object.fromEntries(Object.entries(ravine.rates).map(([label, lr]) => [label, { lr }])),
  ),
  ...customRuleSettings({ lr: 0.1 }),
} satisfies HyperSet;

interface PathTask extends Task, RuleOfTask {
  readonly surface: string;
  readonly start: readonly [x: number, y: number];
  readonly iterations: number;
  /** Where the stream of the gradients' noise begins; every rule meets the same noise. */
  readonly noiseAt: RandomState;
  readonly [input: string]: unknown;
}

/** 6.1.2–6.1.6: how update rules walk down the same ravine. */
export const optimizerPaths = defineExperiment({
  id: "optimizer-paths",
  section: "6.1.2–6.1.6",
  title: { en: "Paths of the optimizers", ja: "更新則がたどる経路" },
  summary: {
    en: "Minimises a function of two variables, the book's x²/20 + y² or another, with each update rule and draws the way it takes.",
    ja: "2変数の関数(本では x²/20 + y²)を各更新則で最小化し、たどる経路を描きます。",
  },
  settings,
  presets: {
    book: {},
    notebook: { startY: 4, "SGD.lr": 0.9, "Momentum.lr": 0.1, "AdaGrad.lr": 1, "Adam.lr": 0.5 },
    ...Object.fromEntries(
      Object.values(others).map(({ name, start: [startX, startY], rates, updates }) => [
        name,
        {
          surface: name,
          startX,
          startY,
          iterations: updates,
          ...Object.fromEntries(Object.entries(rates).map(([label, lr]) => [`${label}.lr`, lr])),
          "custom.lr": rates.Momentum,
        },
      ]),
    ),
  },
  datasets: [],

  plan(given: Settings, seed: number): Task[] {
    const values = resolve(settings, given);
    const known = optimizersInOrder
      .filter(({ label }) => values.optimizers.includes(label))
      .map(({ label, name }) => ({ run: label, optimizer: name, hyper: settingsOfRun(values, label) }));
    const custom = customRuleOf(values);
    const runs = custom === null ? known : [...known, { run: customRun, ...custom.task }];
    const noiseAt = RandomStream.seeded(seed).saved();
    return runs.map(
      (run): PathTask => ({
        ...run,
        tags: {},
        surface: values.surface,
        start: [values.startX, values.startY],
        iterations: values.iterations,
        noiseAt,
      }),
    );
  },

  execute: (task, context) => walk(task as PathTask, context),
  formulas: rulesWithCustom,
  figures: (record) => [pathFigure(record), surfaceFigure(record)],
  results: pathTable,
});

async function* walk(task: PathTask, { kernels: set, signal }: TaskContext): AsyncGenerator<TaskEvent, void, void> {
  // Loaded where a task is run: a page only plans, and draws what comes.
  const [{ planned }, { Updater }] = await Promise.all([
    import("../../kernels/planned.ts"),
    import("../../optim/updater.ts"),
  ]);
  const { run, tags, iterations, start, hyper } = task;
  const optimizer = optimizerOfTask(task);
  const { gradient, noise } = surfaceOf(task.surface);
  const stream = RandomStream.restored(task.noiseAt);
  const { kernels, params, grads, updater } = planned(set, (kernels) => {
    const [params, grads] = [kernels.arena.floats(1, 2), kernels.arena.floats(1, 2)];
    return { kernels, params, grads, updater: new Updater({ optimizer, kernels, params, grads, hyper }) };
  });
  const points = new PointBuffer(run, tags);
  const record = (step: number) => {
    points.add("x", step, params.data[0]);
    points.add("y", step, params.data[1]);
  };
  let diverged = false;
  params.data.set(start);
  record(0);
  for (let step = 0; step < iterations && !signal.aborted; step++) {
    gradient(params.data[0], params.data[1], grads.data);
    if (noise > 0) {
      grads.data[0] += noise * stream.normal();
      grads.data[1] += noise * stream.normal();
    }
    updater.step();
    record(step + 1);
    if (!diverged && !kernels.allFinite(params)) {
      diverged = true;
      yield divergedNote(run, tags, { step, layer: "position" });
    }
  }
  yield* points.flush();
  yield { kind: "progress", run, tags, done: iterations, total: iterations, loss: null };
}

/** The formula as it is written in print where the book has one. */
function written(surface: Surface): string {
  return `f(x, y) = ${isRavine(surface) ? "x²/20 + y²" : inPrint(surface.formula)}`;
}

/** `100·(y − x²)²` for `100 * (y - x^2)^2`. */
export function inPrint(formula: string): string {
  return formula
    .replaceAll(/\s*\*\s*/g, "·")
    .replaceAll("-", "−")
    .replaceAll(/\^([2-9])(?![\d.])/g, (_, digit: string) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]);
}

function pathFigure(record: Pick<RunRecord, "series" | "settings">): FigureSpec {
  const surface = surfaceIn(record);
  const grid = gridOf(surface, 61);
  const runs = runsOf(record);
  const even = isRavine(surface);
  return {
    id: "paths",
    title: optimizerPaths.title,
    subtitle: {
      en: `${written(surface)}, contour lines${even ? " every 2" : ""}; a marker an update`,
      ja: `${written(surface)}、等高線${even ? "は2ごと" : "つき"}。印は1回の更新`,
    },
    columns: 2,
    panels: runs.map(
      (run): Panel => ({
        kind: "plane",
        title: run,
        x: { label: "x", domain: surface.x },
        y: { label: "y", domain: surface.y },
        aspect: 0.8,
        layers: [
          { kind: "contour", grid, levels: surface.levels },
          ...surface.minima.map(([x, y]) => ({ kind: "label", x, y, text: "+" }) as const),
          {
            kind: "path",
            name: run,
            style: styleOfRun(run, runs.indexOf(run)),
            x: drawn(seriesOf(record, run, "x")?.y ?? []),
            y: drawn(seriesOf(record, run, "y")?.y ?? []),
          },
        ],
      }),
    ),
  };
}

function surfaceFigure(record: Pick<RunRecord, "settings">): FigureSpec {
  const surface = surfaceIn(record);
  const book = isRavine(surface);
  return {
    id: "surface",
    title: { en: "The function to minimise", ja: "最小化する関数" },
    subtitle: written(surface),
    columns: 2,
    panels: [
      {
        kind: "surface",
        title: { en: "as a surface", ja: "曲面" },
        x: { label: "x" },
        y: { label: "y" },
        z: { label: "f(x, y)" },
        grid: gridOf(surface, 25),
        azimuth: -60,
        elevation: 30,
      },
      {
        kind: "plane",
        title: book
          ? { en: "contour lines every 2, from 0 to 100", ja: "等高線(0から100まで、2ごと)" }
          : { en: "contour lines", ja: "等高線" },
        x: { label: "x", domain: surface.x },
        y: { label: "y", domain: surface.y },
        aspect: 0.8,
        layers: [
          {
            kind: "contour",
            grid: gridOf(surface, 61),
            levels: book ? Array.from({ length: 51 }, (_, i) => 2 * i) : surface.levels,
          },
        ],
      },
    ],
  };
}

/** How often a coordinate changed its sign. */
export function turns(record: Pick<RunRecord, "series">, run: string, metric: "x" | "y"): number {
  const y = seriesOf(record, run, metric)?.y ?? [];
  return y.filter((value, i) => i > 0 && (value ?? 0) * (y[i - 1] ?? 0) < 0).length;
}

function pathTable(record: Pick<RunRecord, "series" | "settings">): ResultTable {
  const runs = runsOf(record);
  const { value } = surfaceIn(record);
  return {
    columns: [
      { en: "optimizer", ja: "更新則" },
      { en: "last x", ja: "最後の x" },
      { en: "last y", ja: "最後の y" },
      { en: "last f(x, y)", ja: "最後の f(x, y)" },
      { en: "sign changes of y", ja: "y の符号が変わった回数" },
    ],
    rows: runs.map((run) => {
      const [x, y] = [lastOf(record, run, "x"), lastOf(record, run, "y")];
      return [run, x, y, x === null || y === null ? null : value(x, y), turns(record, run, "y")];
    }),
  };
}

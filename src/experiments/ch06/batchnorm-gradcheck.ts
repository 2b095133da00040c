import { type HyperSet, integer, resolve } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import type { Check, RunRecord, TaskEvent } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { firstRows } from "../../data/dataset.ts";
import type { FigureSpec, Layer } from "../../figure/figure-spec.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import {
  defineExperiment,
  type ResultTable,
  type Settings,
  type Task,
  type TaskContext,
} from "../../runs/experiment.ts";
import { weightInitOf } from "../mnist-settings.ts";

const settings = {
  rows: integer({
    default: 8,
    min: 2,
    max: 1000,
    about: { en: "rows of the real check", ja: "複数行での確認に使う行数" },
  }),
  hiddenWidth: integer({
    default: 100,
    min: 1,
    max: 4096,
    about: { en: "width of both hidden layers", ja: "2つの隠れ層のニューロン数" },
  }),
  samples: integer({
    default: 30,
    min: 1,
    max: 100_000,
    about: { en: "elements compared of each parameter", ja: "パラメータごとに照合する要素の数" },
  }),
  weightInit: weightInitOf("he"),
} satisfies HyperSet;

interface CheckTask extends Task {
  readonly rows: number;
  readonly hiddenWidth: number;
  readonly samples: number;
  readonly weightInit: string | number;
  readonly seed: number;
}

/** 6.3: Batch Normalization's gradients against numerical ones, on one row as in the book and on enough to tell. */
export const batchnormGradcheck = defineExperiment({
  id: "batchnorm-gradcheck",
  section: "6.3",
  title: { en: "Gradient check of Batch Normalization", ja: "Batch Normalization の勾配確認" },
  summary: {
    en: "Compares the gradients of the backward pass with numerical ones: on one row, where hardly anything can fail, and on several.",
    ja: "逆伝播の勾配を数値微分と比べます。まず1行で(ほとんど失敗しようがない)、次に複数行で確認します。",
  },
  settings,
  presets: { book: {} },
  datasets: ["mnist"],

  plan(given: Settings, seed: number): Task[] {
    const { rows, ...values } = resolve(settings, given);
    return [1, rows].map(
      (count): CheckTask => ({ run: `batch of ${count}`, tags: { rows: count }, rows: count, seed, ...values }),
    );
  },

  execute: (task, context) => compare(task as CheckTask, context),
  figures: (record) => [errorFigure(record)],
  results: checkTable,
  findings,
});

/** Always in float64, whatever was asked for: a difference of float32 losses has no digits left. */
async function* compare(task: CheckTask, { kernelsIn, dataset }: TaskContext): AsyncGenerator<TaskEvent, void, void> {
  // Loaded where a task is run: a page only plans, and draws what comes.
  const [{ gradcheck }, { mlp }, { openTraining }] = await Promise.all([
    import("../../nn/gradcheck.ts"),
    import("../../nn/mlp.ts"),
    import("../../train/open-training.ts"),
  ]);
  const { run, tags, rows, hiddenWidth, samples, weightInit, seed } = task;
  const { train, classes } = await dataset("mnist", { train: rows, test: 0 });
  const split = firstRows(train, rows);
  const { network, loader } = openTraining({
    kernels: kernelsIn("float64"),
    layers: mlp({
      inputSize: split.images.width,
      hiddenSizes: [hiddenWidth, hiddenWidth],
      classes,
      batchNorm: true,
    }),
    optimizer: optimizerNamed("sgd"),
    split,
    batchSize: rows,
    weightInit,
    stream: RandomStream.seeded(seed),
  });
  const { x, labels } = loader.loadRange(0, rows);
  const single = rows === 1;
  for (const check of gradcheck({ network, x, labels, samples, seed })) {
    // The book's criterion, a small mean difference, is met by gradients that are all 0; that is the point.
    const pass = single ? check.meanAbsDiff < 1e-6 : check.pass;
    const vacuous = check.largestGradient < 1e-12 || check.checked === 0;
    yield { kind: "check", check: { ...check, pass, rows, vacuous } };
  }
  yield { kind: "progress", run, tags, done: 1, total: 1, loss: null };
}

const of = (record: Pick<RunRecord, "checks">, single: boolean): Check[] =>
  record.checks.filter(({ rows }) => (rows === 1) === single);

/** What stands for 0 on the logarithmic axis. */
const nothing = 1e-18;

/** A panel for one row and one for several: a dot and a ring a parameter, its gradient by either way. */
function errorFigure(record: Pick<RunRecord, "checks">): FigureSpec {
  const panels = [
    { title: { en: "batch of one row", ja: "1行のバッチ" }, checks: of(record, true) },
    { title: { en: "several rows", ja: "複数行のバッチ" }, checks: of(record, false) },
  ];
  return {
    id: "gradients",
    title: batchnormGradcheck.title,
    subtitle: {
      en: "of each parameter the largest gradient that was compared, its size: by the backward pass (dot) and measured by a nudge (ring)",
      ja: "パラメータごとに、照合した中で最大の勾配の大きさ。点は逆伝播による値、輪は数値微分による値",
    },
    columns: 2,
    panels: panels.map(({ title, checks }) => ({
      kind: "plane",
      title,
      x: {
        label: { en: "parameter", ja: "パラメータ" },
        domain: [0.4, Math.max(1, checks.length) + 0.6],
        ticks: checks.map((_, i) => i + 1),
        tickLabels: checks.map(({ parameter }) => parameter),
      },
      y: {
        label: { en: "size of the gradient", ja: "勾配の大きさ" },
        scale: "log",
        domain: [nothing / 3, 10],
        ticks: [nothing, 1e-15, 1e-10, 1e-5, 1],
        tickLabels: ["0", "1e-15", "1e-10", "1e-5", "1"],
      },
      layers: [
        gradientPoints(checks, { way: "analytic", name: { en: "backward pass", ja: "逆伝播" } }),
        gradientPoints(checks, { way: "numerical", name: { en: "numerical", ja: "数値微分" } }),
      ],
    })),
  };
}

/** The gradients of one way, beside those of the other; a record that does not tell them apart has the largest of all. */
function gradientPoints(checks: readonly Check[], { way, name }: { way: "analytic" | "numerical"; name: Text }): Layer {
  const beside = way === "analytic" ? -0.14 : 0.14;
  return {
    kind: "points",
    name,
    marker: way === "analytic" ? "dot" : "ring",
    style: way === "analytic" ? 0 : 1,
    x: checks.map((_, i) => i + 1 + beside),
    y: checks.map((check) => Math.max(nothing, Math.abs(check[way] ?? check.largestGradient ?? Number.NaN))),
  };
}

function checkTable(record: Pick<RunRecord, "checks">): ResultTable {
  return {
    columns: [
      { en: "parameter", ja: "パラメータ" },
      { en: "rows", ja: "行数" },
      { en: "largest gradient", ja: "勾配の最大値" },
      { en: "mean difference", ja: "差の平均" },
      { en: "largest relative error", ja: "相対誤差の最大値" },
      { en: "verdict", ja: "判定" },
    ],
    rows: record.checks.map(({ parameter, rows, largestGradient, meanAbsDiff, maxRelError, pass, vacuous }) => [
      parameter,
      rows ?? null,
      (largestGradient ?? Number.NaN).toExponential(1),
      meanAbsDiff.toExponential(1),
      maxRelError.toExponential(1),
      pass ? (vacuous ? "✓ (0 = 0)" : "✓") : "✗",
    ]),
  };
}

function findings(record: Pick<RunRecord, "checks">): Text[] {
  const single = of(record, true);
  const empty = single.filter(({ vacuous }) => vacuous).length;
  // Where several rows give nothing either, as with weights of 0, it is not the one row's doing.
  const several = new Map(of(record, false).map((check) => [check.parameter, check]));
  const byOneRow = single.some(({ parameter, vacuous }) => vacuous && several.get(parameter)?.vacuous === false);
  return !byOneRow
    ? []
    : [
        {
          en: `On one row ${empty} of ${single.length} parameters have a gradient of 0 whatever the backward pass computes: x − μ is 0 there. Such a check passes without having looked.`,
          ja: `1行では、${single.length} 個中 ${empty} 個のパラメータの勾配が、逆伝播の計算にかかわらず0になります(x − μ が0だからです)。何も確かめないまま合格になります。`,
        },
      ];
}

import { type HyperSet, integer, resolve } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import type { Check, RunRecord, TaskEvent } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { firstRows } from "../../data/dataset.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import { gradcheck } from "../../nn/gradcheck.ts";
import { mlp } from "../../nn/mlp.ts";
import { optimizerNamed } from "../../optim/registry.ts";
import {
  defineExperiment,
  type ResultTable,
  type Settings,
  type Task,
  type TaskContext,
} from "../../runs/experiment.ts";
import { openTraining } from "../../train/open-training.ts";
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
    en: "Compares the gradients of the backward pass with numerical ones: on one row, where hardly anything can fail, and on eight.",
    ja: "逆伝播の勾配を数値微分と比べます。まず1行で(ほとんど失敗しようがない)、次に8行で確認します。",
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

function errorFigure(record: Pick<RunRecord, "checks">): FigureSpec {
  const real = of(record, false);
  const single = of(record, true);
  const positions = real.map((_, i) => i + 1);
  const size = (checks: readonly Check[]) => checks.map((check) => Math.max(1e-18, Number(check.largestGradient)));
  return {
    id: "gradients",
    title: batchnormGradcheck.title,
    subtitle: {
      en: `largest gradient of each parameter; 1e-18 stands for 0. From the left: ${real.map(({ parameter }) => parameter).join(", ")}`,
      ja: `各パラメータの勾配の最大値。1e-18 は0を表します。左から ${real.map(({ parameter }) => parameter).join("、")}`,
    },
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: { en: "parameter", ja: "パラメータ" }, ticks: positions },
        y: { label: { en: "largest gradient", ja: "勾配の最大値" }, scale: "log", domain: [1e-18, 10] },
        layers: [
          {
            kind: "curve",
            name: { en: "batch of one row", ja: "1行のバッチ" },
            style: 1,
            role: "line",
            x: positions,
            y: size(single),
            markEvery: 1,
          },
          {
            kind: "curve",
            name: { en: "several rows", ja: "複数行のバッチ" },
            style: 0,
            role: "line",
            x: positions,
            y: size(real),
            markEvery: 1,
          },
        ],
      },
    ],
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
      Number(rows),
      Number(largestGradient).toExponential(1),
      meanAbsDiff.toExponential(1),
      maxRelError.toExponential(1),
      pass ? (vacuous ? "✓ (0 = 0)" : "✓") : "✗",
    ]),
  };
}

function findings(record: Pick<RunRecord, "checks">): Text[] {
  const single = of(record, true);
  const empty = single.filter(({ vacuous }) => vacuous).length;
  return empty === 0
    ? []
    : [
        {
          en: `On one row ${empty} of ${single.length} parameters have a gradient of 0 whatever the backward pass computes: x − μ is 0 there. Such a check passes without having looked.`,
          ja: `1行では、${single.length} 個中 ${empty} 個のパラメータの勾配が、逆伝播の計算にかかわらず0になります(x − μ が0だからです)。何も確かめないまま合格になります。`,
        },
      ];
}

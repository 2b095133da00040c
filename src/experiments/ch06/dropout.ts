import { choice, fraction, type HyperSet } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import { smoothCurve } from "../../figure/smooth.ts";
import { type MlpSpec, weightCount } from "../../nn/mlp.ts";
import { accuracyFigure, accuracyTable, gapFinding } from "../accuracy-figure.ts";
import { brokenAt } from "../divergence.ts";
import { horizonFinding, horizonOf, withHorizonWords } from "../horizon.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import {
  accuracyEveryOf,
  lrSetting,
  mnistSettings,
  networkOf,
  sgdTaskOf,
  weightDecayOf,
  weightInitOf,
} from "../mnist-settings.ts";
import { drawn } from "../series.ts";

const settings = {
  ...mnistSettings({
    iterations: 903,
    batchSize: 100,
    trainRows: 300,
    hiddenSizes: [100, 100, 100, 100, 100, 100],
  }),
  lr: lrSetting(),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  dropRatio: fraction(0.2, { en: "share of the hidden units dropped", ja: "無効にするニューロンの割合" }),
  dropoutVariant: choice({
    options: ["book", "inverted"],
    default: "book",
    about: {
      en: "book: scaled by 1 − ratio in evaluation; inverted: by 1/(1 − ratio) in training",
      ja: "book は評価時に 1 − 割合 を掛け、inverted は訓練時に 1/(1 − 割合) を掛ける",
    },
  }),
  accuracyEvery: accuracyEveryOf(3),
} satisfies HyperSet;

/** 6.4.3: Dropout against overfitting on 300 digits, beside the same network without it. */
export const dropout = mnistExperiment({
  id: "dropout",
  section: "6.4.3",
  title: { en: "Dropout", ja: "Dropout" },
  summary: {
    en: "Trains a deep network on few digits with and without Dropout, from the same seed.",
    ja: "少数の手書き数字で深いネットワークを、Dropout ありとなしで同じシードから訓練します。",
  },
  settings,

  plan(values, seed, data) {
    const base: MlpSpec = { ...networkOf(values, data), dropoutVariant: values.dropoutVariant };
    const { weights, batches } = streamPositions(seed, [{ weights: weightCount(base), init: values.weightInit }]);
    return [...new Set([values.dropRatio, 0])].map(
      (ratio): MinibatchTask => ({
        run: `dropout=${ratio}`,
        tags: { dropRatio: ratio },
        group: 0,
        network: ratio === 0 ? base : { ...base, dropRatio: ratio },
        ...sgdTaskOf(values),
        loss: "evaluate",
        accuracy: { every: values.accuracyEvery, sets: ["train", "test"] },
        weightsAt: weights[0],
        batchesAt: batches,
      }),
    );
  },

  figures: (record) => [accuracyFigure(record, accuracyTitle), lossesFigure(record)],
  results: (record) => accuracyTable(record, { en: "Dropout", ja: "Dropout" }),
  findings: (record) => [...gapFinding(record), ...horizonFinding(record)],
});

const accuracyTitle = { en: "Accuracy with and without Dropout", ja: "Dropout の有無と認識精度" };

function lossesFigure(record: Pick<RunRecord, "series" | "events">): FigureSpec {
  const losses = record.series.filter(({ metric }) => metric === "loss");
  return {
    id: "loss",
    title: { en: "Loss with and without Dropout", ja: "Dropout の有無と損失" },
    subtitle: withHorizonWords(record, {
      en: "loss of each minibatch after its update, in evaluation mode, smoothed",
      ja: "更新直後のミニバッチの損失(評価モード、平滑化)",
    }),
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
        y: { label: { en: "loss", ja: "損失" } },
        layers: losses.map(({ run, tags, metric, x, y }, style) => ({
          kind: "curve",
          name: run,
          horizon: horizonOf(record, { run, tags, metric }),
          broken: brokenAt(record, { run, tags }),
          style,
          role: "smooth",
          x,
          y: smoothCurve(drawn(y)),
          markEvery: 100,
        })),
      },
    ],
  };
}

import { fraction, type HyperSet, names } from "../../core/hyper.ts";
import { largestOf } from "../../core/long-lists.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Layer } from "../../figure/figure-spec.ts";
import { smoothCurve } from "../../figure/smooth.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { schedules as known } from "../../schedule/registry.ts";
import { horizonFinding } from "../horizon.ts";
import { shortNumber } from "../lesson-numbers.ts";
import { lastMeanLabel, lossFigure } from "../loss-figure.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import {
  accuracyEveryOf,
  lrSetting,
  mnistSettings,
  networkOf,
  partsOf,
  weightDecayOf,
  weightInitOf,
} from "../mnist-settings.ts";
import { perRun, settingsOfRun } from "../per-run.ts";
import { drawn, lastOf, meanOfEnd, runsOf, seriesOf } from "../series.ts";
import { sketchOf } from "../sketch.ts";

const eight = [
  "constant",
  "step",
  "exponential",
  "cosine",
  "cosineRestarts",
  "oneCycle",
  "warmupStableDecay",
  "plateau",
];

const settings = {
  schedules: names({
    options: known.map(({ name }) => name),
    default: eight,
    about: { en: "schedules to compare", ja: "比較するスケジュール" },
  }),
  ...mnistSettings({ iterations: 2000, batchSize: 128, trainRows: 60_000, hiddenSizes: [100, 100] }),
  lr: {
    ...lrSetting(),
    default: 0.1,
    about: { en: "learning rate that each schedule bends", ja: "各スケジュールの元になる学習率" },
  },
  momentum: fraction(0.9, { en: "share of the velocity that is kept each step", ja: "1ステップごとに残す速度の割合" }),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  accuracyEvery: accuracyEveryOf(100),
  ...perRun(
    known.map(({ name, hyper }) => ({ label: name, hyper })),
    { exponential: { gamma: 0.998 } },
  ),
} satisfies HyperSet;

const optimizer = "momentumTorch";

/** Next pages: one network and one rule, the learning rate bent in eight ways. */
export const schedules: TypedExperiment<typeof settings> = mnistExperiment({
  id: "schedules",
  section: "next 1",
  title: { en: "Schedules of the learning rate", ja: "学習率のスケジュール" },
  summary: {
    en: "Trains one network with Momentum and several schedules of the learning rate, on the same minibatches.",
    ja: "同じネットワークを Momentum で訓練し、学習率の変え方だけを変えて比べます。",
  },
  settings,

  sketch(values) {
    return [sketchOf(values.schedules[0], { network: networkOf(values), optimizer, batchSize: values.batchSize })];
  },

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const { weights, batches } = streamPositions(seed, [{ weights: weightCount(network), init: values.weightInit }]);
    return values.schedules.map(
      (name): MinibatchTask => ({
        run: name,
        tags: {},
        group: 0,
        network,
        optimizer,
        hyper: { lr: values.lr, momentum: values.momentum },
        schedule: { name, hyper: settingsOfRun(values, name) },
        ...partsOf(values),
        loss: "train",
        accuracy: { every: values.accuracyEvery, sets: ["test"], last: true },
        weightsAt: weights[0],
        batchesAt: batches,
      }),
    );
  },

  formulas: (record: RunRecord) =>
    known
      .filter(({ name }) => seriesOf(record, name, "loss") !== undefined)
      .map(({ name, tex, paper }) => ({ name, tex, source: paper })),
  figures: (record: RunRecord) => {
    const curves = (metric: string, of: (y: readonly (number | null)[]) => readonly (number | null)[]) =>
      record.series
        .filter((series) => series.metric === metric)
        .map(({ run, x, y }, style): Layer => ({ kind: "curve", name: run, style, role: "line", x, y: of(drawn(y)) }));
    const rates = record.series.filter(({ metric }) => metric === "lr").flatMap(({ y }) => drawn(y));
    // A little above the highest, or a rate that stays would lie on the frame.
    const top = 1.05 * largestOf(rates.filter((rate) => rate !== null));
    return [
      {
        id: "rates",
        title: schedules.title,
        subtitle: {
          en: "the rate of each update, and the loss of its minibatch, smoothed",
          ja: "各更新の学習率と、そのミニバッチの損失(平滑化したもの)",
        },
        columns: 2,
        panels: [
          {
            kind: "plane",
            x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
            y: { label: { en: "learning rate", ja: "学習率" }, ...(top > 0 ? { domain: [0, top] as const } : {}) },
            aspect: 0.8,
            layers: curves("lr", (y) => y),
          },
          {
            kind: "plane",
            x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
            y: { label: { en: "loss", ja: "損失" }, scale: "log" },
            aspect: 0.8,
            layers: curves("loss", smoothCurve),
          },
        ],
      },
      lossFigure(record, { id: "loss", title: schedules.title, top: 0.5 }),
    ];
  },
  results: (record: RunRecord) => ({
    columns: [
      { en: "schedule", ja: "スケジュール" },
      lastMeanLabel(record),
      { en: "test accuracy", ja: "テストデータの精度" },
    ],
    rows: runsOf(record).map((run) => [run, lastLoss(record, run), lastOf(record, run, "testAccuracy")]),
  }),
  findings: (record: RunRecord) => {
    const horizon = horizonFinding(record);
    const others = runsOf(record).filter((run) => run !== "constant");
    const rows = others.flatMap((run) => {
      const loss = lastLoss(record, run);
      return loss === null ? [] : [{ run, loss }];
    });
    const constant = lastLoss(record, "constant");
    if (constant === null || rows.length === 0) {
      return horizon;
    }
    const better = rows.filter(({ loss }) => loss < constant).length;
    const best = rows.reduce((a, b) => (b.loss < a.loss ? b : a));
    const [rate, kept] = [lastRate(record, best.run), lastRate(record, "constant")];
    const [low, usual] = [best.loss.toPrecision(3), constant.toPrecision(3)];
    // Why it may be lower is said only of a rate that has come down.
    const fell = better > 0 && rate !== null && kept !== null && rate < kept;
    const why = fell
      ? {
          en: ` Its rate has come down to ${shortNumber(rate)} from ${shortNumber(kept)}: the smaller the steps, the less the noise of the minibatches shakes the weights.`,
          ja: `その学習率は ${shortNumber(kept)} から ${shortNumber(rate)} まで下がっています。更新が小さくなるほど、ミニバッチの雑音による重みの揺れは収まります。`,
        }
      : { en: "", ja: "" };
    return [
      {
        en: `${better} of ${others.length} schedules end with a lower loss than the constant rate (${usual}); the lowest of them is ${best.run} with ${low}.${why.en}`,
        ja: `${others.length}個のスケジュールのうち${better}個が、一定の学習率(${usual})より低い損失で終わりました。その中で最も低いのは ${best.run} の ${low} です。${why.ja}`,
      },
      ...horizon,
    ];
  },
});

/** The rate of a run's last update. */
const lastRate = (record: Pick<RunRecord, "series">, run: string) => lastOf(record, run, "lr");
const lastLoss = (record: Pick<RunRecord, "series">, run: string) => meanOfEnd(seriesOf(record, run, "loss")?.y ?? []);

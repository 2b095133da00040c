import { type HyperSet, integer, real } from "../../core/hyper.ts";
import { RandomStream } from "../../core/random.ts";
import type { RunRecord, Series } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { ResultTable } from "../../runs/experiment.ts";
import { bestOf, edgeText, pressedEnd } from "../../search/views/edge.ts";
import { accuracyPanel } from "../accuracy-figure.ts";
import { horizonFinding, withHorizonWords } from "../horizon.ts";
import { skipBatches, skipWeights } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { mnistSettings, networkOf, sgdTaskOf, weightInitOf } from "../mnist-settings.ts";

const exponent = (value: number, about: Text) => real({ default: value, min: -20, max: 10, about });

const { iterations: _iterations, ...shared } = mnistSettings({
  iterations: 200,
  batchSize: 100,
  trainRows: 500,
  leastRows: 2,
  hiddenSizes: [100, 100, 100, 100, 100, 100],
});

const settings = {
  ...shared,
  trials: integer({ default: 100, min: 1, max: 100_000, scale: "log", about: { en: "trials", ja: "試行の数" } }),
  epochs: integer({
    default: 50,
    min: 1,
    max: 100_000,
    scale: "log",
    about: { en: "epochs of a trial", ja: "1試行のエポック数" },
  }),
  validationShare: real({
    default: 0.2,
    above: 0,
    below: 1,
    about: { en: "share of the rows held back for validation", ja: "検証用に取り分けるデータの割合" },
  }),
  weightInit: weightInitOf("he"),
  lrLow: exponent(-6, { en: "lower bound of log10 lr", ja: "log10 lr の下限" }),
  lrHigh: exponent(-2, { en: "upper bound of log10 lr", ja: "log10 lr の上限" }),
  weightDecayLow: exponent(-8, { en: "lower bound of log10 λ", ja: "log10 λ の下限" }),
  weightDecayHigh: exponent(-4, { en: "upper bound of log10 λ", ja: "log10 λ の上限" }),
} satisfies HyperSet;

/** 6.5: random search for learning rate and weight decay. */
export const hyperparameterSearch = mnistExperiment({
  id: "hyperparameter-search",
  section: "6.5",
  title: { en: "Search for hyper-parameters", ja: "ハイパーパラメータの探索" },
  summary: {
    en: "Draws learning rate and weight decay at random, trial by trial, and keeps what does best on validation data.",
    ja: "学習率と荷重減衰の係数を試行ごとに無作為に選び、検証データで最もよいものを探します。",
  },
  settings,

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const stream = RandomStream.seeded(seed);
    const order = stream.permutation(values.trainRows);
    // At least one row on either side, whatever the share.
    const held = Math.min(values.trainRows - 1, Math.max(1, Math.floor(values.trainRows * values.validationShare)));
    const trainRows = order.slice(held);
    const validationRows = order.slice(0, held);
    const perEpoch = Math.max(1, Math.floor(trainRows.length / values.batchSize));
    const iterations = values.epochs * perEpoch;
    return Array.from({ length: values.trials }, (_, trial): MinibatchTask => {
      const weightDecay = 10 ** stream.uniform(values.weightDecayLow, values.weightDecayHigh);
      const lr = 10 ** stream.uniform(values.lrLow, values.lrHigh);
      const weightsAt = skipWeights(stream, weightCount(network), values.weightInit);
      const batchesAt = skipBatches(stream, { rows: trainRows.length, batchSize: values.batchSize, iterations });
      return {
        run: `trial ${trial}`,
        tags: { lr, weightDecay },
        network,
        ...sgdTaskOf({ ...values, lr, weightDecay, iterations }),
        trainRows,
        validationRows,
        accuracy: { every: perEpoch, sets: ["train", "validation"] },
        weightsAt,
        batchesAt,
      };
    });
  },

  figures: (record) => [bestFigure(record), responseFigure(record)],
  results: bestTable,
  findings: (record) => [...edgeFinding(record), ...horizonFinding(record)],
});

interface Trial {
  readonly run: string;
  readonly lr: number;
  readonly weightDecay: number;
  readonly validation: number;
  readonly series: readonly Series[];
}

/** Trials by their last validation accuracy, the best first; of equals the earlier first. */
function ranked(record: Pick<RunRecord, "series">): Trial[] {
  const byRun = Map.groupBy(record.series, ({ run }) => run);
  return [...byRun]
    .map(([run, series]) => ({
      run,
      lr: Number(series[0].tags.lr),
      weightDecay: Number(series[0].tags.weightDecay),
      validation: series.find(({ metric }) => metric === "valAccuracy")?.y.at(-1) ?? 0,
      series,
    }))
    .sort((a, b) => b.validation - a.validation);
}

/** Panels of the first figure at most, as in the book. */
const shownTrials = 20;

function bestFigure(record: Pick<RunRecord, "series" | "events">): FigureSpec {
  const trials = ranked(record);
  return {
    id: "best",
    title:
      trials.length > shownTrials
        ? { en: `The best ${shownTrials} trials`, ja: `検証精度が高かった${shownTrials}試行` }
        : { en: "The trials, the best first", ja: "全試行(検証精度の高い順)" },
    subtitle: withHorizonWords(record, {
      en: "accuracy on training and validation data over the iterations",
      ja: "訓練データと検証データでの精度の推移",
    }),
    columns: 5,
    panels: trials.slice(0, shownTrials).map(({ series, lr }, i) =>
      accuracyPanel(
        record,
        [...series].sort((a, b) => a.metric.localeCompare(b.metric)),
        { title: `${i + 1}: lr=${lr.toPrecision(2)}`, small: true },
      ),
    ),
  };
}

function responseFigure(record: Pick<RunRecord, "series">): FigureSpec {
  const trials = ranked(record).reverse();
  const best = trials.at(-1);
  return {
    id: "response",
    title: { en: "Validation accuracy over lr and λ", ja: "lr と λ に対する検証精度" },
    subtitle: { en: "the darker the higher; the dashed line marks the best", ja: "濃いほど高精度。破線は最良の試行" },
    columns: 2,
    panels: [
      {
        kind: "plane",
        aspect: 0.9,
        title: { en: "both", ja: "両方" },
        x: { label: { en: "lr", ja: "学習率 lr" }, scale: "log" },
        y: { label: { en: "weight decay λ", ja: "荷重減衰 λ" }, scale: "log" },
        layers: [
          {
            kind: "points",
            style: 0,
            x: trials.map(({ lr }) => lr),
            y: trials.map(({ weightDecay }) => weightDecay),
            value: trials.map(({ validation }) => validation),
          },
          ...(best === undefined ? [] : [{ kind: "rule", axis: "x", at: best.lr } as const]),
        ],
      },
      {
        kind: "plane",
        aspect: 0.9,
        title: { en: "against lr", ja: "lr に対して" },
        x: { label: { en: "lr", ja: "学習率 lr" }, scale: "log" },
        y: { label: { en: "validation accuracy", ja: "検証精度" }, domain: [0, 1] },
        layers: [
          {
            kind: "points",
            style: 0,
            x: trials.map(({ lr }) => lr),
            y: trials.map(({ validation }) => validation),
          },
        ],
      },
    ],
  };
}

function bestTable(record: Pick<RunRecord, "series">): ResultTable {
  return {
    columns: [
      { en: "rank", ja: "順位" },
      { en: "trial", ja: "試行" },
      { en: "validation accuracy", ja: "検証精度" },
      "lr",
      { en: "weight decay λ", ja: "荷重減衰 λ" },
    ],
    rows: ranked(record)
      .slice(0, 10)
      .map(({ run, validation, lr, weightDecay }, i) => [
        String(i + 1),
        run,
        validation,
        lr.toExponential(2),
        weightDecay.toExponential(2),
      ]),
  };
}

/** A power of ten: `1e-6`, `3.16e-2`. */
function powerText(exponent: number): string {
  return Number.isInteger(exponent)
    ? `1e${exponent}`
    : Number((10 ** exponent).toPrecision(3))
        .toExponential()
        .replace("+", "");
}

/**
 * The best trials pressing on a bound say that the range should be widened; not where they are too few to tell, or no better
 * than the one in the middle: then they are the best by chance.
 */
export function edgeFinding(record: RunRecord): Text[] {
  const trials = ranked(record);
  const best = bestOf(trials);
  if (best.length === 0 || best[best.length - 1].validation <= trials[Math.floor(trials.length / 2)].validation) {
    return [];
  }
  const edges = [
    ["lr", "lrLow", "lrHigh"],
    ["weightDecay", "weightDecayLow", "weightDecayHigh"],
  ] as const;
  return edges.flatMap(([name, low, high]): Text[] => {
    const [from, to] = [Number(record.settings[low]), Number(record.settings[high])];
    if (from === to) {
      return [];
    }
    const places = best.map((trial) => (Math.log10(trial[name]) - from) / (to - from));
    const end = pressedEnd(places);
    const bound = powerText(end === "upper" ? to : from);
    return end === null ? [] : [edgeText({ count: best.length, name, end, bound })];
  });
}

import { type HyperSet, names, real } from "../../core/hyper.ts";
import { smallestOf } from "../../core/long-lists.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Layer } from "../../figure/figure-spec.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { lrFinding, risingRates } from "../../train/lr-finding.ts";
import { shortNumber } from "../lesson-numbers.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { mnistSettings, networkOf, partsOf, weightDecayOf, weightInitOf } from "../mnist-settings.ts";
import { optimizersInOrder } from "../optimizers-in-order.ts";
import { perRun, settingsOfRun } from "../per-run.ts";
import { drawn, runsOf, seriesOf } from "../series.ts";

const { horizon: _, ...shared } = mnistSettings({
  iterations: 300,
  batchSize: 128,
  trainRows: 60_000,
  hiddenSizes: [100, 100, 100, 100],
});

const settings = {
  optimizers: names({
    options: optimizersInOrder.map(({ label }) => label),
    default: ["SGD", "Momentum", "Adam"],
    about: { en: "update rules to find a rate for", ja: "学習率を探す更新則" },
  }),
  ...shared,
  low: real({ default: 1e-6, above: 0, scale: "log", about: { en: "first rate", ja: "最初の学習率" } }),
  high: real({ default: 10, above: 0, scale: "log", about: { en: "last rate", ja: "最後の学習率" } }),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  ...perRun(optimizersInOrder),
} satisfies HyperSet;

/** Next pages: a learning rate that rises until the loss blows up. */
export const lrFind: TypedExperiment<typeof settings> = mnistExperiment({
  id: "lr-find",
  section: "next 4",
  title: { en: "Finding a learning rate", ja: "学習率を探す" },
  summary: {
    en: "Raises the learning rate from update to update until the loss blows up, and says which rates are worth taking.",
    ja: "更新のたびに学習率を上げ、損失が発散するまでを見て、使うべき学習率を示します。",
  },
  settings,

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const { weights, batches } = streamPositions(seed, [{ weights: weightCount(network), init: values.weightInit }]);
    return optimizersInOrder
      .filter(({ label }) => values.optimizers.includes(label))
      .map(
        ({ label, name }): MinibatchTask => ({
          run: label,
          tags: {},
          group: 0,
          network,
          optimizer: name,
          hyper: settingsOfRun(values, label),
          rates: risingRates(values.low, values.high, values.iterations),
          ...partsOf({ ...values, horizon: "off" }),
          lossBefore: true,
          weightsAt: weights[0],
          batchesAt: batches,
        }),
      );
  },

  figures: (record: RunRecord) => {
    const found = findingsOf(record);
    return [
      {
        id: "lr-find",
        title: lrFind.title,
        subtitle: {
          en: "loss of each minibatch before its update (faint) and smoothed (bold) over the rate; a line at a tenth of the lowest point",
          ja: "学習率に対する、更新前のミニバッチの損失(薄い線)と平滑化した値(濃い線)。縦線は最小点の10分の1",
        },
        columns: Math.min(2, Math.max(1, found.length)),
        panels: found.map(({ run, rates, losses, smoothed, suggested }, style) => {
          const top = 1.3 * (smoothed[0] ?? 3);
          const layers: Layer[] = [
            { kind: "curve", name: run, style, role: "raw", x: rates, y: losses },
            { kind: "curve", name: run, style, role: "smooth", x: rates, y: smoothed },
          ];
          if (suggested !== null) {
            layers.push({ kind: "rule", axis: "x", at: suggested, label: String(Number(suggested.toPrecision(3))) });
          }
          return {
            kind: "plane" as const,
            title: run,
            aspect: 0.75,
            x: { label: { en: "learning rate", ja: "学習率" }, scale: "log" as const },
            y: { label: { en: "loss", ja: "損失" }, domain: [0, top] as const },
            layers,
          };
        }),
      },
    ];
  },
  results: (record: RunRecord) => ({
    columns: [
      { en: "optimizer", ja: "更新則" },
      { en: "suggested lr (a tenth of the lowest point)", ja: "推奨する lr(最小点の10分の1)" },
      { en: "steepest fall at", ja: "最も急に下がる lr" },
      { en: "blows up at", ja: "発散する lr" },
    ],
    rows: findingsOf(record).map(({ run, suggested, steepest, tooLarge }) => [run, suggested, steepest, tooLarge]),
  }),
  findings: (record: RunRecord) =>
    findingsOf(record).flatMap(({ run, rates, suggested, tooLarge, unfinished }) =>
      unfinished
        ? [
            {
              en: `${run}: the loss still falls at the last rate, ${shortNumber(rates[rates.length - 1])}: which is too large is not seen. Raise high.`,
              ja: `${run}: 最後の学習率 ${shortNumber(rates[rates.length - 1])} でも損失が下がり続けており、どこからが大きすぎるかは分かりません。high を上げてください。`,
            },
          ]
        : suggested === null
          ? []
          : [
              {
                en: `${run}: take about ${suggested.toPrecision(2)}${tooLarge === null ? "" : `; from ${tooLarge.toPrecision(2)} on the loss blows up`}.`,
                ja: `${run}: ${suggested.toPrecision(2)} 前後が目安です${tooLarge === null ? "" : `(${tooLarge.toPrecision(2)} 以上では損失が発散します)`}。`,
              },
            ],
    ),
});

/** What each run's rates say, with its curves; `unfinished`: the loss had not risen yet when the test ended. */
export function findingsOf(record: Pick<RunRecord, "series">) {
  return runsOf(record).flatMap((run) => {
    const [loss, lr] = [seriesOf(record, run, "loss"), seriesOf(record, run, "lr")];
    if (loss === undefined || lr === undefined) {
      return [];
    }
    const count = Math.min(loss.y.length, lr.y.length);
    const rates = drawn(lr.y.slice(0, count));
    const losses = loss.y.slice(0, count);
    const seen = lrFinding(rates, losses);
    // One rate from first to last tells no rates apart.
    const found = rates[0] === rates[count - 1] ? { ...seen, steepest: null, suggested: null, tooLarge: null } : seen;
    const known = found.smoothed.flatMap((value) => value ?? []);
    const lowest = known.indexOf(smallestOf(known));
    // A tenth of the lowest point is worth taking where the loss rises after it, not where only the test has ended.
    const unfinished = found.suggested !== null && lowest >= count - Math.max(1, count / 20);
    return [
      { run, rates, losses: drawn(losses), ...found, unfinished, suggested: unfinished ? null : found.suggested },
    ];
  });
}

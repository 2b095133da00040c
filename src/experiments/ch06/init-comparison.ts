import type { HyperSet } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { diagnosticTable } from "../diagnostic-table.ts";
import { horizonFinding } from "../horizon.ts";
import { lossFigure, lossTable } from "../loss-figure.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { lrSetting, mnistSettings, networkOf, sgdTaskOf, weightDecayOf, weightInitOf } from "../mnist-settings.ts";
import { ofRun } from "../per-run.ts";

/** The book's three, in the order in which their weights are drawn. */
const runs = ["std=0.01", "Xavier", "He"] as const;

const settings = {
  ...mnistSettings({ iterations: 2000, batchSize: 128, trainRows: 60_000, hiddenSizes: [100, 100, 100, 100] }),
  lr: lrSetting(),
  weightDecay: weightDecayOf(0),
  "std=0.01.weightInit": ofRun(weightInitOf(0.01), "std=0.01", "weightInit"),
  "Xavier.weightInit": ofRun(weightInitOf("xavier"), "Xavier", "weightInit"),
  "He.weightInit": ofRun(weightInitOf("he"), "He", "weightInit"),
} satisfies HyperSet;

/** 6.2.4: three scales of initial weights on the same minibatches. */
export const initComparison: TypedExperiment<typeof settings> = mnistExperiment({
  id: "init-comparison",
  section: "6.2.4",
  title: { en: "Initial weights compared on MNIST", ja: "MNISTによる重みの初期値の比較" },
  summary: {
    en: "Trains the same network from three kinds of initial weights on the same minibatches.",
    ja: "同じネットワークを3種類の初期値から、同じミニバッチ列で訓練します。",
  },
  settings,

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const inits = runs.map((run) => values[`${run}.weightInit`]);
    const { weights, batches } = streamPositions(
      seed,
      inits.map((init) => ({ weights: weightCount(network), init })),
    );
    return runs.map(
      (run, i): MinibatchTask => ({
        run,
        tags: {},
        group: 0,
        network,
        ...sgdTaskOf({ ...values, weightInit: inits[i] }),
        loss: "train",
        diagnose: true,
        weightsAt: weights[i],
        batchesAt: batches,
      }),
    );
  },

  figures: (record: RunRecord) => [
    // Markers o s D, as in the book.
    lossFigure(record, { id: "loss", title: initComparison.title, top: 2.5, styles: [0, 2, 3] }),
  ],
  findings: horizonFinding,
  results: (record: RunRecord) => lossTable(record, { en: "initial weights", ja: "重みの初期値" }),
  details: (record: RunRecord) => [diagnosticTable(record)],
});

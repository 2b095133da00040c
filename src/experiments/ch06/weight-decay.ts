import type { HyperSet } from "../../core/hyper.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { accuracyFigure, accuracyTable, gapFinding } from "../accuracy-figure.ts";
import { horizonFinding } from "../horizon.ts";
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

const settings = {
  ...mnistSettings({
    iterations: 601,
    batchSize: 100,
    trainRows: 300,
    hiddenSizes: [100, 100, 100, 100, 100, 100],
  }),
  lr: lrSetting(),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0.1),
  accuracyEvery: accuracyEveryOf(3),
} satisfies HyperSet;

/** 6.4.1–6.4.2: overfitting on 300 digits, without and with weight decay, from the same seed. */
export const weightDecay: TypedExperiment<typeof settings> = mnistExperiment({
  id: "weight-decay",
  section: "6.4.1–6.4.2",
  title: { en: "Overfitting and weight decay", ja: "過学習と荷重減衰" },
  summary: {
    en: "Lets a deep network learn few digits by heart, without and with weight decay.",
    ja: "少数の手書き数字だけで深いネットワークを訓練し、荷重減衰の有無で過学習を比べます。",
  },
  settings,

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const { weights, batches } = streamPositions(seed, [{ weights: weightCount(network), init: values.weightInit }]);
    return [...new Set([values.weightDecay, 0])].map(
      (decay): MinibatchTask => ({
        run: `decay=${decay}`,
        tags: { weightDecay: decay },
        group: 0,
        network,
        ...sgdTaskOf({ ...values, weightDecay: decay }),
        accuracy: { every: values.accuracyEvery, sets: ["train", "test"] },
        weightsAt: weights[0],
        batchesAt: batches,
      }),
    );
  },

  figures: (record) => [accuracyFigure(record, weightDecay.title)],
  results: (record) => accuracyTable(record, { en: "weight decay λ", ja: "荷重減衰 λ" }),
  findings: (record) => [...gapFinding(record), ...horizonFinding(record)],
});

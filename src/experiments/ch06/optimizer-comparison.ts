import { type HyperSet, names } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { RuleSetting } from "../../optim/rules/index.generated.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { customRuleOf, customRuleSettings, customRun, rulesWithCustom, styleOfRun } from "../custom-rule.ts";
import { horizonFinding } from "../horizon.ts";
import { lossFigure, lossTable } from "../loss-figure.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { mnistSettings, networkOf, partsOf, weightDecayOf, weightInitOf } from "../mnist-settings.ts";
import { bookOptimizers, optimizersInOrder } from "../optimizers-in-order.ts";
import { perRun, settingsOfRun } from "../per-run.ts";

const settings = {
  optimizers: names({
    options: optimizersInOrder.map(({ label }) => label),
    default: bookOptimizers,
    about: { en: "update rules to compare", ja: "比較する更新則" },
  }),
  ...mnistSettings({ iterations: 2000, batchSize: 128, trainRows: 60_000, hiddenSizes: [100, 100, 100, 100] }),
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  ...perRun<RuleSetting>(optimizersInOrder),
  ...customRuleSettings(),
} satisfies HyperSet;

/** 6.1.7: four update rules on the same networks and the same minibatches. */
export const optimizerComparison: TypedExperiment<typeof settings> = mnistExperiment({
  id: "optimizer-comparison",
  section: "6.1.7",
  title: { en: "Optimizers compared on MNIST", ja: "MNISTによる更新則の比較" },
  summary: {
    en: "Trains one network per optimizer on the same minibatches of MNIST and draws how fast the loss falls.",
    ja: "同じミニバッチ列で更新則ごとにネットワークを訓練し、損失の下がり方を比べます。",
  },
  settings,

  plan(values, seed, data) {
    const network = networkOf(values, data);
    const chosen = optimizersInOrder
      .filter(({ label }) => values.optimizers.includes(label))
      .map(({ label, name }) => ({ run: label, optimizer: name, hyper: settingsOfRun(values, label) }));
    const custom = customRuleOf(values);
    // Last, so that the weights of the others stay where they are in the stream.
    const runs = custom === null ? chosen : [...chosen, { run: customRun, ...custom.task }];
    const { weights, batches } = streamPositions(
      seed,
      runs.map(() => ({ weights: weightCount(network), init: values.weightInit })),
    );
    return runs.map(
      (run, i): MinibatchTask => ({
        ...run,
        tags: {},
        group: 0,
        network,
        ...partsOf(values),
        loss: "train",
        weightsAt: weights[i],
        batchesAt: batches,
      }),
    );
  },

  formulas: (record: RunRecord) => rulesWithCustom(record),
  figures: (record: RunRecord) => [
    lossFigure(record, {
      id: "loss",
      title: optimizerComparison.title,
      top: 1,
      styles: record.series.filter(({ metric }) => metric === "loss").map(({ run }, i) => styleOfRun(run, i)),
    }),
  ],

  findings: horizonFinding,
  results: (record: RunRecord) => lossTable(record, { en: "optimizer", ja: "更新則" }),
});

import { type HyperSet, integer, real } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { PlanePanel } from "../../figure/figure-spec.ts";
import type { WeightInitName } from "../../init/weights.ts";
import type { ActivationName } from "../../nn/activation.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { TypedExperiment } from "../../runs/experiment.ts";
import { brokenAt } from "../divergence.ts";
import { streamPositions } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { accuracyEveryOf, mnistSettings, networkOf, partsOf, weightInitOf } from "../mnist-settings.ts";
import { drawn, lastOf, seriesOf } from "../series.ts";
import { sketchOf } from "../sketch.ts";

const {
  activation: _,
  horizon: __,
  ...shared
} = mnistSettings({
  iterations: 1500,
  batchSize: 128,
  trainRows: 60_000,
  hiddenSizes: [100, 100, 100],
});

const settings = {
  ...shared,
  lr: real({
    default: 0.1,
    min: 0,
    scale: "log",
    about: { en: "learning rate, too large on purpose", ja: "学習率(わざと大きくしてある)" },
  }),
  momentum: real({
    default: 0.9,
    min: 0,
    below: 1,
    about: { en: "share of the velocity kept a step", ja: "1ステップで残す速度の割合" },
  }),
  weightInit: {
    ...weightInitOf(0.2),
    about: { en: "initial weights of all runs but He", ja: "He 以外の重みの初期値" },
  },
  unitsEvery: integer({
    default: 25,
    min: 1,
    max: 100_000,
    about: { en: "iterations between two looks at the units", ja: "ニューロンを調べる間隔(更新回数)" },
  }),
  accuracyEvery: accuracyEveryOf(100),
} satisfies HyperSet;

interface Remedy {
  readonly run: string;
  readonly activation: ActivationName;
  readonly batchNorm?: boolean;
  readonly weightInit?: WeightInitName;
}

const remedies: readonly Remedy[] = [
  { run: "ReLU", activation: "relu" },
  { run: "leaky ReLU", activation: "leakyRelu" },
  { run: "He", activation: "relu", weightInit: "he" },
  { run: "BatchNorm", activation: "relu", batchNorm: true },
];

const optimizer = "momentum";

/** Next pages: why units of ReLU die, and what each remedy does about it. */
export const deadUnits: TypedExperiment<typeof settings> = mnistExperiment({
  id: "dead-units",
  section: "next 2",
  title: { en: "Dead units and what helps", ja: "死んだニューロンとその対策" },
  summary: {
    en: "Lets units of ReLU die by too large weights and steps, and puts leaky ReLU, He's weights and BatchNorm beside them.",
    ja: "大きすぎる重みと更新で ReLU のニューロンを死なせ、leaky ReLU、He の初期値、BatchNorm と並べて比べます。",
  },
  settings,
  presets: { gentle: { lr: 0.01, weightInit: "he" } },

  sketch({ hiddenSizes, batchSize }) {
    return remedies.map(({ run, activation, batchNorm }) =>
      sketchOf(run, { network: { ...networkOf({ hiddenSizes, activation }), batchNorm }, optimizer, batchSize }),
    );
  },

  plan(values, seed, data) {
    const runs = remedies.map(({ run, activation, batchNorm, weightInit = values.weightInit }) => ({
      run,
      weightInit,
      network: { ...networkOf({ hiddenSizes: values.hiddenSizes, activation }, data), batchNorm },
    }));
    const { weights, batches } = streamPositions(seed, [
      { weights: weightCount(runs[0].network), init: values.weightInit },
    ]);
    return runs.map(
      ({ run, network, weightInit }): MinibatchTask => ({
        run,
        tags: {},
        group: 0,
        network,
        optimizer,
        hyper: { lr: values.lr, momentum: values.momentum },
        ...partsOf({ ...values, weightInit, weightDecay: 0, activation: network.activation ?? "relu", horizon: "off" }),
        loss: "train",
        units: values.unitsEvery,
        accuracy: { every: values.accuracyEvery, sets: ["test"], last: true },
        weightsAt: weights[0],
        batchesAt: batches,
      }),
    );
  },

  figures: (record: RunRecord) => [
    {
      id: "units",
      title: deadUnits.title,
      subtitle: {
        en: "means of the layers' shares: units that were 0 for a whole minibatch, and weights that rest: no gradient, no velocity left",
        ja: "各層での割合の平均。ミニバッチのどのデータにも0を出したニューロンと、勾配も速度も無くなって眠っている重み",
      },
      columns: 2,
      panels: [
        panel(record, "deadShare", { en: "dead units (share)", ja: "死んだニューロン(割合)" }),
        panel(record, "sleepingShare", { en: "sleeping weights (share)", ja: "眠っている重み(割合)" }),
        panel(record, "testAccuracy", { en: "test accuracy", ja: "テストデータの精度" }),
      ],
    },
  ],
  results: (record: RunRecord) => ({
    columns: [
      { en: "run", ja: "実行" },
      { en: "dead units, last look (share)", ja: "最後に調べた時点で死んでいるニューロン(割合)" },
      { en: "sleeping weights, last look (share)", ja: "最後に調べた時点で眠っている重み(割合)" },
      { en: "test accuracy", ja: "テストデータの精度" },
    ],
    rows: remedies.map(({ run }) => [
      run,
      lastOf(record, run, "deadShare"),
      lastOf(record, run, "sleepingShare"),
      lastOf(record, run, "testAccuracy"),
    ]),
  }),
  findings: (record: RunRecord) => {
    const percent = (value: number) => `${(100 * value).toFixed(1)}%`;
    const looked = seriesOf(record, remedies[0].run, "deadShare")?.x.at(-1);
    const told = remedies.flatMap(({ run }) => {
      const [share, accuracy] = [lastOf(record, run, "deadShare"), lastOf(record, run, "testAccuracy")];
      if (brokenAt(record, { run, tags: {} }) !== undefined) {
        return [{ en: `${run} diverged`, ja: `${run} は発散` }];
      }
      return share === null || accuracy === null
        ? []
        : [
            {
              en: `${run} ${percent(share)}, ${percent(accuracy)}`,
              ja: `${run} は ${percent(share)} と ${percent(accuracy)}`,
            },
          ];
    });
    return told.length < remedies.length || looked === undefined
      ? []
      : [
          {
            en: `Share of dead units when last looked at (iteration ${looked}, the mean of the layers), and test accuracy at the end: ${told.map(({ en }) => en).join("; ")}.`,
            ja: `死んでいるニューロンの割合(最後に調べた更新 ${looked} 回目の、各層の平均)と、最後のテスト精度: ${told.map(({ ja }) => ja).join("。")}。`,
          },
        ];
  },
});

function panel(record: Pick<RunRecord, "series">, metric: string, label: Text): PlanePanel {
  return {
    kind: "plane",
    aspect: 0.75,
    x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
    y: { label, domain: [0, 1] },
    layers: remedies.flatMap(({ run }, style) => {
      const series = seriesOf(record, run, metric);
      return series === undefined
        ? []
        : [{ kind: "curve", name: run, style, role: "line", x: series.x, y: drawn(series.y) } as const];
    }),
  };
}

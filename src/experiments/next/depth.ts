import { choice, type HyperSet, integer, real, sizes, type ValuesOf } from "../../core/hyper.ts";
import { notesOf } from "../../core/note.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Layer } from "../../figure/figure-spec.ts";
import { type MlpSpec, weightCount } from "../../nn/mlp.ts";
import type { DataShape, TypedExperiment } from "../../runs/experiment.ts";
import { brokenAt } from "../divergence.ts";
import { horizonFinding, horizonOf, withHorizonWords } from "../horizon.ts";
import { shortNumber } from "../lesson-numbers.ts";
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
import { drawn, lastOf, runsOf } from "../series.ts";
import { sketchOf } from "../sketch.ts";

const { hiddenSizes: _, ...shared } = mnistSettings({
  iterations: 601,
  batchSize: 100,
  trainRows: 5000,
  hiddenSizes: [1],
});

const settings = {
  depths: sizes({
    default: [5, 10, 20, 40],
    about: { en: "hidden layers of the networks compared", ja: "比べるネットワークの隠れ層の数" },
  }),
  width: integer({
    default: 50,
    min: 1,
    max: 4096,
    scale: "log",
    about: { en: "units of each hidden layer", ja: "各隠れ層のニューロン数" },
  }),
  ...shared,
  batchNorm: choice({
    options: ["on", "off"],
    default: "on",
    about: {
      en: "Batch Normalization before each activation, in both kinds",
      ja: "活性化関数の前の Batch Normalization(両方に適用)",
    },
  }),
  survival: real({
    default: 1,
    above: 0,
    max: 1,
    about: {
      en: "stochastic depth: chance that the last residual block is kept at an update, earlier ones more surely; 1 keeps all",
      ja: "Stochastic Depth: 最後の残差ブロックを更新時に残す確率(手前ほど高い。1 はすべて残す)",
    },
  }),
  lr: { ...lrSetting(), default: 0.05 },
  weightInit: weightInitOf("he"),
  weightDecay: weightDecayOf(0),
  accuracyEvery: accuracyEveryOf(20),
} satisfies HyperSet;

/** Each depth once: a run is known by its depth. */
const depthsOf = ({ depths }: ValuesOf<typeof settings>) => [...new Set(depths)];

/** The plain and the residual network of each depth. */
function networksOf(values: ValuesOf<typeof settings>, data?: DataShape): { layers: number; network: MlpSpec }[] {
  return depthsOf(values).flatMap((layers) =>
    [false, true].map((residual) => {
      const hiddenSizes = new Array<number>(layers).fill(values.width);
      const spec = networkOf({ ...values, hiddenSizes }, data);
      const { batchNorm, survival } = values;
      return { layers, network: { ...spec, batchNorm: batchNorm === "on", residual, survival } };
    }),
  );
}

const nameOf = ({ residual }: MlpSpec, layers: number) => `${residual ? "residual" : "plain"} ${layers}`;

/** Next pages: what depth does to a plain network, and what a way around each layer does about it. */
export const depth: TypedExperiment<typeof settings> = mnistExperiment({
  id: "depth",
  section: "next 3",
  title: { en: "Depth: plain and residual networks", ja: "深さ: 通常のネットワークと残差ネットワーク" },
  summary: {
    en: "Trains networks of few and of many hidden layers, each layer plain or with a way around it (residual).",
    ja: "隠れ層の数が違うネットワークを、そのままの層と、入力を足し合わせる残差の層とで比べます。",
  },
  settings,

  sketch(values) {
    const { batchSize } = values;
    return networksOf(values).map(({ layers, network }) =>
      sketchOf(nameOf(network, layers), { network, optimizer: "sgd", batchSize }),
    );
  },

  plan(values, seed, data) {
    const networks = networksOf(values, data);
    // Plain and residual networks of one depth begin with the same weights.
    const { weights, batches } = streamPositions(
      seed,
      depthsOf(values).map((_, i) => ({ weights: weightCount(networks[2 * i].network), init: values.weightInit })),
    );
    return networks.map(
      ({ layers, network }, i): MinibatchTask => ({
        run: nameOf(network, layers),
        tags: { depth: layers },
        network,
        ...sgdTaskOf({ ...values, hiddenSizes: network.hiddenSizes }),
        diagnose: true,
        accuracy: { every: values.accuracyEvery, sets: ["train"], last: true },
        weightsAt: weights[Math.floor(i / 2)],
        batchesAt: batches,
      }),
    );
  },

  formulas: () => [
    {
      name: "residual",
      tex: "y = x + F(x), \\quad \\partial x = \\partial y + \\partial F",
      source: "He, Zhang, Ren & Sun 2016, eq. (1)",
    },
    {
      name: "stochastic depth",
      tex: "P(\\text{block } l \\text{ kept}) = 1 - \\frac{l}{L}(1 - p_L)",
      source: "Huang, Sun, Liu, Sedra & Weinberger 2016, §3, eq. (4)",
    },
  ],
  figures: (record: RunRecord) => {
    const runs = runsOf(record);
    const style = (run: string) =>
      ({ style: Math.floor(runs.indexOf(run) / 2), dash: run.startsWith("plain") ? "dashed" : "solid" }) as const;
    return [
      {
        id: "depth",
        title: depth.title,
        subtitle: withHorizonWords(record, {
          en: "at the first step, how much of the gradient reaches each layer; accuracy on the training rows. Plain networks are dashed",
          ja: "最初のステップで各層に届く勾配の大きさと、訓練データでの精度。通常のネットワークは破線",
        }),
        columns: 2,
        panels: [
          {
            kind: "plane",
            aspect: 0.85,
            x: { label: { en: "layer, from the input", ja: "入力側から数えた層" } },
            y: { label: { en: "gradient norm ‖∂L/∂W‖", ja: "勾配のノルム ‖∂L/∂W‖" }, scale: "log" },
            layers: runs.map((run): Layer => {
              const norms = gradientNorms(record, run);
              return { kind: "curve", name: run, role: "line", ...style(run), x: norms.map((_, i) => i + 1), y: norms };
            }),
          },
          {
            kind: "plane",
            aspect: 0.85,
            x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
            y: { label: { en: "training accuracy", ja: "訓練データの精度" }, domain: [0, 1] },
            layers: record.series
              .filter(({ metric }) => metric === "trainAccuracy")
              .map(
                (series): Layer => ({
                  kind: "curve",
                  name: series.run,
                  role: "line",
                  ...style(series.run),
                  x: series.x,
                  y: drawn(series.y),
                  horizon: horizonOf(record, series),
                  broken: brokenAt(record, series),
                }),
              ),
          },
        ],
      },
    ];
  },
  results: (record: RunRecord) => ({
    columns: [
      { en: "network", ja: "ネットワーク" },
      { en: "gradient norm, second layer", ja: "2番目の層の勾配のノルム" },
      { en: "gradient norm, last hidden layer", ja: "最後の隠れ層の勾配のノルム" },
      { en: "training accuracy", ja: "訓練データの精度" },
    ],
    rows: runsOf(record).map((run) => {
      const norms = gradientNorms(record, run);
      return [run, norms[1] ?? null, norms.at(-2) ?? null, lastOf(record, run, "trainAccuracy")];
    }),
  }),
  findings: (record: RunRecord) => {
    const horizon = horizonFinding(record);
    const accuracies = record.series.filter(({ metric }) => metric === "trainAccuracy").slice(-2);
    const told = accuracies.map((series) => {
      const { run, y } = series;
      const accuracy = y.at(-1) ?? null;
      const ratio = spread(gradientNorms(record, run));
      const percent = accuracy === null ? "" : `${(100 * accuracy).toFixed(1)}%`;
      const learnt =
        brokenAt(record, series) === undefined
          ? { en: `training accuracy ${percent}`, ja: `訓練精度は ${percent}` }
          : { en: "diverged", ja: "発散しました" };
      return {
        en: `${run}: ${ratio === null ? "" : `the second layer's gradient is ${ratio} times the last hidden layer's, `}${learnt.en}`,
        ja: `${run}: ${ratio === null ? "" : `2番目の層の勾配は最後の隠れ層の ${ratio} 倍で、`}${learnt.ja}`,
      };
    });
    return accuracies.length < 2 || accuracies[0].x.at(-1) !== accuracies[1].x.at(-1)
      ? horizon
      : [{ en: `${told.map(({ en }) => en).join("; ")}.`, ja: `${told.map(({ ja }) => ja).join("。")}。` }, ...horizon];
  },
});

/**
 * How much larger the second layer's gradient is than the last hidden layer's; null with no hidden layer between, and where
 * either is left out of the update. The first layer has as many inputs as an image has pixels: its norm is not to be compared.
 */
function spread(norms: readonly number[]): string | null {
  const ratio = norms.length < 4 ? Number.NaN : norms[1] / norms[norms.length - 2];
  return Number.isFinite(ratio) && ratio > 0 ? shortNumber(Number(ratio.toPrecision(2))) : null;
}

function gradientNorms(record: Pick<RunRecord, "events">, run: string): number[] {
  const note = notesOf(record, "diagnostic").find((one) => one.run === run);
  return (note?.layers ?? []).map(({ gradientNorm }) => gradientNorm ?? Number.NaN);
}

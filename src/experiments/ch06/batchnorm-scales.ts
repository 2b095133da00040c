import { type HyperSet, integer, real } from "../../core/hyper.ts";
import { notesOf } from "../../core/note.ts";
import { RandomStream } from "../../core/random.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { FigureSpec, Layer } from "../../figure/figure-spec.ts";
import { weightCount } from "../../nn/mlp.ts";
import type { ResultTable } from "../../runs/experiment.ts";
import { diagnosticTable } from "../diagnostic-table.ts";
import { alike, brokenAt } from "../divergence.ts";
import { horizonFinding, horizonOf, withHorizonWords } from "../horizon.ts";
import { skipBatches, skipWeights } from "../minibatch-plan.ts";
import type { MinibatchTask } from "../minibatch-task.ts";
import { mnistExperiment } from "../mnist-experiment.ts";
import { accuracyEveryOf, lrSetting, mnistSettings, networkOf, sgdTaskOf, weightDecayOf } from "../mnist-settings.ts";
import { drawn } from "../series.ts";
import { sketchOf } from "../sketch.ts";

const settings = {
  ...mnistSettings({ iterations: 191, batchSize: 100, trainRows: 1000, hiddenSizes: [100, 100, 100, 100, 100] }),
  lr: lrSetting(),
  weightDecay: weightDecayOf(0),
  scales: integer({ default: 16, min: 2, max: 64, about: { en: "how many scales", ja: "スケールの数" } }),
  largestScale: real({
    default: 1,
    above: 0,
    max: 1000,
    scale: "log",
    about: { en: "largest standard deviation of the initial weights", ja: "重みの初期値の標準偏差の最大値" },
  }),
  smallestScale: real({
    default: 1e-4,
    above: 0,
    max: 1000,
    scale: "log",
    about: { en: "smallest standard deviation of the initial weights", ja: "重みの初期値の標準偏差の最小値" },
  }),
  accuracyEvery: accuracyEveryOf(10),
} satisfies HyperSet;

/** 6.3.2: with and without Batch Normalization, from sixteen scales of initial weights. */
export const batchnormScales = mnistExperiment({
  id: "batchnorm-scales",
  section: "6.3.2",
  title: {
    en: "Batch Normalization over scales of initial weights",
    ja: "重みの初期値のスケールと Batch Normalization",
  },
  summary: {
    en: "Trains a network with and without Batch Normalization from many scales of initial weights.",
    ja: "初期値のスケールをいろいろ変えて、Batch Normalization の有無による学習の進み方を比べます。",
  },
  settings,

  sketch(values) {
    const network = networkOf(values);
    return ["plain", "batchnorm"].map((run) =>
      sketchOf(run, {
        network: { ...network, batchNorm: run === "batchnorm" },
        optimizer: "sgd",
        batchSize: values.batchSize,
      }),
    );
  },

  plan(values, seed, data) {
    const plain = networkOf(values, data);
    const stream = RandomStream.seeded(seed);
    const from = Math.log10(values.largestScale);
    const to = Math.log10(values.smallestScale);
    // The script draws, scale by scale: the normalised net's weights, the plain net's, then the minibatches of both.
    const scales = Array.from(
      { length: values.scales },
      (_, i) => 10 ** (from + i * ((to - from) / (values.scales - 1))),
    );
    // A run is known by its scale.
    return [...new Set(scales)].flatMap((scale, group) => {
      const [normalised, ordinary] = [0, 1].map(() => skipWeights(stream, weightCount(plain), scale));
      const batchesAt = skipBatches(stream, {
        rows: values.trainRows,
        batchSize: values.batchSize,
        iterations: values.iterations,
      });
      const task = {
        tags: { weightInitStd: scale },
        group,
        ...sgdTaskOf({ ...values, weightInit: scale }),
        accuracy: { every: values.accuracyEvery, sets: ["train"] },
        diagnose: true,
        batchesAt,
      } as const;
      return [
        { ...task, run: "plain", network: plain, weightsAt: ordinary },
        { ...task, run: "batchnorm", network: { ...plain, batchNorm: true }, weightsAt: normalised },
      ] satisfies MinibatchTask[];
    });
  },

  figures: (record) => [gridFigure(record), finalFigure(record)],
  results: scaleTable,
  details: (record) => [diagnosticTable(record)],
  findings: (record) => [...findings(record), ...horizonFinding(record)],
});

const names = {
  batchnorm: { en: "with Batch Normalization", ja: "Batch Normalization を使う場合" },
  plain: { en: "without", ja: "使わない場合" },
} as const;
const kinds = ["batchnorm", "plain"] as const;

/** The scales that a record has, the largest first. */
export function scalesOf(record: Pick<RunRecord, "series">): number[] {
  return [...new Set(record.series.map(({ tags }) => Number(tags.weightInitStd)))].sort((a, b) => b - a);
}

function curve(record: Pick<RunRecord, "series">, run: string, scale: number) {
  return record.series.find((series) => series.run === run && series.tags.weightInitStd === scale);
}

/** The last training accuracy at a scale; null where there is none. */
export function lastAt(record: Pick<RunRecord, "series">, run: string, scale: number): number | null {
  return curve(record, run, scale)?.y.at(-1) ?? null;
}

function gridFigure(record: Pick<RunRecord, "series" | "events">): FigureSpec {
  return {
    id: "grid",
    title: batchnormScales.title,
    subtitle: withHorizonWords(record, {
      en: "training accuracy over the iterations; σ is the standard deviation of the initial weights",
      ja: "訓練データの精度の推移。σ は重みの初期値の標準偏差",
    }),
    columns: 4,
    panels: scalesOf(record).map((scale) => ({
      kind: "plane",
      title: `σ = ${Number(scale.toPrecision(3))}`,
      aspect: 0.8,
      x: { label: "" },
      y: { label: "", domain: [0, 1], ticks: [0, 0.5, 1] },
      layers: kinds.flatMap((run, style) => {
        const series = curve(record, run, scale);
        return series === undefined
          ? []
          : [
              {
                kind: "curve",
                name: names[run],
                style,
                role: "line",
                x: series.x,
                y: drawn(series.y),
                horizon: horizonOf(record, series),
                broken: brokenAt(record, series),
              } as const,
            ];
      }),
    })),
  };
}

function finalFigure(record: Pick<RunRecord, "series" | "events">): FigureSpec {
  const scales = scalesOf(record);
  const broken = (run: string, scale: number) => {
    const series = curve(record, run, scale);
    return series !== undefined && brokenAt(record, series) !== undefined;
  };
  const lost = scales.filter((scale) => kinds.some((run) => broken(run, scale)));
  return {
    id: "final",
    title: { en: "Final accuracy against the scale", ja: "スケールと最終的な精度" },
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: { en: "standard deviation of the initial weights", ja: "重みの初期値の標準偏差" }, scale: "log" },
        y: { label: { en: "last training accuracy", ja: "最後の訓練データの精度" }, domain: [0, 1] },
        layers: [
          ...kinds.map(
            (run, style): Layer => ({
              kind: "curve",
              name: names[run],
              style,
              role: "line",
              x: scales,
              // What a network answers whose numbers are gone is no accuracy.
              y: scales.map((scale) => (broken(run, scale) ? null : lastAt(record, run, scale))),
              markEvery: 1,
            }),
          ),
          ...(lost.length === 0
            ? []
            : [
                {
                  kind: "points",
                  name: { en: "diverged", ja: "発散" },
                  marker: "cross",
                  style: 1,
                  x: lost,
                  y: lost.map(() => 0),
                } as const,
              ]),
        ],
      },
    ],
  };
}

function scaleTable(record: Pick<RunRecord, "series" | "events">): ResultTable {
  return {
    columns: [
      { en: "std of the weights", ja: "重みの標準偏差" },
      { en: "with BatchNorm", ja: "Batch Normalization を使う場合" },
      { en: "without", ja: "使わない場合" },
      { en: "layer and step of the overflow without", ja: "BNなしで発散した層とステップ" },
    ],
    rows: scalesOf(record).map((scale) => {
      const diverged = notesOf(record, "diverged").find(
        ({ run, tags }) => run === "plain" && tags.weightInitStd === scale,
      );
      return [
        scale.toPrecision(3),
        ...kinds.map((run) => lastAt(record, run, scale)),
        diverged === undefined
          ? ""
          : { en: `${diverged.layer}, step ${diverged.step}`, ja: `${diverged.layer}、ステップ${diverged.step}` },
      ];
    }),
  };
}

/** At which scales the plain network is ahead: where both have come as far, and neither has diverged. */
function findings(record: Pick<RunRecord, "series" | "events">): Text[] {
  const scales = scalesOf(record);
  const ahead = scales.filter((scale) => {
    const both = kinds.flatMap((run) => curve(record, run, scale) ?? []);
    const [batchnorm, plain] = both.map(({ y }) => y.at(-1) ?? 0);
    return both.length === 2 && alike(record, both) && plain > batchnorm;
  });
  const list = ahead.map((scale) => Number(scale.toPrecision(3))).join(", ");
  return ahead.length === 0
    ? []
    : [
        {
          en: `Batch Normalization does not win everywhere: at ${ahead.length} of ${scales.length} scales (${list}) the plain network ends ahead.`,
          ja: `Batch Normalization がいつも勝つわけではありません。${scales.length} 通りのうち ${ahead.length} 通り(${list})では、使わないほうが最後の精度が高くなりました。`,
        },
      ];
}

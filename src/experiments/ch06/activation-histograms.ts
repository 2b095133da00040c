import { type HyperSet, integer, resolve } from "../../core/hyper.ts";
import { largestOf } from "../../core/long-lists.ts";
import { RandomStream } from "../../core/random.ts";
import type { Bins, Histogram, RunRecord, TaskEvent } from "../../core/record.ts";
import type { FloatArray } from "../../core/tensor.ts";
import type { Text } from "../../core/text.ts";
import type { FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { type ActivationName, activations } from "../../nn/activation.ts";
import { BatchTensor } from "../../nn/layer.ts";
import {
  defineExperiment,
  type ResultTable,
  type Settings,
  type Task,
  type TaskContext,
} from "../../runs/experiment.ts";

interface Setting {
  readonly activation: ActivationName;
  /** The standard deviation of the weights for so many inputs. */
  readonly std: (inputs: number) => number;
  readonly name: string;
}

/** In the notebook's order. */
const cases: readonly Setting[] = [
  { activation: "sigmoid", std: () => 1, name: "sigmoid, σ = 1" },
  { activation: "sigmoid", std: () => 0.01, name: "sigmoid, σ = 0.01" },
  { activation: "sigmoid", std: (n) => 1 / Math.sqrt(n), name: "sigmoid, σ = √(1/n)" },
  { activation: "tanh", std: (n) => 1 / Math.sqrt(n), name: "tanh, σ = √(1/n)" },
  { activation: "relu", std: () => 0.01, name: "ReLU, σ = 0.01" },
  { activation: "relu", std: (n) => 1 / Math.sqrt(n), name: "ReLU, σ = √(1/n)" },
  { activation: "relu", std: (n) => Math.sqrt(2 / n), name: "ReLU, σ = √(2/n)" },
];

const settings = {
  rows: integer({ default: 1000, min: 1, max: 100_000, about: { en: "rows of the input", ja: "入力データの数" } }),
  width: integer({ default: 100, min: 1, max: 4096, about: { en: "width of every layer", ja: "各層のニューロン数" } }),
  layers: integer({ default: 5, min: 1, max: 50, about: { en: "layers", ja: "層の数" } }),
  bins: integer({ default: 30, min: 1, max: 1000, about: { en: "bins between 0 and 1", ja: "0から1までの階級の数" } }),
} satisfies HyperSet;

interface HistogramTask extends Task {
  readonly index: number;
  readonly rows: number;
  readonly width: number;
  readonly layers: number;
  readonly bins: number;
  readonly seed: number;
}

/** 6.2.2: how the outputs of five layers are distributed, by activation function and scale of the weights. */
export const activationHistograms = defineExperiment({
  id: "activation-histograms",
  section: "6.2.2",
  title: { en: "Activations of the hidden layers", ja: "隠れ層のアクティベーション分布" },
  summary: {
    en: "Sends normal inputs through several layers and counts the outputs of each, for seven kinds of weights.",
    ja: "正規分布の入力を何層もの重みに通し、重みの与え方7通りについて各層の出力の分布を調べます。",
  },
  settings,
  presets: { book: {} },
  datasets: [],

  sketch(given: Settings): Task[] {
    const values = resolve(settings, given);
    return [{ run: cases[0].activation, tags: {}, bytes: bytesOf(values) }];
  },

  plan(given: Settings, seed: number): Task[] {
    const values = resolve(settings, given);
    return cases.map(
      ({ activation, std }, index): HistogramTask => ({
        run: activation,
        tags: { std: std(values.width) },
        index,
        seed,
        bytes: bytesOf(values),
        ...values,
      }),
    );
  },

  execute: (task, context) => count(task as HistogramTask, context),
  figures: (record) => [histogramFigure(record), wholeRangeFigure(record)],
  results: histogramTable,
});

/** Of inputs, products, outputs and weights, in float64. */
function bytesOf({ rows, width }: { rows: number; width: number }): number {
  return 8 * (3 * rows * width + width * width);
}

async function* count(
  task: HistogramTask,
  { kernels: set, signal }: TaskContext,
): AsyncGenerator<TaskEvent, void, void> {
  // Loaded where a task is run: a page only plans, and draws what comes.
  const { planned } = await import("../../kernels/planned.ts");
  const { index, rows, width, layers, bins, seed } = task;
  const { activation, std } = cases[index];
  const { kernels, x, product, output, w } = planned(set, (kernels) => {
    const [x, product, output] = [0, 1, 2].map(() => kernels.arena.floats(rows, width));
    return { kernels, x, product, output, w: kernels.arena.floats(width, width) };
  });
  const layer = new activations[activation](width);
  layer.attach({
    kernels,
    fusion: { activation: "none", applied: false },
    params: {},
    grads: {},
    buffers: {},
    batch: { y: new BatchTensor(output) },
    random: () => stream,
  });
  const stream = RandomStream.seeded(seed);
  stream.fillNormal(x.data, 1);
  let input = x;
  for (let number = 1; number <= layers && !signal.aborted; number++) {
    stream.fillNormal(w.data, std(width));
    kernels.matmul(product, input, w, null, "none");
    layer.forward(product);
    x.data.set(output.data);
    input = x;
    yield { kind: "histogram", histogram: histogramOf(x.data, { activation, std: std(width), layer: number, bins }) };
  }
  yield { kind: "progress", run: task.run, tags: task.tags, done: layers, total: layers, loss: null };
}

function histogramOf(
  values: FloatArray,
  { activation, std, layer, bins }: { activation: ActivationName; std: number; layer: number; bins: number },
): Histogram {
  let sum = 0;
  for (const value of values) {
    sum += value;
  }
  const mean = sum / values.length;
  let squares = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    squares += (value - mean) ** 2;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const { edges, counts } = binned(values, 0, 1, bins);
  const shown = counts.reduce((total, n) => total + n, 0);
  const whole = activation === "tanh" ? binned(values, -1, 1, 2 * bins) : binned(values, 0, Math.max(1, high), bins);
  return {
    activation,
    std,
    layer,
    edges,
    counts,
    mean,
    stdOfOutputs: Math.sqrt(squares / values.length),
    low,
    high,
    hiddenShare: 1 - shown / values.length,
    deadShare: activation === "relu" ? counts[0] / values.length : null,
    whole,
  };
}

/** As `numpy.histogram` with equal bins: each is [low, high), the last one closed. */
function binned(values: FloatArray, low: number, high: number, bins: number): Bins {
  const edges = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? high : low + i * ((high - low) / bins)));
  const counts = new Array<number>(bins).fill(0);
  const perUnit = bins / (high - low);
  for (const value of values) {
    if (!(value >= low && value <= high)) {
      continue;
    }
    let bin = Math.min(bins - 1, Math.floor((value - low) * perUnit));
    // Rounding may have put it beside its bin; the edges decide.
    if (value < edges[bin]) {
      bin--;
    } else if (bin < bins - 1 && value >= edges[bin + 1]) {
      bin++;
    }
    counts[bin]++;
  }
  return { edges, counts };
}

const palette: Readonly<Record<string, number>> = { sigmoid: 0, tanh: 1, relu: 2 };

/** What a histogram's row is called; a record that was shortened has its numbers to three digits. */
function titleOf({ activation, std, layer }: Histogram, width: number): Text {
  const found = cases.find(
    (entry) => entry.activation === activation && Math.abs(entry.std(width) - std) < 5e-3 * entry.std(width),
  );
  const name = found?.name ?? `${activation}, σ = ${Number(std.toPrecision(3))}`;
  return layer === 1 ? name : { en: `layer ${layer}`, ja: `${layer}層目` };
}

type Counted = Pick<RunRecord, "histograms" | "settings">;

/** Layers of every kind: a kind is a row of the figures. */
const layersOf = ({ histograms }: Counted) =>
  largestOf(
    histograms.map(({ layer }) => layer),
    1,
  );

/** Layers that have room beside one another. */
const fewLayers = 5;

/** Where the axis of counts ends: 7,000 for the book's 100,000 outputs in 30 bins, and as much of others. */
function mostCounted({ histograms }: Counted): number {
  // Of sigmoid all outputs are counted.
  const outputs = largestOf(
    histograms.map(({ counts }) => counts.reduce((sum, n) => sum + n, 0)),
    1,
  );
  const bins = histograms[0]?.counts.length ?? 30;
  return Number(((7000 * (outputs / 100_000) * 30) / bins).toPrecision(2));
}

const countsUpTo = (most: number): PlanePanel["y"] => ({ label: "", domain: [0, most], ticks: [0, most / 2, most] });

function histogramFigure(record: Counted): FigureSpec {
  const layers = layersOf(record);
  const few = layers <= fewLayers;
  const most = mostCounted(record);
  const width = Number(record.settings.width);
  return {
    id: "activations",
    title: activationHistograms.title,
    subtitle: {
      en: `how many outputs of each layer, ${few ? `1 to ${layers} from the left` : "one after the other"}, lie where between 0 and 1; the axis ends at ${most.toLocaleString("en-US")}`,
      ja: `${few ? `左から1〜${layers}層目` : "各層"}の出力の度数分布(0〜1の範囲)。縦軸は${most.toLocaleString("en-US")}までで切っています`,
    },
    columns: layers,
    keepRows: true,
    panels: record.histograms.map((histogram) => ({
      kind: "plane",
      title: titleOf(histogram, width),
      aspect: 0.75,
      x: { label: "", domain: [0, 1], ticks: [0, 0.5, 1] },
      y: countsUpTo(most),
      layers: [
        {
          kind: "bars",
          style: palette[histogram.activation] ?? 0,
          edges: histogram.edges,
          counts: histogram.counts.map((n) => Math.min(n, most)),
        },
      ],
    })),
  };
}

/** What [0, 1] leaves out: tanh's negative half, and ReLU's outputs above 1. */
function wholeRangeFigure(record: Counted): FigureSpec {
  const most = mostCounted(record);
  const width = Number(record.settings.width);
  const kindOf = ({ activation, std }: Histogram) => `${activation} ${std}`;
  const leaving = new Set(record.histograms.filter(({ hiddenShare }) => (hiddenShare ?? 0) > 0.001).map(kindOf));
  const partly = record.histograms.filter((histogram) => leaving.has(kindOf(histogram)));
  return {
    id: "whole-range",
    title: { en: "The same over the whole range", ja: "範囲全体での分布" },
    subtitle: {
      en: "the settings whose outputs leave [0, 1]: half of tanh's are negative",
      ja: "出力が0〜1に収まらないもの。tanh の出力の半分は負の値です",
    },
    columns: layersOf(record),
    keepRows: true,
    panels: partly.map((histogram) => {
      const { edges, counts } = histogram.whole ?? histogram;
      return {
        kind: "plane",
        title: titleOf(histogram, width),
        aspect: 0.75,
        x: { label: "" },
        y: countsUpTo(most),
        layers: [
          {
            kind: "bars",
            style: palette[histogram.activation] ?? 0,
            edges,
            counts: counts.map((n) => Math.min(n, most)),
          },
        ],
      };
    }),
  };
}

function histogramTable(record: Counted): ResultTable {
  const last = layersOf(record);
  return {
    columns: [
      { en: "weights", ja: "重み" },
      { en: "mean, layer 1", ja: "平均(1層目)" },
      { en: "std, layer 1", ja: "標準偏差(1層目)" },
      { en: `mean, layer ${last}`, ja: `平均(${last}層目)` },
      { en: `std, layer ${last}`, ja: `標準偏差(${last}層目)` },
      { en: "outside [0, 1]", ja: "0〜1の外の割合" },
    ],
    rows: record.histograms
      .filter(({ layer }) => layer === 1)
      .map(({ activation, std, mean, stdOfOutputs }) => {
        const end = record.histograms.find((h) => h.activation === activation && h.std === std && h.layer === last);
        return [
          `${activation}, σ=${Number(std.toPrecision(3))}`,
          mean,
          stdOfOutputs,
          end?.mean ?? null,
          end?.stdOfOutputs ?? null,
          end?.hiddenShare ?? null,
        ];
      }),
  };
}

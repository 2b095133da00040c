/** The chapter's figures as the notebook draws them: the original's panels, names and markers. */
import type { Histogram, RunRecord, Series } from "../src/core/record.ts";
import type { Text } from "../src/core/text.ts";
import type { Curve, FigureSpec, Grid, PlanePanel } from "../src/figure/figure-spec.ts";

/** A point of a path. */
export type Point = Readonly<Record<string, number>>;

/** f over [−10, 10]², on `cells` × `cells` points. */
export function gridOf(f: (point: Point) => number, cells: number): Grid {
  const x = Array.from({ length: cells }, (_, i) => -10 + (20 * i) / (cells - 1));
  return { x, y: x, z: x.flatMap((y) => x.map((at) => f({ x: at, y }))) };
}

const every2 = (last: number) => Array.from({ length: last / 2 + 1 }, (_, i) => 2 * i);

/** The function as a wireframe, beside contour lines every 2 from 0 to 100. */
export function surfaceFigure(f: (point: Point) => number): FigureSpec {
  const axes = { x: { label: "x" }, y: { label: "y" } };
  return {
    id: "surface",
    title: "f(x, y) = x²/20 + y²",
    columns: 2,
    panels: [
      {
        kind: "surface",
        ...axes,
        z: { label: "f(x, y)" },
        grid: gridOf(f, 25),
        azimuth: -60,
        elevation: 30,
      },
      {
        kind: "plane",
        x: { label: "x", domain: [-10, 10] },
        y: { label: "y", domain: [-10, 10] },
        aspect: 0.8,
        layers: [{ kind: "contour", grid: gridOf(f, 61), levels: every2(100) }],
      },
    ],
  };
}

/** Paths of one update rule, a panel a path, over contour lines every 2 from 0 to 20. */
export function pathFigure(
  f: (point: Point) => number,
  { name, style, paths }: { name: string; style: number; paths: readonly { title: Text; points: readonly Point[] }[] },
): FigureSpec {
  return {
    id: "paths",
    title: name,
    columns: 2,
    panels: paths.map(({ title, points }) => ({
      kind: "plane",
      title,
      x: { label: "x", domain: [-10, 10] },
      y: { label: "y", domain: [-10, 10] },
      aspect: 0.8,
      layers: [
        { kind: "contour", grid: gridOf(f, 61), levels: every2(20) },
        { kind: "label", x: 0, y: 0, text: "+" },
        { kind: "path", name, style, x: points.map(({ x }) => x), y: points.map(({ y }) => y) },
      ],
    })),
  };
}

/** A figure a setting, its five layers in a row, each bar at its whole height. */
export function histogramFigures(histograms: readonly Histogram[]): FigureSpec[] {
  const settings = Map.groupBy(histograms, ({ activation, std }) => `${activation}, σ = ${Number(std.toPrecision(3))}`);
  return [...settings].map(([title, layers]) => {
    // One height for all five, so that they can be compared.
    const top = layers.reduce((most, { counts }) => counts.reduce((a, b) => Math.max(a, b), most), 1);
    return {
      id: "activations",
      title,
      columns: 5,
      panels: layers.map(
        ({ layer, edges, counts }): PlanePanel => ({
          kind: "plane",
          title: `${layer}-layer`,
          aspect: 0.9,
          x: { label: "", domain: [0, 1], ticks: [0, 0.5, 1] },
          y: { label: "", domain: [0, top] },
          layers: [{ kind: "bars", style: 0, edges, counts }],
        }),
      ),
    };
  });
}

/** Training accuracy over the epochs with and without Batch Normalization, a panel a scale. */
export function scaleFigure({ series }: Pick<RunRecord, "series">): FigureSpec {
  const scales = [...Map.groupBy(series, ({ tags }) => Number(tags.weightInitStd))];
  return {
    id: "scales",
    title: {
      en: "Training accuracy for 16 scales of the initial weights",
      ja: "初期値のスケール16通りと訓練データの認識精度",
    },
    columns: 4,
    panels: scales.map(([scale, runs], i) => ({
      kind: "plane",
      title: `W:${Number(scale.toPrecision(5))}`,
      aspect: 0.8,
      x: { label: i < scales.length - 4 ? "" : "epochs" },
      y: { label: i % 4 === 0 ? "accuracy" : "", domain: [0, 1], ticks: [0, 0.5, 1] },
      layers: [
        {
          ...overEpochs(runs.find(({ run }) => run === "batchnorm")),
          name: "Batch Normalization",
          style: 0,
          markEvery: 2,
        },
        {
          ...overEpochs(runs.find(({ run }) => run === "plain")),
          name: "Normal (without BatchNorm)",
          style: 1,
          dash: "dashed",
          markEvery: 2,
        },
      ],
    })),
  };
}

/** Training and test accuracy over the epochs, a panel a run; markers o and s every 10 epochs. */
export function accuracyFigure(title: Text, { series }: Pick<RunRecord, "series">): FigureSpec {
  return {
    id: "accuracy",
    title,
    columns: 2,
    panels: [...Map.groupBy(series, ({ run }) => run)].map(([run, measured]) => ({
      kind: "plane",
      title: run,
      aspect: 0.75,
      x: { label: "epochs" },
      y: { label: "accuracy", domain: [0, 1] },
      layers: [
        {
          ...overEpochs(measured.find(({ metric }) => metric === "trainAccuracy")),
          name: "train",
          style: 0,
          markEvery: 10,
        },
        {
          ...overEpochs(measured.find(({ metric }) => metric === "testAccuracy")),
          name: "test",
          style: 2,
          dash: "solid",
          markEvery: 10,
        },
      ],
    })),
  };
}

export interface SearchedTrial {
  readonly run: string;
  readonly lr: number;
  readonly weightDecay: number;
  readonly train: Series;
  readonly validation: Series;
}

/** The trials of a search by their last validation accuracy, the best first. */
export function bestTrials({ series }: Pick<RunRecord, "series">): SearchedTrial[] {
  return [...Map.groupBy(series, ({ run }) => run)]
    .map(([run, measured]) => ({
      run,
      lr: Number(measured[0].tags.lr),
      weightDecay: Number(measured[0].tags.weightDecay),
      train: measured.find(({ metric }) => metric === "trainAccuracy")!,
      validation: measured.find(({ metric }) => metric === "valAccuracy")!,
    }))
    .sort((a, b) => (b.validation.y.at(-1) ?? 0) - (a.validation.y.at(-1) ?? 0));
}

/** The best trials in rows of five: validation accuracy, and training accuracy dashed. */
export function trialFigure(title: Text, trials: readonly SearchedTrial[]): FigureSpec {
  return {
    id: "best",
    title,
    columns: 5,
    panels: trials.map(({ train, validation }, i) => ({
      kind: "plane",
      title: `Best-${i + 1}`,
      aspect: 0.8,
      x: { label: "" },
      y: { label: "", domain: [0, 1], ticks: [0, 0.5, 1] },
      layers: [
        { ...overEpochs(validation), name: "validation", style: 0, dash: "solid" },
        { ...overEpochs(train), name: "train", style: 1, dash: "dashed" },
      ],
    })),
  };
}

/** A series as a curve whose x counts the points: each is an epoch. */
function overEpochs(series: Series | undefined): Pick<Curve, "kind" | "role" | "x" | "y"> {
  const y = series?.y ?? [];
  return { kind: "curve", role: "line", x: y.map((_, epoch) => epoch), y };
}

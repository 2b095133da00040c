import { largestOf, meanOf, smallestOf } from "../core/long-lists.ts";
import { percentile } from "../core/percentile.ts";
import type { RunRecord } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import type { FigureSpec, Layer, PlanePanel } from "../figure/figure-spec.ts";
import { metricName } from "../figure/metric-name.ts";
import { smoothCurve } from "../figure/smooth.ts";
import type { ResultTable } from "../runs/experiment.ts";
import { drawn, runName } from "./series.ts";

/** One quantity over several seeds: at each x the median and the 10th and 90th percentile. */
export interface SeedBand {
  readonly name: string;
  readonly metric: string;
  readonly x: readonly number[];
  readonly median: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** The last value of each seed, null where it is not a number. */
  readonly last: readonly (number | null)[];
}

/**
 * Joins the series that every record has (same run, tags and metric, same x). Losses are smoothed first, as in the
 * experiments' own figures.
 */
export function seedBands(records: readonly RunRecord[]): SeedBand[] {
  const groups = Map.groupBy(
    records.flatMap(({ series }) => series),
    ({ run, tags, metric }) => JSON.stringify([run, tags, metric]),
  );
  return [...groups.values()]
    .filter((group) => group.length === records.length && group.every(({ x }) => x.length === group[0].x.length))
    .map((group) => {
      const [{ metric, x }] = group;
      const values = group.map(({ y }) => (metric === "loss" ? smoothCurve(y) : y));
      const at = (percent: number) =>
        x.map((_, i) =>
          percentileOf(
            values.map((y) => y[i]),
            percent,
          ),
        );
      return {
        name: runName(group[0]),
        metric,
        x,
        median: at(50),
        low: at(10),
        high: at(90),
        last: values.map((y) => y.at(-1) ?? null),
      };
    });
}

/** Null when one of the values is not a number. */
function percentileOf(values: readonly (number | null)[], percent: number): number | null {
  const numbers = values.filter((value) => value !== null);
  return numbers.length < values.length || numbers.length === 0 ? null : percentile(numbers, percent);
}

/** A panel a metric: each run's median, with the band from the 10th to the 90th percentile. */
export function seedFigure(title: Text, records: readonly RunRecord[]): FigureSpec {
  const bands = seedBands(records);
  const metrics = [...new Set(bands.map(({ metric }) => metric))];
  const seeds = records.map(({ seed }) => seed);
  const range = `${smallestOf(seeds)}–${largestOf(seeds)}`;
  return {
    id: "seeds",
    title,
    subtitle: {
      en: `median of ${seeds.length} seeds (${range}); the band holds four fifths of them`,
      ja: `${seeds.length} 個のシード(${range})の中央値。帯には5分の4が入ります`,
    },
    columns: metrics.length > 1 ? 2 : 1,
    panels: metrics.map((metric): PlanePanel => {
      const shown = bands.filter((band) => band.metric === metric).slice(0, 8);
      return {
        kind: "plane",
        title: metrics.length > 1 ? metricName(metric) : undefined,
        x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
        y: { label: metricName(metric), domain: domainOf(metric, shown) },
        layers: [
          ...shown.map(({ x, low, high }, style): Layer => ({ kind: "band", style, x, low, high })),
          ...shown.map(
            ({ name, x, median }, style): Layer => ({
              kind: "curve",
              name,
              style,
              role: "line",
              x,
              y: drawn(median),
              markEvery: Math.max(1, Math.round(x.length / 20)),
            }),
          ),
        ],
      };
    }),
  };
}

function domainOf(metric: string, bands: readonly SeedBand[]): readonly [number, number] | undefined {
  if (metric.endsWith("Accuracy")) {
    return [0, 1];
  }
  // A first loss far above the rest would flatten all that matters.
  return metric === "loss"
    ? [
        0,
        largestOf(
          bands.map(({ median }) => median.at(-1) ?? 0),
          1,
        ),
      ]
    : undefined;
}

/** The last values: mean ± standard deviation over the seeds, smallest and largest. */
export function seedTable(records: readonly RunRecord[]): ResultTable {
  return {
    columns: [
      { en: "run", ja: "実行" },
      { en: "last value of", ja: "最後の値" },
      { en: "mean ± sd", ja: "平均 ± 標準偏差" },
      { en: "smallest", ja: "最小" },
      { en: "largest", ja: "最大" },
      { en: "not finite", ja: "発散" },
    ],
    rows: seedBands(records).map(({ name, metric, last }) => {
      const known = last.filter((value) => value !== null);
      const empty = known.length === 0;
      return [
        name,
        metricName(metric),
        spreadText(known),
        empty ? null : smallestOf(known),
        empty ? null : largestOf(known),
        last.length - known.length,
      ];
    }),
  };
}

/** `0.9533 ± 0.034`: mean and standard deviation of a sample (of n − 1); of one value itself, null of none. */
export function spreadText(values: readonly number[]): string | null {
  if (values.length === 0) {
    return null;
  }
  const mean = meanOf(values);
  if (values.length === 1) {
    return mean.toPrecision(4);
  }
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
  return `${mean.toPrecision(4)} ± ${sd.toPrecision(2)}`;
}

import { largestOf } from "../../../core/long-lists.ts";
import type { Snapshot, ValueHistogram } from "../../../core/snapshot.ts";
import type { Text } from "../../../core/text.ts";
import type { ColorScale, FigureSpec, Layer, PlanePanel } from "../../../figure/figure-spec.ts";
import { iterationsLabel, layerName, positionRule } from "./layer-figures.ts";

/** Which values of a layer are counted. */
export type HistogramKind = "activations" | "gradients";

/** Columns and rows of a field over time. */
const mostColumns = 80;
const fieldRows = 36;

const words: Readonly<Record<HistogramKind, { readonly overTime: Text; readonly now: Text; readonly value: Text }>> = {
  activations: {
    overTime: { en: "Outputs of each layer over time", ja: "各層の出力の分布の推移" },
    now: { en: "Outputs of each layer", ja: "各層の出力の分布" },
    value: { en: "output", ja: "出力" },
  },
  gradients: {
    overTime: { en: "Gradients of each layer's weights over time", ja: "各層の重みの勾配の分布の推移" },
    now: { en: "Gradients of each layer's weights", ja: "各層の重みの勾配の分布" },
    value: "log₁₀|∂L/∂W|",
  },
};

const colors: ColorScale = {
  label: { en: "count, relative to the most frequent value", ja: "度数(最頻値に対する比)" },
  domain: [0, 1],
};

/** How the values of each layer were distributed at each iteration: a field of colours a layer. */
export function histogramsOverTime(
  snapshots: readonly Snapshot[],
  kind: HistogramKind,
  position: number | null,
): FigureSpec {
  const columns = columnsOf(snapshots);
  const layers = snapshots.at(-1)?.layers ?? [];
  return {
    id: `microscope-${kind}`,
    title: words[kind].overTime,
    columns: 3,
    panels: layers.flatMap((layer, i): PlanePanel[] => {
      const histograms = columns.snapshots.map((snapshot) => snapshot.layers[i]?.[kind] ?? null);
      const range = rangeOf(histograms);
      if (range === null) {
        return [];
      }
      const [low, high] = range;
      const step = (high - low) / fieldRows;
      const z: (number | null)[] = new Array(fieldRows * columns.x.length).fill(null);
      histograms.forEach((histogram, column) => {
        const counts = histogram === null ? null : rebin(histogram, low, high, fieldRows);
        const most = counts === null ? 0 : largestOf(counts);
        for (let row = 0; row < fieldRows && most > 0; row++) {
          z[row * columns.x.length + column] = counts![row] === 0 ? null : counts![row] / most;
        }
      });
      return [
        {
          kind: "plane",
          title: layerName(layer, i),
          aspect: 0.7,
          x: { label: iterationsLabel, domain: columns.domain },
          y: { label: words[kind].value, domain: [low, high] },
          layers: [
            {
              kind: "heat",
              grid: { x: columns.x, y: Array.from({ length: fieldRows }, (_, row) => low + (row + 0.5) * step), z },
              colors,
            },
            ...positionRule(position),
          ],
        },
      ];
    }),
  };
}

/** How the values of each layer are distributed at one iteration: a histogram a layer. */
export function histogramsAt(snapshot: Snapshot, kind: HistogramKind): FigureSpec {
  const { step } = snapshot;
  return {
    id: `microscope-${kind}-now`,
    title: words[kind].now,
    subtitle: {
      en: `counts at iteration ${step}; values that are exactly 0 are not drawn`,
      ja: `更新回数 ${step} の時点の個数。ちょうど0の値は描いていません`,
    },
    columns: 3,
    panels: snapshot.layers.flatMap((layer, i): PlanePanel[] => {
      const histogram = layer[kind];
      if (histogram === null) {
        return [];
      }
      const { low, high, counts } = histogram;
      const step = (high - low) / counts.length;
      const bars: Layer = {
        kind: "bars",
        style: i,
        edges: Array.from({ length: counts.length + 1 }, (_, bin) => low + bin * step),
        counts: [...counts],
      };
      return [
        {
          kind: "plane",
          title: layerName(layer, i),
          aspect: 0.55,
          x: { label: words[kind].value, domain: [low, high] },
          y: { label: "" },
          layers: [bars],
        },
      ];
    }),
  };
}

/** At most {@link mostColumns} moments, evenly spaced, each with the last snapshot before it. */
function columnsOf(snapshots: readonly Snapshot[]): {
  x: number[];
  snapshots: Snapshot[];
  domain: readonly [number, number];
} {
  const [first, last] = [snapshots[0]?.step ?? 0, snapshots.at(-1)?.step ?? 0];
  const count = Math.max(1, Math.min(mostColumns, snapshots.length));
  const x = Array.from({ length: count }, (_, i) => (count === 1 ? first : first + ((last - first) * i) / (count - 1)));
  let at = 0;
  const chosen = x.map((step) => {
    while (at + 1 < snapshots.length && snapshots[at + 1].step <= step + 0.5) {
      at++;
    }
    return snapshots[at];
  });
  return {
    x,
    snapshots: snapshots.length === 0 ? [] : chosen,
    domain: last > first ? [first, last] : [first, first + 1],
  };
}

/** The range that holds everything counted, cut to bins that are not empty; null when nothing was counted. */
function rangeOf(histograms: readonly (ValueHistogram | null)[]): readonly [number, number] | null {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const histogram of histograms) {
    if (histogram !== null) {
      const step = (histogram.high - histogram.low) / histogram.counts.length;
      histogram.counts.forEach((count, bin) => {
        if (count > 0) {
          low = Math.min(low, histogram.low + bin * step);
          high = Math.max(high, histogram.low + (bin + 1) * step);
        }
      });
    }
  }
  return low < high ? [low, high] : null;
}

/** The counts in other bins: each old bin's are spread evenly over what it covers. */
export function rebin(histogram: ValueHistogram, low: number, high: number, bins: number): Float64Array {
  const counts = new Float64Array(bins);
  const step = (histogram.high - histogram.low) / histogram.counts.length;
  const width = (high - low) / bins;
  histogram.counts.forEach((count, bin) => {
    if (count === 0) {
      return;
    }
    const from = (histogram.low + bin * step - low) / width;
    const to = (histogram.low + (bin + 1) * step - low) / width;
    for (let k = Math.max(0, Math.floor(from)); k < Math.min(bins, Math.ceil(to)); k++) {
      counts[k] += (count * (Math.min(to, k + 1) - Math.max(from, k))) / (to - from);
    }
  });
  return counts;
}

/** What a histogram says in numbers. */
export interface HistogramSummary {
  /** Shares of all values. */
  readonly zeros: number;
  readonly notFinite: number;
  /** Of the values that are neither; null when there are none. */
  readonly low: number | null;
  readonly median: number | null;
  readonly high: number | null;
}

/** Shares of zeros and not finite values, and the 5th, 50th and 95th percentile of the rest, to a bin's accuracy. */
export function summarize(histogram: ValueHistogram): HistogramSummary {
  const { counts, zeros, notFinite, total } = histogram;
  const inside = total - zeros - notFinite;
  const step = (histogram.high - histogram.low) / counts.length;
  const quantile = (share: number): number | null => {
    let below = 0;
    for (let bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0 && below + counts[bin] >= share * inside) {
        return histogram.low + step * (bin + (share * inside - below) / counts[bin]);
      }
      below += counts[bin];
    }
    return null;
  };
  return {
    zeros: total === 0 ? 0 : zeros / total,
    notFinite: total === 0 ? 0 : notFinite / total,
    low: quantile(0.05),
    median: quantile(0.5),
    high: quantile(0.95),
  };
}

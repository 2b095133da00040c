import { largestOf, smallestOf } from "../core/long-lists.ts";
import type { RunRecord } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import type { FigureSpec, Layer, StyleIndex } from "../figure/figure-spec.ts";
import { smoothCurve } from "../figure/smooth.ts";
import type { ResultTable } from "../runs/experiment.ts";
import { brokenAt } from "./divergence.ts";
import { horizonOf, withHorizonWords } from "./horizon.ts";
import { drawn, meanOfEnd } from "./series.ts";

/** The loss of each run over the iterations: as measured, faint; smoothed, bold, with a marker every 100. */
export function lossFigure(
  record: Pick<RunRecord, "series" | "events">,
  { id, title, top, styles }: { id: string; title: Text; top: number; styles?: readonly StyleIndex[] },
): FigureSpec {
  const losses = record.series.filter(({ metric }) => metric === "loss");
  const smooth = losses.map(({ y }) => smoothCurve(drawn(y)));
  const curve = (role: "raw" | "smooth") =>
    losses.map(
      ({ run, tags, metric, x, y }, i): Layer => ({
        kind: "curve",
        name: run,
        horizon: horizonOf(record, { run, tags, metric }),
        broken: brokenAt(record, { run, tags }),
        style: styles?.[i % styles.length] ?? i,
        role,
        x,
        y: role === "raw" ? drawn(y) : smooth[i],
        markEvery: role === "smooth" ? 100 : undefined,
      }),
    );
  return {
    id,
    title,
    subtitle: withHorizonWords(record, {
      en: "loss of each minibatch after its update: as measured (faint) and smoothed (bold)",
      ja: "更新直後のミニバッチの損失。薄い線が実測値、濃い線が平滑化した値",
    }),
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: { label: { en: "iterations", ja: "更新回数" }, whole: true },
        y: { label: { en: "loss", ja: "損失" }, domain: [0, topFor(smooth, top)] },
        layers: [...curve("raw"), ...curve("smooth")],
      },
    ],
  };
}

/** Where the axis may end, from the book's figures on; cross entropy has no value above the last, −ln 1e-7. */
const tops = [0.5, 1, 2.5, 5, 10, 17];

/** The end that was asked for, or the next that lets something be seen of every curve: one wholly above it was not drawn at all. */
function topFor(curves: readonly (readonly (number | null)[])[], asked: number): number {
  const leasts = curves.map((y) => smallestOf(y.filter((value) => value !== null)));
  const seen = largestOf(leasts.filter(Number.isFinite), 0);
  return tops.find((top) => top >= asked && top > seen) ?? Math.max(asked, tops[tops.length - 1]);
}

/** The loss at a few moments, and its mean at the end. */
export function lossTable(record: Pick<RunRecord, "series">, runColumn: Text): ResultTable {
  const losses = record.series.filter(({ metric }) => metric === "loss");
  return {
    columns: [
      runColumn,
      { en: "first loss", ja: "最初の損失" },
      lastMeanLabel(record),
      { en: "first below 0.5 at iteration", ja: "初めて0.5を下回った更新" },
    ],
    rows: losses.map(({ run, x, y }) => {
      const below = smoothCurve(y).findIndex((value) => value !== null && value < 0.5);
      return [run, y[0] ?? null, meanOfEnd(y), below < 0 ? null : x[below]];
    }),
  };
}

/** What {@link meanOfEnd} of the losses is the mean of: fewer where there are no 100. */
export function lastMeanLabel({ series }: Pick<RunRecord, "series">): Text {
  const recorded = series.filter(({ metric }) => metric === "loss").map(({ y }) => y.length);
  const count = Math.min(100, largestOf(recorded, 1));
  return { en: `mean loss of the last ${count}`, ja: `最後の${count}回の平均損失` };
}

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
        y: role === "raw" ? drawn(y) : smoothCurve(drawn(y)),
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
        x: { label: { en: "iterations", ja: "更新回数" } },
        y: { label: { en: "loss", ja: "損失" }, domain: [0, top] },
        layers: [...curve("raw"), ...curve("smooth")],
      },
    ],
  };
}

/** The loss at a few moments, and its mean at the end. */
export function lossTable(record: Pick<RunRecord, "series">, runColumn: Text): ResultTable {
  const losses = record.series.filter(({ metric }) => metric === "loss");
  return {
    columns: [
      runColumn,
      { en: "first loss", ja: "最初の損失" },
      { en: "mean of the last 100", ja: "最後の100回の平均" },
      { en: "iterations until below 0.5", ja: "0.5を下回るまでの回数" },
    ],
    rows: losses.map(({ run, x, y }) => {
      const below = smoothCurve(y).findIndex((value) => value !== null && value < 0.5);
      return [run, y[0] ?? null, meanOfEnd(y), below < 0 ? null : x[below]];
    }),
  };
}

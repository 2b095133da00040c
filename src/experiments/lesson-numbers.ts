import { notesOf } from "../core/note.ts";
import type { RunRecord } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import { smoothCurve } from "../figure/smooth.ts";
import { lastOf, meanOfEnd, runsOf, seriesOf } from "./series.ts";

/** The numbers of a record as a sentence takes them; "–" where there is none. */
export interface LessonNumbers {
  readonly runs: readonly string[];
  /** Mean of a run's last losses. */
  loss(run: string): string;
  /** How many losses that mean is of: 100, or all where there are fewer. */
  readonly averaged: number;
  firstLoss(run: string): string;
  /** The iteration at which the smoothed loss first falls below a bound. */
  below(run: string, bound: number): string;
  /** Who comes below a bound, in that order and at which iteration, and who does not. */
  order(runs: readonly string[], bound: number): Exclude<Text, string>;
  /** The last value of an accuracy, in percent. */
  accuracy(run: string, metric: string): string;
  /** Training minus test accuracy at the end, in points. */
  gap(run: string): string;
  /** The value of a metric at the point nearest to an x. */
  at(run: string, metric: string, x: number): string;
}

/** Three significant digits, or a dash. */
export function shortNumber(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? "–" : String(Number(value.toPrecision(3))).replace("-", "−");
}

/** A share in percent, to a tenth. */
export function percent(value: number | null | undefined): string {
  return value == null || !Number.isFinite(value) ? "–" : `${(100 * value).toFixed(1)}%`;
}

/** The runs of a record by the mean of their last 100 losses, the lowest first; those without a number last. */
export function byLoss(record: Pick<RunRecord, "series">): string[] {
  const losses = record.series.filter(({ metric }) => metric === "loss");
  const end = new Map(losses.map(({ run, y }) => [run, meanOfEnd(y) ?? Number.POSITIVE_INFINITY]));
  return [...end].sort((a, b) => a[1] - b[1]).map(([run]) => run);
}

/** The value of a metric at the point nearest to an x; null where there is none. */
export function valueAt(record: Pick<RunRecord, "series">, run: string, metric: string, x: number): number | null {
  const series = seriesOf(record, run, metric);
  if (series === undefined || series.x.length === 0) {
    return null;
  }
  const y = metric === "loss" ? smoothCurve(series.y) : series.y;
  let best = 0;
  series.x.forEach((at, i) => {
    best = Math.abs(at - x) < Math.abs(series.x[best] - x) ? i : best;
  });
  return y[best];
}

/** An iteration at a share of a run's length, as a round number. */
export function laterStep(record: Pick<RunRecord, "series">, run: string, share: number): number {
  const last = seriesOf(record, run, "trainAccuracy")?.x.at(-1) ?? 0;
  const unit = Math.max(1, 10 ** Math.floor(Math.log10(Math.max(1, last * share))));
  return Math.round((last * share) / unit) * unit;
}

/** Which runs diverged and at which step, in a sentence; empty where none did. */
export function divergedOf(record: Pick<RunRecord, "events">): Exclude<Text, string> {
  const lost = notesOf(record, "diverged");
  const names = (said: (run: string, step: number) => string, between: string) =>
    lost.map(({ run, step }) => said(run, step)).join(between);
  return lost.length === 0
    ? { en: "", ja: "" }
    : {
        en: `${names((run, step) => `${run} diverged at step ${step}`, "; ")}.`,
        ja: `${names((run, step) => `${run} はステップ${step}`, "、")}で発散しました。`,
      };
}

/** The iteration at which a run's smoothed loss first falls below a bound; null where it never does. */
function firstBelow(record: Pick<RunRecord, "series">, run: string, bound: number): number | null {
  const series = seriesOf(record, run, "loss");
  const found = smoothCurve(series?.y ?? []).findIndex((value) => value !== null && value < bound);
  return series === undefined || found < 0 ? null : series.x[found];
}

export function lessonNumbers(record: Pick<RunRecord, "series">): LessonNumbers {
  return {
    runs: runsOf(record),
    loss: (run) => shortNumber(meanOfEnd(seriesOf(record, run, "loss")?.y ?? [])),
    averaged: Math.min(
      100,
      Math.max(0, ...record.series.filter(({ metric }) => metric === "loss").map(({ y }) => y.length)),
    ),
    firstLoss: (run) => shortNumber(seriesOf(record, run, "loss")?.y[0]),
    below: (run, bound) => String(firstBelow(record, run, bound) ?? "–"),
    order(runs, bound) {
      const at = runs.flatMap((run) => {
        const iteration = firstBelow(record, run, bound);
        return iteration === null ? [] : [{ run, iteration }];
      });
      at.sort((a, b) => a.iteration - b.iteration);
      const never = runs.filter(
        (run) => seriesOf(record, run, "loss") !== undefined && !at.some((one) => one.run === run),
      );
      const told = bound.toFixed(1);
      const [en, ja] = [
        at.map(({ run, iteration }) => `${run} at iteration ${iteration}`).join(", "),
        at.map(({ run, iteration }) => `${run} が ${iteration} 回目`).join("、"),
      ];
      return {
        en: [
          ...(at.length > 0 ? [`Below ${told} come ${en}.`] : []),
          ...(never.length > 0 ? [`Not below ${told}: ${never.join(", ")}.`] : []),
        ].join(" "),
        ja: [
          ...(at.length > 0 ? [`損失が ${told} を下回るのは ${ja}です。`] : []),
          ...(never.length > 0 ? [`${never.join("、")} は下回りません。`] : []),
        ].join(""),
      };
    },
    accuracy: (run, metric) => percent(lastOf(record, run, metric)),
    gap(run) {
      const [train, test] = [lastOf(record, run, "trainAccuracy"), lastOf(record, run, "testAccuracy")];
      return train === null || test === null ? "–" : (100 * (train - test)).toFixed(1);
    },
    at: (run, metric, x) => shortNumber(valueAt(record, run, metric, x)),
  };
}

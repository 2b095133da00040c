import type { RunRecord } from "../../../core/record.ts";
import type { Distribution, TrialRecord } from "../../../core/trial.ts";

/** The two hyper-parameters of the chapter's search, and the settings that bound them as powers of ten. */
export const searched = [
  { name: "lr", low: "lrLow", high: "lrHigh" },
  { name: "weightDecay", low: "weightDecayLow", high: "weightDecayHigh" },
] as const;

/** Powers of ten: [low, high] of each axis. */
export interface SearchRange {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** A record of `hyperparameter-search` as the trials of a study, so that every view of studies can draw it. */
export function trialsOf(record: RunRecord): TrialRecord[] {
  const space = Object.fromEntries(
    searched.map(({ name, low, high }): [string, Distribution] => [
      name,
      {
        kind: "real",
        low: 10 ** Number(record.settings[low] ?? -8),
        high: 10 ** Number(record.settings[high] ?? 0),
        scale: "log",
      },
    ]),
  );
  return record.series
    .filter(({ metric }) => metric === "valAccuracy")
    .map(({ run, tags, x, y }): TrialRecord => {
      const value = y.at(-1) ?? null;
      return {
        number: Number(/\d+$/.exec(run)?.[0] ?? 0),
        state: value === null ? "failed" : "complete",
        value,
        params: { lr: Number(tags.lr), weightDecay: Number(tags.weightDecay) },
        distributions: space,
        intermediate: x.map((step, i) => ({ step, value: y[i] })),
        attributes: {},
        attempt: 1,
        startedAt: null,
        finishedAt: null,
      };
    });
}

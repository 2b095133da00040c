import { expect, test } from "vitest";
import type { TrialRecord } from "../core/trial.ts";
import { judgeByPercentile } from "./percentile-judge.ts";

const trial = (number: number, value: number, state: TrialRecord["state"]): TrialRecord => ({
  ...{ number, state, value, params: {}, distributions: {}, intermediate: [{ step: 0, value }], attributes: {} },
  ...{ attempt: 1, startedAt: null, finishedAt: null },
});
const settings = { percentile: 50, startupTrials: 0, minTrials: 1, warmupSteps: 0, intervalSteps: 1 };

test.each(["minimize", "maximize"] as const)(
  "to %s, what is at the bar goes on and what is past it stops",
  (direction) => {
    const worse = direction === "minimize" ? 1 : -1;
    const others = [1, 2, 3].map((value, number) => trial(number, value, "complete"));
    const judged = (value: number) =>
      judgeByPercentile({ direction, study: "s", trial: trial(3, value, "running"), others }, settings).prune;
    expect([judged(2 - worse / 2), judged(2), judged(2 + worse / 2)]).toEqual([false, false, true]);
  },
);

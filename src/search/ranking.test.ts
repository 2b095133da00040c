import fc from "fast-check";
import { expect, test } from "vitest";
import type { TrialRecord } from "../core/trial.ts";
import { compareTrials, isCompleted, rankTrials } from "./ranking.ts";

const value = fc.oneof(fc.constantFrom(0, -0, 1, 1, Number.NaN, Infinity, -Infinity), fc.double());
const trial = fc.record({
  state: fc.constantFrom("complete" as const, "complete" as const, "pruned" as const, "failed" as const),
  value: fc.option(value, { freq: 10 }),
  constraints: fc.constantFrom(undefined, [-1], [0], [1], [1, -2], [Number.NaN], [2, 1]),
});

test("trials are ranked as they compare, in whatever order and however equal they come", () => {
  const study = fc.array(trial, { maxLength: 30 }).chain((trials) =>
    fc.shuffledSubarray(
      trials.map(
        (one, number): TrialRecord => ({
          ...one,
          ...{ number, params: {}, distributions: {}, intermediate: [], attributes: {}, attempt: 1 },
          ...{ startedAt: null, finishedAt: null },
        }),
      ),
    ),
  );
  fc.assert(
    fc.property(study, fc.constantFrom("minimize" as const, "maximize" as const), (trials, direction) => {
      const compared = trials.filter(isCompleted).sort((a, b) => compareTrials(a, b, direction));
      expect(rankTrials(trials, direction).map(({ number }) => number)).toEqual(compared.map(({ number }) => number));
    }),
  );
});

import fc from "fast-check";
import { expect, test } from "vitest";
import type { TrialRecord } from "../core/trial.ts";
import { bestTrial, compareTrials, isCompleted, rankTrials } from "./ranking.ts";
import { trialStream } from "./streams.ts";

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

test("another word than minimize or maximize ranks nothing: it was taken for maximize", () => {
  const british = "minimise" as "minimize";
  const says = 'study: direction must be a known name, got "minimise". Did you mean minimize?';
  expect(() => rankTrials([], british)).toThrow(says);
  expect(() => bestTrial([], british)).toThrow(says);
  expect(() => compareTrials({ number: 0, value: 1 }, { number: 1, value: 2 }, british)).toThrow(says);
});

test("a purpose that a trial's randomness does not have is refused", () => {
  expect(() => trialStream(0, 0, "objektive" as "objective")).toThrow("Did you mean objective?");
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Direction, TrialRecord } from "../../src/core/trial.ts";
import { type Pruner, pruners } from "../../src/search/index.ts";
import { longestTrial } from "../../src/search/rungs.ts";

/** A trial with one report a step; null is a report that was no number. */
function trialOf(
  number: number,
  values: readonly (number | null)[],
  state: TrialRecord["state"] = "complete",
  attributes: TrialRecord["attributes"] = {},
): TrialRecord {
  return {
    number,
    state,
    value: state === "complete" ? (values.at(-1) ?? 0) : null,
    params: {},
    distributions: {},
    intermediate: values.map((value, step) => ({ step, value })),
    attributes,
    attempt: 1,
    startedAt: null,
    finishedAt: null,
  };
}

/** Runs trials along their curves, one after the other, and tells where each was stopped. */
function stops(pruner: Pruner, curves: readonly (readonly (number | null)[])[], direction: Direction): number[] {
  const others: TrialRecord[] = [];
  return curves.map((curve, number) => {
    let attributes = {};
    for (let step = 0; step < curve.length; step++) {
      const reported = curve.slice(0, step + 1);
      const trial = trialOf(number, reported, "running", attributes);
      const verdict = pruner.judge({ direction, study: "s", trial, others });
      attributes = { ...attributes, ...verdict.attributes };
      if (verdict.prune) {
        others.push(trialOf(number, reported, "pruned", attributes));
        return step;
      }
    }
    others.push(trialOf(number, curve, "complete", attributes));
    return curve.length;
  });
}

const value = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: -50, max: 50 }).map((n) => n / 4) },
  { weight: 1, arbitrary: fc.constant(null) },
);
const curves = fc.array(fc.array(value, { minLength: 1, maxLength: 9 }), { minLength: 1, maxLength: 20 });

describe.each(pruners)("$name", (kind) => {
  test("decides the same from the same view, by a pruner that has seen nothing before", () => {
    fc.assert(
      fc.property(curves, (all) => {
        const pruner = kind.open();
        expect(stops(pruner, all, "minimize")).toEqual(stops(pruner, all, "minimize"));
        expect(stops(kind.open(), all, "minimize")).toEqual(stops(pruner, all, "minimize"));
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  test("maximizes −f where it minimizes f", () => {
    fc.assert(
      fc.property(curves, (all) => {
        const negated = all.map((curve) => curve.map((v) => (v === null ? null : -v)));
        expect(stops(kind.open(), negated, "maximize")).toEqual(stops(kind.open(), all, "minimize"));
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  test("leaves a trial alone that has reported nothing, and the first trial of a study", () => {
    const others = Array.from({ length: 10 }, (_, i) => trialOf(i, [1, 1, 1]));
    const view = { direction: "minimize", study: "s", trial: trialOf(10, [], "running"), others } as const;
    expect(kind.open().judge(view).prune).toBe(false);
    expect(stops(kind.open(), [[3, 2, 1]], "minimize")).toEqual([3]);
  });

  test("never stops the best of all trials, one that improves at every step", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 1, 2, 3), { minLength: 1, maxLength: 15 }), (offsets) => {
        const all = [...offsets, -10].map((offset) => Array.from({ length: 12 }, (_, step) => offset - step));
        expect(stops(kind.open(), all, "minimize").at(-1)).toBe(12);
      }),
      { numRuns: 30, seed: 3 },
    );
  });
});

describe("what each pruner stops", () => {
  const good = Array.from({ length: 8 }, () => [1, 1, 1, 1]);
  const open = (name: string, settings: Record<string, number | string> = {}) => {
    const kind = pruners.find((known) => known.name === name);
    return kind?.open(settings) as Pruner;
  };

  test("median: a trial worse than the median, after its warm-up, at its interval", () => {
    expect(stops(open("median"), [...good, [2, 2, 2, 2]], "minimize").at(-1)).toBe(0);
    expect(stops(open("median", { warmupSteps: 2 }), [...good, [2, 2, 2, 2]], "minimize").at(-1)).toBe(2);
    const late = open("median", { warmupSteps: 1, intervalSteps: 2 });
    expect(stops(late, [...good, [2, 0, 2, 2]], "minimize").at(-1)).toBe(4);
  });

  test("median: one that has only reported what is no number, but not while too few are complete", () => {
    expect(stops(open("median"), [...good, [null, null]], "minimize").at(-1)).toBe(0);
    expect(stops(open("median", { startupTrials: 9 }), [...good, [null, null]], "minimize").at(-1)).toBe(2);
  });

  test("threshold: a value out of bounds or no number", () => {
    const pruner = open("threshold", { lower: 0, upper: 5 });
    expect(
      stops(
        pruner,
        [
          [1, 6],
          [1, -1],
          [1, null],
          [0, 5],
        ],
        "minimize",
      ),
    ).toEqual([1, 1, 1, 2]);
  });

  test("patient: a trial without progress, once more reports than its patience have passed", () => {
    expect(stops(open("patient", { patience: 1 }), [[3, 4, 4, 4]], "minimize")).toEqual([2]);
    expect(stops(open("patient", { patience: 1 }), [[3, 4, 3, 4]], "minimize")).toEqual([4]);
    expect(stops(open("patient", { patience: 1, pruner: "median" }), [[3, 4, 4, 4]], "minimize")).toEqual([4]);
  });

  test("successive halving: all but the best of the first η at a rung, then one of η", () => {
    const pruner = open("successive-halving", { minResource: 1, reductionFactor: 2 });
    const flat = (v: number) => [v, v, v, v, v];
    expect(stops(pruner, [flat(5), flat(4), flat(6), flat(3), flat(4.5)], "minimize")).toEqual([5, 5, 1, 5, 1]);
  });

  test("patient: what is worse by less than minDelta is progress enough", () => {
    const pruner = open("patient", { patience: 1, minDelta: 1 });
    expect(stops(pruner, [[3, 3.5, 3.5, 3.5]], "minimize")).toEqual([4]);
    expect(stops(pruner, [[3, 4.5, 4.5, 4.5]], "minimize")).toEqual([2]);
  });

  test("threshold: bounds that are swapped are refused", () => {
    expect(() => open("threshold", { lower: 5, upper: 0 })).toThrow(/lower must be ≤ upper, got 5 and 0/);
  });

  test("percentile: nobody is judged by fewer values than minTrials", () => {
    const some = [...good.slice(0, 5), [1], [1], [1]];
    expect(stops(open("median", { minTrials: 5, warmupSteps: 1 }), [...some, [2, 2]], "minimize").at(-1)).toBe(1);
    expect(stops(open("median", { minTrials: 6, warmupSteps: 1 }), [...some, [2, 2]], "minimize").at(-1)).toBe(2);
  });

  test("successive halving: the first that reach a rung end there, as many as bootstrapCount", () => {
    const pruner = open("successive-halving", { minResource: 1, reductionFactor: 2, bootstrapCount: 2 });
    expect(
      stops(
        pruner,
        [
          [3, 3],
          [2, 2],
          [1, 1],
        ],
        "minimize",
      ),
    ).toEqual([1, 1, 2]);
  });

  test("hyperband: a bracket's trials are judged among themselves, by the resource that was found first", () => {
    const pruner = open("hyperband");
    const nine = trialOf(0, new Array(9).fill(1));
    const judged = (others: readonly TrialRecord[]) =>
      pruner.judge({ direction: "minimize", study: "s", trial: trialOf(9, [2, 2], "running"), others }).attributes ??
      {};
    const key = "pruner:maxResource";
    expect(judged([nine])[key]).toBe(9);
    const told = trialOf(1, [2], "pruned", { [key]: 9 });
    expect(judged([trialOf(0, new Array(90).fill(1)), told])).not.toHaveProperty(key);

    const trials = Array.from({ length: 60 }, (_, i) => trialOf(i, new Array(9).fill(1)));
    const groups = trials.map(({ number }) => pruner.peers!("s", number, trials).map((peer) => peer.number));
    expect(groups.every((group, number) => group.includes(number) && group.length < 60)).toBe(true);
    expect(new Set(groups.map((group) => group.join())).size).toBe(3);
  });

  test("rungs and resources are reckoned by complete trials", () => {
    const failed = trialOf(0, new Array(900).fill(1), "failed");
    expect(longestTrial([failed, trialOf(1, [1, 1, 1])])).toBe(2);
  });
});

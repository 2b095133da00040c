import { describe, expect, test } from "vitest";
import { HyperError } from "../core/errors.ts";
import type { Distribution, SearchSpace } from "../core/trial.ts";
import { stepAt } from "./decimal-step.ts";
import { nextBelow, roundHalfEven } from "./draw.ts";
import {
  categoryDistribution,
  checkDistribution,
  checkSpace,
  contains,
  intDistribution,
  isSingle,
  realDistribution,
  sameDistribution,
} from "./space.ts";
import { trialSeed } from "./streams.ts";
import { openStudy } from "./study.ts";

describe("a distribution that cannot be drawn from is refused, with its name and what to do", () => {
  test.each<[string, () => unknown]>([
    ['lr: min must be ≤ max, got "1, 0". Swap them.', () => realDistribution("lr", { min: 1, max: 0 })],
    ["lr: a log scale needs min > 0, got 0.", () => realDistribution("lr", { min: 0, max: 1, scale: "log" })],
    [
      "lr: a log scale takes no step, got 0.1.",
      () => realDistribution("lr", { min: 1, max: 2, scale: "log", step: 0.1 }),
    ],
    ["n: min and max must be whole numbers", () => intDistribution("n", { min: 0.5, max: 2 })],
    ["n: step must be a whole number > 0, got 0.", () => intDistribution("n", { min: 0, max: 2, step: 0 })],
    ["lr: min and max must be finite numbers", () => realDistribution("lr", { min: 0, max: Number.NaN })],
    ["act: must have at least one choice", () => categoryDistribution("act", [])],
    ['act: each choice may stand once, got "a".', () => categoryDistribution("act", ["a", "a"])],
    ["x: must be one of real, int, category", () => checkDistribution("x", { kind: "normal" } as never)],
    ["space: must name at least one hyper-parameter", () => checkSpace({})],
  ])("%s", (message, make) => {
    expect(make).toThrow(HyperError);
    expect(make).toThrow(message);
  });
});

test("the upper bound is lowered to the last step, reckoned in decimal", () => {
  const high = (min: number, max: number, step: number) => {
    const made = realDistribution("x", { min, max, step });
    return made.kind === "real" ? made.high : Number.NaN;
  };
  expect(high(0, 0.9, 0.1)).toBe(0.9);
  expect(high(0, 0.95, 0.1)).toBe(0.9);
  expect(high(0.1, 0.7, 0.2)).toBe(0.7);
  expect(high(1e-7, 1e-6, 2e-7)).toBe(9e-7);
  expect(high(-1, 1, 3)).toBe(-1);
});

test("what is single and what is contained", () => {
  const steps: Distribution = { kind: "real", low: 0, high: 0.9, step: 0.1 };
  expect(contains(steps, 0.30000000000000004)).toBe(true);
  expect(contains(steps, 0.35)).toBe(false);
  expect(contains({ kind: "int", low: 1, high: 9, step: 2 }, 4)).toBe(false);
  expect(contains({ kind: "category", choices: ["a", null] }, null)).toBe(true);
  expect(isSingle({ kind: "int", low: 3, high: 4, step: 2 })).toBe(true);
  expect(isSingle({ kind: "int", low: 3, high: 4 })).toBe(false);
  expect(isSingle({ kind: "category", choices: ["a"] })).toBe(true);
});

test("a trial's seed is the stated hash of study, number and purpose", () => {
  expect(trialSeed(0, 0, 0)).toBe(1680814304);
  expect(trialSeed(0, 1, 0)).toBe(4162723709);
  expect(trialSeed(1, 0, 0)).toBe(3696427742);
  expect(trialSeed(0, 0, 1)).toBe(400261104);
  expect(trialSeed(4294967295, 9999, 1)).toBe(681230036);
});

test("no two of 100,000 trials share a seed, and half of a seed's bits change from trial to trial", () => {
  const seeds = Uint32Array.from({ length: 100_000 }, (_, number) => trialSeed(7, number, 0));
  expect(new Set(seeds).size).toBe(seeds.length);
  let changed = 0;
  for (let i = 1; i < seeds.length; i++) {
    for (let bits = (seeds[i] ^ seeds[i - 1]) >>> 0; bits !== 0; bits >>>= 1) {
      changed += bits & 1;
    }
  }
  expect(changed / (seeds.length - 1) / 32).toBeCloseTo(0.5, 2);
});

test("rounding is NumPy's", () => {
  expect([0.5, 1.5, 2.5, -0.5, -1.5, 2.4].map(roundHalfEven)).toEqual([0, 2, 2, 0, -2, 2]);
});

test("values on a step are the decimals they are written as, whatever sampler draws them", async () => {
  expect(Array.from({ length: 11 }, (_, k) => String(stepAt(0, 0.1, k))).join(" ")).toBe(
    "0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1",
  );
  expect([stepAt(-0.3, 0.1, 3), stepAt(1e-7, 1e-7, 2), stepAt(0.1, 1e20, 1), stepAt(5, 3, 4)]).toEqual([
    0, 3e-7, 1e20, 17,
  ]);
  for (const sampler of ["random", "tpe", "cma-es", "sobol", "grid"]) {
    const space: SearchSpace = {
      a: { kind: "real", low: 0, high: 1, step: 0.1 },
      b: { kind: "real", low: -0.7, high: 0.7, step: 0.35 },
    };
    const study = await openStudy({ sampler, space });
    await study.optimize((trial) => (trial.real("a", { min: 0, max: 1, step: 0.1 }) - 0.3) ** 2, { trials: 30 });
    for (const { params } of study.trials) {
      expect(String(params.a), sampler).toMatch(/^(0|1|0\.[1-9])$/);
      expect(["-0.7", "-0.35", "0", "0.35", "0.7"], sampler).toContain(String(params.b));
    }
  }
});

test("the next number below is smaller, on either side of 0 and at it", () => {
  for (const value of [1, 0.1, Number.MIN_VALUE, 0, -Number.MIN_VALUE, -0.1, -1]) {
    const below = nextBelow(value);
    expect(below).toBeLessThan(value);
    expect((below + value) / 2 === below || (below + value) / 2 === value, String(value)).toBe(true);
  }
});

test("distributions are the same that draw the same values in the same way", () => {
  const real: Distribution = { kind: "real", low: 1, high: 8 };
  const int: Distribution = { kind: "int", low: 1, high: 8 };
  expect(sameDistribution(real, { ...real, scale: "linear" })).toBe(true);
  expect(sameDistribution(int, { ...int, step: 1 })).toBe(true);
  for (const other of [int, { ...real, scale: "log" }, { ...real, high: 9 }, { ...real, step: 1 }] as Distribution[]) {
    expect(sameDistribution(real, other)).toBe(false);
  }
});

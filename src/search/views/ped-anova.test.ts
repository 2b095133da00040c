import { describe, expect, test } from "vitest";
import { RandomStream } from "../../core/random.ts";
import type { SearchSpace, TrialRecord } from "../../core/trial.ts";
import { pedAnova } from "./ped-anova.ts";
import type { StudyData } from "./study-view.ts";

const unit = { kind: "real", low: 0, high: 1 } as const;

/** Trials drawn at random from a space, with the values of a function. */
function studyOf(
  space: SearchSpace,
  f: (params: Record<string, number>) => number,
  { count = 400, seed = 1, direction = "minimize" as StudyData["direction"] } = {},
): StudyData {
  const stream = RandomStream.seeded(seed);
  const trials = Array.from({ length: count }, (_, number): TrialRecord => {
    const params = Object.fromEntries(
      Object.entries(space).map(([name, distribution]) => {
        const draw = stream.double();
        return [
          name,
          distribution.kind === "category"
            ? distribution.choices[Math.floor(draw * distribution.choices.length)]
            : distribution.low * (distribution.high / distribution.low) ** (distribution.scale === "log" ? draw : 0) +
              (distribution.scale === "log" ? 0 : draw * (distribution.high - distribution.low)),
        ];
      }),
    );
    return {
      number,
      state: "complete",
      value: f(params as Record<string, number>),
      params,
      distributions: space,
      intermediate: [],
      attributes: {},
      attempt: 1,
      startedAt: null,
      finishedAt: null,
    };
  });
  return { trials, direction };
}

const of = (study: StudyData) => Object.fromEntries(pedAnova(study).map(({ name, importance }) => [name, importance]));

describe("PED-ANOVA", () => {
  test("gives everything to the one parameter that a function depends on", () => {
    const { x, y, z } = of(studyOf({ x: unit, y: unit, z: unit }, (p) => (p.x - 0.3) ** 2));
    expect(x).toBeGreaterThan(0.93);
    expect(x + y + z).toBeCloseTo(1, 12);
  });

  test.each([0, 1, 10, -0.1, Number.NaN, "0.1"])("refuses %j as the share of good trials", (quantile) => {
    const study = studyOf({ x: unit }, (p) => p.x);
    expect(() => pedAnova(study, { quantile: quantile as number })).toThrow(
      `pedAnova: quantile must be a number in (0, 1), got ${typeof quantile === "string" ? '"0.1"' : quantile}`,
    );
  });

  test("gives equal shares to parameters that a function treats alike", () => {
    const { x, y, noise } = of(studyOf({ x: unit, y: unit, noise: unit }, (p) => p.x + p.y, { count: 2000 }));
    expect(Math.abs(x - y)).toBeLessThan(0.1);
    expect(noise).toBeLessThan(0.05);
  });

  test("orders parameters by their weight in a sum", () => {
    const study = studyOf({ a: unit, b: unit, c: unit }, (p) => p.a + 3 * p.b + 9 * p.c, { count: 1000 });
    expect(pedAnova(study).map(({ name }) => name)).toEqual(["c", "b", "a"]);
  });

  test("is the same for a function and its negative searched in the other direction", () => {
    const space: SearchSpace = { x: unit, y: unit };
    const low = pedAnova(studyOf(space, (p) => p.x ** 2 + 0.1 * p.y));
    const high = pedAnova(studyOf(space, (p) => -(p.x ** 2 + 0.1 * p.y), { direction: "maximize" }));
    expect(high).toEqual(low);
  });

  test("sees a category that decides and one that does not, with a logarithmic range beside", () => {
    const space: SearchSpace = {
      lr: { kind: "real", low: 1e-5, high: 1e-1, scale: "log" },
      rule: { kind: "category", choices: [0, 1, 2] },
      label: { kind: "category", choices: [0, 1, 2] },
    };
    const { lr, rule, label } = of(studyOf(space, (p) => (p.rule === 2 ? 0 : 5) + (Math.log10(p.lr) + 3) ** 2));
    expect(rule).toBeGreaterThan(0.1);
    expect(lr).toBeGreaterThan(0.3);
    expect(label).toBeLessThan(0.05);
  });

  test("finds nothing where all values are equal, and nothing to say of one trial", () => {
    expect(of(studyOf({ x: unit, y: unit }, () => 1))).toEqual({ x: 0, y: 0 });
    expect(pedAnova(studyOf({ x: unit }, () => 1, { count: 1 }))).toEqual([]);
  });

  test("does not depend on the scale of the values, only on their order", () => {
    const space: SearchSpace = { x: unit, y: unit };
    const f = (p: Record<string, number>) => p.x + 0.2 * p.y;
    expect(pedAnova(studyOf(space, (p) => Math.exp(50 * f(p))))).toEqual(pedAnova(studyOf(space, f)));
  });
});

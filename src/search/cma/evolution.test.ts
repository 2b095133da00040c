import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { rosenbrock, sphere } from "../../../test/support/test-functions.ts";
import { RandomStream } from "../../core/random.ts";
import { openStudy } from "../study.ts";
import { Evolution } from "./evolution.ts";
import { symmetricEigen } from "./jacobi.ts";

type Objective = (x: readonly number[]) => number;

/** Evaluations until f < target; Infinity when there were too many. */
function evaluationsTo(target: number, f: Objective, evolution: Evolution, seed: number, most: number): number {
  const random = RandomStream.seeded(seed);
  for (let count = 0; count < most; ) {
    const points = Array.from({ length: evolution.populationSize }, () => evolution.draw(random));
    count += points.length;
    const values = new Map(points.map((x) => [x, f([...x])]));
    points.sort((a, b) => (values.get(a) as number) - (values.get(b) as number));
    if ((values.get(points[0]) as number) < target) {
      return count;
    }
    evolution.update(points);
  }
  return Number.POSITIVE_INFINITY;
}

describe("convergence", () => {
  test.each([0, 1, 2])("reaches 1e-10 on Sphere-10 within 2,500 evaluations (seed %i)", (seed) => {
    const evolution = new Evolution({ mean: new Float64Array(10).fill(3), sigma: 2 });
    expect(evaluationsTo(1e-10, sphere, evolution, seed, 2500)).toBeLessThan(2500);
  });

  test.each([0, 1, 2])("reaches 1e-10 on Rosenbrock-10 within 9,000 evaluations (seed %i)", (seed) => {
    const evolution = new Evolution({ mean: new Float64Array(10).fill(0.1), sigma: 0.3 });
    expect(evaluationsTo(1e-10, rosenbrock, evolution, seed, 9000)).toBeLessThan(9000);
  });

  test("learns the shape of an ellipsoid of condition 10⁶", () => {
    const ellipsoid: Objective = (x) => x.reduce((sum, v, i) => sum + 10 ** ((6 * i) / (x.length - 1)) * v * v, 0);
    const evolution = new Evolution({ mean: new Float64Array(6).fill(1), sigma: 1 });
    expect(evaluationsTo(1e-10, ellipsoid, evolution, 0, 8000)).toBeLessThan(8000);
    expect(Math.log10(evolution.condition)).toBeGreaterThan(4.5);
  });
});

test("does the same for f and for an increasing function of f", () => {
  const run = (f: Objective) => {
    const evolution = new Evolution({ mean: new Float64Array(5).fill(1), sigma: 1 });
    evaluationsTo(-Infinity, f, evolution, 4, 400);
    return [...evolution.mean, evolution.sigma];
  };
  expect(run((x) => Math.atan(rosenbrock(x)))).toEqual(run(rosenbrock));
  expect(run((x) => 5 * Math.sqrt(rosenbrock(x)) - 3)).toEqual(run(rosenbrock));
});

test("its covariance matrix stays symmetric and positive definite, whatever the order of the points", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 8 }), fc.nat(10_000), (n, seed) => {
      const evolution = new Evolution({ mean: new Float64Array(n), sigma: 1 });
      const random = RandomStream.seeded(seed);
      for (let generation = 0; generation < 60; generation++) {
        evolution.update(Array.from({ length: evolution.populationSize }, () => evolution.draw(random)));
      }
      const { c } = evolution;
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < i; j++) {
          expect(Math.abs(c[i * n + j] - c[j * n + i])).toBeLessThanOrEqual(1e-12 * Math.max(...c));
        }
      }
      expect(Math.min(...symmetricEigen(c, n).values)).toBeGreaterThan(0);
      expect(Number.isFinite(evolution.sigma)).toBe(true);
    }),
    { numRuns: 30, seed: 3 },
  );
});

test("Jacobi's eigenvectors are orthonormal and give the matrix back", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(10_000), (n, seed) => {
      const random = RandomStream.seeded(seed);
      const a = new Float64Array(n * n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j <= i; j++) {
          a[i * n + j] = random.normal();
          a[j * n + i] = a[i * n + j];
        }
      }
      const { values, vectors } = symmetricEigen(a, n);
      for (let i = 0; i < n; i++) {
        for (let j = 0; j < n; j++) {
          let product = 0;
          let identity = 0;
          for (let k = 0; k < n; k++) {
            product += vectors[i * n + k] * values[k] * vectors[j * n + k];
            identity += vectors[k * n + i] * vectors[k * n + j];
          }
          expect(product).toBeCloseTo(a[i * n + j], 10);
          expect(identity).toBeCloseTo(i === j ? 1 : 0, 10);
        }
      }
    }),
    { numRuns: 40, seed: 4 },
  );
});

test("a point outside the ranges is drawn anew, not moved to their border", async () => {
  const space = { x: { kind: "real", low: 0, high: 1 }, y: { kind: "real", low: 0, high: 1 } } as const;
  const sampler = { name: "cma-es", settings: { sigma: 1 } };
  const study = await openStudy({ sampler, space });
  for (let i = 0; i < 40; i++) {
    const trial = await study.ask();
    const [x, y] = [trial.real("x", { min: 0, max: 1 }), trial.real("y", { min: 0, max: 1 })];
    expect(Math.min(x, y)).toBeGreaterThan(0);
    expect(Math.max(x, y)).toBeLessThan(1 - 1e-12);
    await study.tell(trial, 1);
  }
});

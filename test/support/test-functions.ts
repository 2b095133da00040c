import type { Trial } from "../../src/search/index.ts";

function coordinates(trial: Trial, n: number, min: number, max: number): number[] {
  return Array.from({ length: n }, (_, i) => trial.real(`x${i}`, { min, max }));
}

const hartmannAlpha = [1, 1.2, 3, 3.2];
const hartmannA = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const hartmannP = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

export function sphere(x: readonly number[]): number {
  return x.reduce((sum, v) => sum + v * v, 0);
}

export function rosenbrock(x: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) {
    sum += 100 * (x[i + 1] - x[i] ** 2) ** 2 + (1 - x[i]) ** 2;
  }
  return sum;
}

/** Minimum 0.397887. */
export function branin(x: number, y: number): number {
  const valley = y - (5.1 / (4 * Math.PI ** 2)) * x ** 2 + (5 / Math.PI) * x - 6;
  return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
}

/** Minimum −3.32237. */
export function hartmann6(x: readonly number[]): number {
  return -hartmannAlpha.reduce((sum, alpha, k) => {
    const exponent = x.reduce((total, v, i) => total + hartmannA[k][i] * (v - hartmannP[k][i]) ** 2, 0);
    return sum + alpha * Math.exp(-exponent);
  }, 0);
}

/** The functions that samplers are compared on, each to be minimized over a box. */
export const testFunctions: Readonly<Record<string, (trial: Trial) => number>> = {
  Branin: (trial) => branin(trial.real("x", { min: -5, max: 10 }), trial.real("y", { min: 0, max: 15 })),
  "Hartmann-6": (trial) => hartmann6(coordinates(trial, 6, 0, 1)),
  "Sphere-10": (trial) => sphere(coordinates(trial, 10, -5, 5)),
  "Rosenbrock-10": (trial) => rosenbrock(coordinates(trial, 10, -2.048, 2.048)),
};

/**
 * Update rules that PyTorch 1.13 has not, against a transcription of their papers, step by step and one letter a name. The
 * transcriptions know nothing of the formula language.
 */
import { describe, expect, test } from "vitest";
import type { Segment } from "../../src/optim/parameter-groups.ts";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { walk } from "../support/trajectory.ts";

type Vector = number[];
/** One step: from the weights, their gradient and the step's number to the new weights; keeps its own state. */
type Transcription = (hyper: Record<string, number>) => (w: Vector, g: Vector, t: number) => Vector;

const zeros = (n: number): Vector => new Array<number>(n).fill(0);
const dot = (a: Vector, b: Vector) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const norm = (a: Vector) => Math.sqrt(dot(a, a));

/** A matrix [2, 3] and a vector of 4, as a network places them: each on a cache line, zeros between. */
const segments: readonly Segment[] = [
  { begin: 0, count: 6, name: "affine1.W", shape: { rows: 2, cols: 3, decays: true } },
  { begin: 8, count: 4, name: "affine1.b", shape: { rows: 1, cols: 4, decays: false } },
];
const gap = (i: number) => i === 6 || i === 7;
const tensors = (of: Vector) => segments.map(({ begin, count }) => of.slice(begin, begin + count));

/** Chen et al. 2023, Program 1. */
const lion: Transcription = ({ lr, beta1, beta2, weightDecay }) => {
  const m = zeros(12);
  return (w, g) =>
    w.map((x, i) => {
      const update = Math.sign(beta1 * m[i] + (1 - beta1) * g[i]);
      m[i] = beta2 * m[i] + (1 - beta2) * g[i];
      return x - lr * (update + (i < 8 ? weightDecay : 0) * x);
    });
};

/** You et al. 2020, Algorithm 2, layer by layer. */
const lamb: Transcription = ({ lr, beta1, beta2, eps, weightDecay }) => {
  const m = zeros(12);
  const v = zeros(12);
  return (w, g, t) => {
    const next = [...w];
    for (const { begin, count, shape } of segments) {
      const r: Vector = [];
      for (let i = begin; i < begin + count; i++) {
        m[i] = beta1 * m[i] + (1 - beta1) * g[i];
        v[i] = beta2 * v[i] + (1 - beta2) * g[i] * g[i];
        const [mHat, vHat] = [m[i] / (1 - beta1 ** t), v[i] / (1 - beta2 ** t)];
        r.push(mHat / (Math.sqrt(vHat) + eps) + (shape!.decays ? weightDecay : 0) * w[i]);
      }
      const [a, b] = [norm(w.slice(begin, begin + count)), norm(r)];
      const ratio = a > 0 && b > 0 ? a / b : 1;
      for (let i = 0; i < count; i++) {
        next[begin + i] -= lr * ratio * r[i];
      }
    }
    return next;
  };
};

/** Xie et al. 2022, Algorithm 1, with the bias correction of the authors' code. */
const adan: Transcription = ({ lr, beta1, beta2, beta3, eps, weightDecay }) => {
  const [m, v, n] = [zeros(12), zeros(12), zeros(12)];
  let before: Vector | null = null;
  return (w, g, t) => {
    const next = w.map((x, i) => {
      const d = before === null ? 0 : g[i] - before[i];
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * d;
      n[i] = beta3 * n[i] + (1 - beta3) * (g[i] + beta2 * d) ** 2;
      const eta = lr / (Math.sqrt(n[i] / (1 - beta3 ** t)) + eps);
      const step = eta * (m[i] / (1 - beta1 ** t) + (beta2 * v[i]) / (1 - beta2 ** t));
      return (x - step) / (1 + lr * (i < 8 ? weightDecay : 0));
    });
    before = g;
    return next;
  };
};

/** Defazio et al. 2024, Algorithm 1 (Schedule-Free AdamW): w is y, the point of the gradient. */
const scheduleFree: Transcription = ({ lr, beta1, beta2, eps, weightDecay, warmup }) => {
  let z: Vector | null = null;
  let x: Vector = [];
  const v = zeros(12);
  let weights = 0;
  return (y, g, t) => {
    z ??= [...y];
    x = x.length === 0 ? [...y] : x;
    const gamma = lr * Math.sqrt(1 - beta2 ** t) * Math.min(1, t / Math.max(1, warmup));
    weights += gamma ** 2;
    const c = gamma ** 2 / weights;
    return y.map((yi, i) => {
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
      z![i] -= (gamma * g[i]) / (Math.sqrt(v[i]) + eps) + gamma * (i < 8 ? weightDecay : 0) * yi;
      x[i] = (1 - c) * x[i] + c * z![i];
      return (1 - beta1) * z![i] + beta1 * x[i];
    });
  };
};

/** Mishchenko & Defazio 2023, Algorithm 4. */
const prodigy: Transcription = ({ lr, beta1, beta2, eps, d0 }) => {
  const [m, v, s] = [zeros(12), zeros(12), zeros(12)];
  let [d, r] = [d0, 0];
  let start: Vector | null = null;
  return (x, g) => {
    start ??= [...x];
    const root = Math.sqrt(beta2);
    const inner = dot(
      g,
      x.map((xi, i) => start![i] - xi),
    );
    r = root * r + (1 - root) * lr * d * d * inner;
    const next = x.map((xi, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * d * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * d * d * g[i] * g[i];
      s[i] = root * s[i] + (1 - root) * lr * d * d * g[i];
      return xi - (lr * d * m[i]) / (Math.sqrt(v[i]) + d * eps);
    });
    d = Math.max(d, r / s.reduce((sum, si) => sum + Math.abs(si), 0));
    return next;
  };
};

/** Jordan et al. 2024 for the matrix, with Newton–Schulz as five plain matrix products; Adam for the vector. */
const muon: Transcription = ({ lr, momentum, beta2, eps, vectorFactor, weightDecay }) => {
  const m = zeros(12);
  const v = zeros(12);
  const product = (a: Vector[], b: Vector[]) =>
    a.map((row) => b[0].map((_, j) => row.reduce((sum, x, k) => sum + x * b[k][j], 0)));
  const transposed = (a: Vector[]) => a[0].map((_, j) => a.map((row) => row[j]));
  const combined = (p: number, a: Vector[], q: number, b: Vector[]) =>
    a.map((row, i) => row.map((x, j) => p * x + q * b[i][j]));
  return (w, g, t) => {
    for (let i = 0; i < 12; i++) {
      m[i] += (1 - momentum) * (g[i] - m[i]);
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
    }
    const u = m.map((mi, i) => (1 - momentum) * g[i] + momentum * mi);
    const length = norm(u.slice(0, 6)) + 1e-7;
    let X = [u.slice(0, 3), u.slice(3, 6)].map((row) => row.map((x) => x / length));
    for (let k = 0; k < 5; k++) {
      const A = product(X, transposed(X));
      const B = combined(-4.775, A, 2.0315, product(A, A));
      X = combined(3.4445, X, 1, product(B, X));
    }
    const O = X.flat();
    return w.map((x, i) => {
      if (i < 6) {
        return (1 - lr * weightDecay) * x - lr * Math.sqrt(Math.max(1, 3 / 2)) * O[i];
      }
      const adam = m[i] / (1 - momentum ** t) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + eps);
      return gap(i) ? 0 : x - lr * vectorFactor * adam;
    });
  };
};

/** Dozat 2016, Algorithm 8. */
const nadam: Transcription = ({ lr, beta1, beta2, eps, momentumDecay }) => {
  const [m, v] = [zeros(12), zeros(12)];
  const mu = (t: number) => beta1 * (1 - 0.5 * 0.96 ** (t * momentumDecay));
  let product = 1;
  return (w, g, t) => {
    product *= mu(t);
    return w.map((x, i) => {
      m[i] = beta1 * m[i] + (1 - beta1) * g[i];
      v[i] = beta2 * v[i] + (1 - beta2) * g[i] ** 2;
      const mHat = (mu(t + 1) * m[i]) / (1 - product * mu(t + 1)) + ((1 - mu(t)) * g[i]) / (1 - product);
      return x - (lr * mHat) / (Math.sqrt(v[i] / (1 - beta2 ** t)) + eps);
    });
  };
};

/** Keras 3: `backend.sqrt(velocity + epsilon)`. */
const rmspropKeras: Transcription = ({ lr, decay, eps }) => {
  const h = zeros(12);
  return (w, g) =>
    w.map((x, i) => {
      h[i] = decay * h[i] + (1 - decay) * g[i] ** 2;
      return x - (lr * g[i]) / Math.sqrt(h[i] + eps);
    });
};

/** Keras 3: the accumulator begins at `initial_accumulator_value`. */
const adagradKeras: Transcription = ({ lr, first, eps }) => {
  const h = zeros(12).fill(first);
  return (w, g) =>
    w.map((x, i) => {
      h[i] += g[i] ** 2;
      return x - (lr * g[i]) / Math.sqrt(h[i] + eps);
    });
};

const papers: readonly (readonly [name: string, of: Transcription, hyper: Record<string, number>])[] = [
  ["lion", lion, { lr: 0.02, weightDecay: 0.1 }],
  ["lamb", lamb, { lr: 0.02, weightDecay: 0.1 }],
  ["adan", adan, { lr: 0.05, weightDecay: 0.02 }],
  ["scheduleFreeAdamw", scheduleFree, { lr: 0.05, weightDecay: 0.1, warmup: 7 }],
  ["prodigy", prodigy, { d0: 1e-3 }],
  ["muon", muon, { lr: 0.02, weightDecay: 0.1 }],
  ["nadamDozat", nadam, { lr: 0.1 }],
  ["rmspropKeras", rmspropKeras, { lr: 0.02 }],
  ["adagradKeras", adagradKeras, { lr: 0.2 }],
];

const gradient = (w: ArrayLike<number>, i: number) => (gap(i) ? 0 : (1 + i / 3) * w[i] - Math.sin(w[i] + i));

describe.each(papers)("%s", (name, transcription, hyper) => {
  test.each([true, false])("100 steps are its paper's to 1e-12, compiled %s", (compiled) => {
    const optimizer = optimizerNamed(name);
    const defaults = Object.fromEntries(
      Object.entries(optimizer.hyper).map(([word, { default: value }]) => [word, value as number]),
    );
    const start = Array.from({ length: 12 }, (_, i) => (gap(i) ? 0 : 3 * Math.cos(2 * i)));
    const step = transcription({ ...defaults, ...hyper });
    let wanted = start;
    walk(optimizer, { compiled, dtype: "float64", hyper, segments }, start, gradient, 100, (w, t) => {
      const g = wanted.map((_, i) => gradient(wanted, i));
      wanted = step(wanted, g, t);
      for (const [k, tensor] of tensors(wanted).entries()) {
        const ours = tensors(Array.from(w))[k];
        for (const [i, x] of tensor.entries()) {
          expect(Math.abs(ours[i] - x), `step ${t}, tensor ${k}, element ${i}`).toBeLessThan(
            1e-12 * Math.max(1, Math.abs(x)),
          );
        }
      }
    });
  });
});

test("schedule-free AdamW is evaluated at the mean of its points, not where it takes gradients", () => {
  const start = [3, -2, 1];
  const { params, updater } = walk(
    optimizerNamed("scheduleFreeAdamw"),
    { compiled: true, dtype: "float64", hyper: { lr: 0.1 } },
    start,
    (w, i) => w[i],
    50,
  );
  expect(updater.averaged).toBe(updater.slots.get("x"));
  expect([...updater.averaged!.data]).not.toEqual([...params]);
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import type { Dtype, IntTensor, Tensor } from "../../src/core/tensor.ts";
import type { FusedActivation, KernelSet, Kernels } from "../../src/kernels/kernels.ts";
import { type Pointwise, pointwiseNumber } from "../../src/kernels/operations.generated.ts";
import { bytesFor } from "../../src/kernels/planned.ts";
import { referenceKernels } from "../../src/kernels/reference.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import { nativeKernels } from "../../src/node/native-kernels.ts";
import { both } from "../support/both-kernels.ts";
import { openProduct } from "../support/product.ts";

/**
 * One suite over every kernel set that runs here: each kernel against the reference, on the same numbers. Kernels
 * that round once agree bit for bit, the others within the bounds stated at each.
 */
const dtypes: Dtype[] = ["float32", "float64"];
const sets: KernelSet[] = dtypes.flatMap((dtype) => [
  ...nativeKernels(dtype),
  wasmKernels("wasm-relaxed", dtype),
  wasmKernels("wasm-simd", dtype),
]);

/** Smallest normal number: below it a result may be 0. */
const smallest: Record<Dtype, number> = { float32: 2 ** -126, float64: 2 ** -1022 };
const epsilon: Record<Dtype, number> = { float32: 2 ** -23, float64: 2 ** -52 };
const size = fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }) }, fc.integer({ min: 21, max: 150 }));
const seed = fc.integer({ min: 0, max: 2 ** 31 });
/** What a random tensor is made of. */
const kinds = ["normal", "special", "huge"] as const;
type Kind = (typeof kinds)[number];
const kind = fc.constantFrom<Kind>("normal", "normal", "special", "huge");
const special = [0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 1e-42, -1e-42, 100, -100, 1e-310];

function fill(tensors: readonly Tensor[], how: Kind, from: number): void {
  const stream = RandomStream.seeded(from);
  for (const { data } of tensors) {
    for (let i = 0; i < data.length; i++) {
      const normal = stream.normal();
      data[i] =
        how === "special" && stream.double() < 0.2
          ? special[Math.floor(stream.double() * special.length)]
          : how === "huge"
            ? normal * 300
            : normal;
    }
  }
}

function withoutSubnormals({ data }: Tensor): void {
  const bound = smallest[data instanceof Float32Array ? "float32" : "float64"];
  data.forEach((value, i) => {
    data[i] = Math.abs(value) < bound ? 0 : value;
  });
}

const copy = (...tensors: (Tensor | IntTensor)[]) => tensors.map(({ data }) => [...data]);

/** Same NaN, same infinities, and within `bound(i)` elsewhere. */
function expectClose(fast: readonly number[], reference: readonly number[], bound: (i: number) => number): void {
  expect(fast.length).toBe(reference.length);
  for (let i = 0; i < fast.length; i++) {
    const [a, b] = [fast[i], reference[i]];
    const same = Object.is(a, b) || a === b || Math.abs(a - b) <= bound(i);
    if (!same) {
      expect.fail(`element ${i}: ${a} must be within ${bound(i)} of ${b}`);
    }
  }
}

/** A product whose left side is zero at so many k, in so many rows, and at so many single values. */
const zerosShape = fc.record({
  form: fc.constantFrom("NN" as const, "NT" as const, "TN" as const),
  m: fc.integer({ min: 1, max: 130 }),
  n: fc.integer({ min: 20, max: 140 }),
  k: fc.oneof(fc.integer({ min: 1, max: 130 }), fc.integer({ min: 390, max: 900 })),
  dark: fc.tuple(fc.double({ min: 0, max: 1 }), fc.double({ min: 0, max: 1 }), fc.constantFrom(0, 0.5, 0.8, 0.99)),
  from: seed,
});
type ZerosShape = typeof zerosShape extends fc.Arbitrary<infer S> ? S : never;

/** Large products of the reference: they are the same for every set of a type. */
const largeProducts = new Map<string, number[]>();

describe.each(sets.map((set) => [`${set.name} ${set.dtype}`, set] as const))("%s", (_, set) => {
  const eps = epsilon[set.dtype];
  const runs = { numRuns: 40 };

  test("matrix products of every form, size and tail", () => {
    const forms = ["NN", "NT", "TN"] as const;
    const activations: FusedActivation[] = ["none", "relu"];
    fc.assert(
      fc.property(
        fc.tuple(
          size,
          size,
          size,
          seed,
          kind,
          fc.constantFrom(...forms),
          fc.boolean(),
          fc.constantFrom(...activations),
        ),
        ([m, n, k, from, how, form, biased, activation]) => {
          const work = (kernels: Kernels) => {
            const { arena } = kernels;
            const { a, b, out, multiply } = openProduct(kernels, form, m, n, k);
            const bias = arena.floats(1, n);
            const absolute = arena.floats(m, n);
            const guard = arena.floats(1, 16);
            fill([a, b, bias], how, from);
            out.data.fill(7);
            multiply(out, biased ? bias : null, activation);
            for (const { data } of [a, b, bias]) {
              data.forEach((x, i) => {
                data[i] = Math.abs(x);
              });
            }
            multiply(absolute, biased ? bias : null, activation);
            expect([...guard.data].every((x) => x === 0)).toBe(true);
            return copy(out, absolute);
          };
          const [[fast], [reference, absolute]] = both(set, work);
          // A sum of k products in any order errs by at most (k + 1)·eps·Σ|a||b|; infinite sums may also become NaN.
          const bound = (i: number) => (k + 2) * eps * absolute[i] + 1e-300;
          if (how === "special" || how === "huge") {
            const tame = reference.map((x, i) => Number.isFinite(x) && Number.isFinite(absolute[i]));
            const ofTame = (values: readonly number[]) => values.filter((_x, i) => tame[i]);
            const sums = ofTame(absolute);
            expectClose(ofTame(fast), ofTame(reference), (i) => (k + 2) * eps * sums[i] + 1e-30);
            expect(fast.every((x, i) => Number.isFinite(x) || !tame[i])).toBe(true);
            expect(fast.every((x, i) => !Number.isNaN(reference[i]) || Number.isNaN(x))).toBe(true);
          } else {
            expectClose(fast, reference, bound);
          }
        },
      ),
      { numRuns: 80 },
    );
  });

  test("large products, where every blocking loop turns more than once", () => {
    for (const [form, m, n, k] of [
      ["NN", 131, 1100, 530],
      ["TN", 1100, 140, 300],
      ["NT", 60, 620, 700],
    ] as const) {
      const work = (kernels: Kernels) => {
        const { a, b, out, multiply } = openProduct(kernels, form, m, n, k);
        const bias = kernels.arena.floats(1, n);
        fill([a, b, bias], "normal", m);
        multiply(out, bias, "relu");
        return [...out.data];
      };
      const bytes = bytesFor(set.dtype, work);
      const key = `${set.dtype} ${form}`;
      const reference = largeProducts.get(key) ?? work(referenceKernels(set.dtype).open(bytes));
      largeProducts.set(key, reference);
      expectClose(work(set.open(bytes)), reference, () => 4 * k * eps);
    }
  });

  describe("a product whose left side is mostly zeros", () => {
    /** c of a[m,k] and b[k,n], which `change` may alter before, by setting values at (row, column). */
    const product = (
      { form, m, n, k, dark: [darkSteps, darkRows, darkValues], from }: ZerosShape,
      change?: (set: (side: "a" | "b", row: number, column: number, value: number) => void) => void,
    ) => {
      const kernels = set.open((m * k + k * n + m * n) * 8 + 65536);
      const { a, b, out, multiply } = openProduct(kernels, form, m, n, k);
      const stream = RandomStream.seeded(from);
      const darkStep = Array.from({ length: k }, () => stream.double() < darkSteps);
      const darkRow = Array.from({ length: m }, () => stream.double() < darkRows);
      fill([a, b], "normal", from);
      a.data.forEach((_, at) => {
        const [row, step] = form === "TN" ? [at % m, Math.floor(at / m)] : [Math.floor(at / k), at % k];
        if (darkStep[step] || darkRow[row] || stream.double() < darkValues) {
          a.data[at] = 0;
        }
      });
      change?.((side, row, column, value) => {
        if (side === "a") {
          a.data[form === "TN" ? column * m + row : row * k + column] = value;
        } else {
          b.data[form === "NT" ? column * k + row : row * n + column] = value;
        }
      });
      multiply();
      return Array.from({ length: m }, (_, row) => [...out.data.subarray(row * n, (row + 1) * n)]);
    };

    test("has the bits that it has where no zero is left out", () => {
      fc.assert(
        fc.property(zerosShape, (of) => {
          // With one number that is not finite every product is made; it shows in its own column only.
          const whole = product(of, (put) => put("b", of.k - 1, 0, Infinity));
          product(of).forEach((row, i) => {
            expect(row.slice(1)).toEqual(whole[i].slice(1));
          });
        }),
        { numRuns: 40 },
      );
    });

    test("is not a number where a zero meets what is not finite", () => {
      fc.assert(
        fc.property(
          zerosShape,
          fc.nat(),
          fc.nat(),
          fc.constantFrom(Number.NaN, Infinity),
          (of, step, column, value) => {
            const [k, j] = [step % of.k, column % of.n];
            const out = product(of, (put) => {
              put("b", k, j, value);
              for (let i = 0; i < of.m; i++) {
                put("a", i, k, 0);
              }
            });
            expect(out.every((row) => row.every((x, at) => Number.isNaN(x) === (at === j)))).toBe(true);
          },
        ),
        { numRuns: 25 },
      );
    });

    test("loses no value of that side that is not finite", () => {
      fc.assert(
        fc.property(zerosShape, fc.nat(), fc.nat(), (of, row, step) => {
          const [i, k] = [row % of.m, step % of.k];
          const out = product(of, (put) => put("a", i, k, Number.NaN));
          expect(out.every((values, at) => values.every((x) => Number.isNaN(x) === (at === i)))).toBe(true);
        }),
        { numRuns: 25 },
      );
    });
  });

  test("elementwise kernels round like the reference, in place too", () => {
    fc.assert(
      fc.property(size, size, seed, kind, fc.boolean(), (m, n, from, how, inPlace) => {
        const work = (kernels: Kernels) => {
          const { arena } = kernels;
          const [x, z] = [arena.floats(m, n), arena.floats(m, n)];
          const results: { y: number[]; bound: number[] }[] = [];
          /** `terms` bounds the size of what an element is added up from. */
          const step = (terms: (x: number, z: number) => number, apply: (y: Tensor) => void) => {
            const y = inPlace ? x : arena.floats(m, n);
            fill([x, z], how, from);
            // A number that may be 0 does not tell whether a unit was open, or what Infinity times it is.
            withoutSubnormals(x);
            withoutSubnormals(z);
            const bound = [...x.data].map((v, i) => 4 * eps * terms(Math.abs(v), Math.abs(z.data[i])));
            apply(y);
            results.push({ y: [...y.data], bound });
          };
          step(
            () => 0,
            (y) => kernels.relu(y, x),
          );
          step(
            () => 0,
            (y) => kernels.reluBackward(y, x, z),
          );
          step(
            (dy, v) => (1 + v) * v * dy,
            (y) => kernels.sigmoidBackward(y, x, z),
          );
          step(
            (dy, v) => (1 + v * v) * dy,
            (y) => kernels.tanhBackward(y, x, z),
          );
          step(
            () => 0,
            (y) => kernels.multiply(y, x, z),
          );
          step(
            () => 0,
            (y) => kernels.scale(y, 0.75, x),
          );
          step(
            (a, b) => a + b / 2,
            () => kernels.axpy(x, -0.5, z),
          );
          return results;
        };
        const [fast, reference] = both(set, work);
        fast.forEach(({ y }, i) => {
          const { y: expected, bound } = reference[i];
          expectClose(y, expected, (k) => Math.max(bound[k] || 0, smallest[set.dtype]));
        });
      }),
      runs,
    );
  });

  test("sigmoid and tanh are right to a few units in the last place, for any input", () => {
    fc.assert(
      fc.property(size, size, seed, kind, (m, n, from, how) => {
        const work = (kernels: Kernels) => {
          const x = kernels.arena.floats(m, n);
          const [s, t] = [kernels.arena.floats(m, n), kernels.arena.floats(m, n)];
          fill([x], how, from);
          kernels.sigmoid(s, x);
          kernels.tanh(t, x);
          return copy(s, t);
        };
        const [fast, reference] = both(set, work);
        fast.forEach((values, i) => {
          // Results too small to be normal numbers may be 0.
          expectClose(values, reference[i], (k) => Math.max(6 * eps * Math.abs(reference[i][k]), smallest[set.dtype]));
        });
      }),
      runs,
    );
  });

  test("every function of one number and its slope are right to a few units of what they are made of, for any input", () => {
    const names = Object.keys(pointwiseNumber) as Pointwise[];
    fc.assert(
      fc.property(fc.constantFrom(...names), size, seed, kind, (name, n, from, how) => {
        const work = (kernels: Kernels) => {
          const [x, y, dx] = [0, 1, 2].map(() => kernels.arena.floats(3, n));
          fill([x], how, from);
          withoutSubnormals(x);
          kernels.activate(y, x, name);
          dx.data.fill(1);
          kernels.activateBackward(dx, dx, x, y, name);
          return copy(y, dx);
        };
        const [fast, reference] = both(set, work);
        fast.forEach((values, i) => {
          expectClose(values, reference[i], (k) => 10 * eps * Math.max(1, Math.abs(reference[i][k])));
        });
      }),
      { numRuns: 60 },
    );
  });

  test("softmax with cross entropy, and its backward pass", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 40 }), seed, kind, (m, n, from, how) => {
        const work = (kernels: Kernels) => {
          const { arena } = kernels;
          const [logits, probs, dx] = [arena.floats(m, n), arena.floats(m, n), arena.floats(m, n)];
          const labels = arena.ints(m);
          fill([logits], how, from);
          RandomStream.seeded(from).choice(n, labels.data);
          const loss = kernels.softmaxCrossEntropy(probs, logits, labels);
          kernels.softmaxCrossEntropyBackward(dx, probs, labels);
          return [...copy(probs, dx), [loss]];
        };
        const [fast, reference] = both(set, work);
        const tolerance = (n + 16) * eps;
        expectClose(fast[0], reference[0], () => tolerance);
        expectClose(fast[1], reference[1], () => tolerance);
        // The loss of a row whose label has probability p errs by the error of p over p + 1e-7.
        expectClose(fast[2], reference[2], () => (m + 1) * (tolerance / 1e-7 + 1e-12) * (how === "normal" ? 1e-3 : 1));
      }),
      runs,
    );
  });

  test("batch normalization, its evaluation and its backward pass", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), size, seed, (m, n, from) => {
        const work = (kernels: Kernels) => {
          const { arena } = kernels;
          const matrix = () => arena.floats(m, n);
          const row = () => arena.floats(1, n);
          const [x, y, xHat, dy, dx, ye] = [matrix(), matrix(), matrix(), matrix(), matrix(), matrix()];
          const [mean, variance, invStd, gamma, beta, dGamma, dBeta] = [
            row(),
            row(),
            row(),
            row(),
            row(),
            row(),
            row(),
          ];
          fill([x, dy, gamma, beta], "normal", from);
          kernels.batchNorm(y, xHat, mean, variance, invStd, x, gamma, beta, 1e-6);
          kernels.batchNormBackward(dx, dGamma, dBeta, dy, xHat, invStd, gamma);
          kernels.batchNormEvaluate(ye, x, mean, variance, gamma, beta, 1e-6);
          return copy(y, xHat, mean, variance, invStd, dx, dGamma, dBeta, ye);
        };
        const [fast, reference] = both(set, work);
        // invStd may be 1000 where a column is nearly constant; everything else is of order 1.
        fast.forEach((values, i) => {
          const scale = Math.max(1, ...reference[4]);
          expectClose(values, reference[i], () => (m + 8) * 8 * eps * scale * scale);
        });
      }),
      runs,
    );
  });

  test("sums, finiteness and argmax", () => {
    fc.assert(
      fc.property(size, fc.integer({ min: 1, max: 80 }), seed, kind, (m, n, from, how) => {
        const work = (kernels: Kernels) => {
          const { arena } = kernels;
          const x = arena.floats(m, n);
          const sums = arena.floats(1, n);
          const best = arena.ints(m);
          fill([x], how, from);
          // Which of two numbers that may both be 0 is larger is not told.
          withoutSubnormals(x);
          kernels.columnSums(sums, x);
          kernels.argmaxRows(best, x);
          return {
            sums: [...sums.data],
            best: [...best.data],
            finite: kernels.allFinite(x),
            squares: kernels.sumOfSquares(x),
          };
        };
        const [fast, reference] = both(set, work);
        expect(fast.best).toEqual(reference.best);
        expect(fast.finite).toBe(reference.finite);
        expectClose(fast.sums, reference.sums, () => 0);
        expectClose([fast.squares], [reference.squares], () => 1e-12 * reference.squares);
      }),
      runs,
    );
  });

  test("no kernel leaves a subnormal number behind, and none changes JavaScript's own", () => {
    const kernels = set.open(1 << 20);
    const { arena } = kernels;
    const [m, n, k] = [9, 13, 21];
    const matrix = (rows: number, cols: number, value: number) => {
      const t = arena.floats(rows, cols);
      t.data.forEach((_x, i) => {
        t.data[i] = value * (1 + (i % 7) / 7);
      });
      return t;
    };
    const few = smallest[set.dtype] * 4;
    const root = Math.sqrt(smallest[set.dtype]) / 64;
    const logits = matrix(m, n, 0);
    logits.data.forEach((_x, i) => {
      logits.data[i] = i % n === 0 ? 0 : Math.log(smallest[set.dtype]) + 2 - (i % n) / 2;
    });
    const labels = arena.ints(m);
    const probs = arena.floats(m, n);
    const row = (value: number) => matrix(1, n, value);
    const y = () => arena.floats(m, n);
    const outs: Tensor[] = [probs];
    const made = (make: (out: Tensor) => void, out = y()) => {
      make(out);
      outs.push(out);
    };
    made((out) => kernels.matmul(out, matrix(m, k, root), matrix(k, n, root), row(0), "relu"));
    made((out) => kernels.matmulTN(out, matrix(k, m, root), matrix(k, n, root)));
    made((out) => kernels.matmulNT(out, matrix(m, k, root), matrix(n, k, root)));
    made((out) => kernels.matmulNT(out, matrix(1, k, root), matrix(n, k, root)), arena.floats(1, n));
    made((out) => kernels.columnSums(out, matrix(2, n, few / 32)), arena.floats(1, n));
    made((out) => kernels.sigmoid(out, matrix(m, n, Math.log(smallest[set.dtype]) * 0.9)));
    made((out) => kernels.sigmoidBackward(out, matrix(m, n, few), matrix(m, n, 1e-3)));
    made((out) => kernels.tanhBackward(out, matrix(m, n, few), matrix(m, n, 0.49)));
    kernels.softmaxCrossEntropy(probs, logits, labels);
    made((out) => kernels.softmaxCrossEntropyBackward(out, probs, labels));
    made((out) => kernels.multiply(out, matrix(m, n, few), matrix(m, n, 0.1)));
    made((out) => kernels.scale(out, 0.1, matrix(m, n, few)));
    made((out) => kernels.axpy(out, 0.1, matrix(m, n, few)));
    const rows = [row(0), row(0), row(0), row(0), row(0)] as const;
    made((out) => kernels.batchNorm(out, y(), rows[0], rows[1], rows[2], matrix(m, n, root), row(few), row(0), 1e-6));
    made((out) => kernels.batchNormEvaluate(out, matrix(m, n, few), row(0), row(1), row(0.1), row(0), 1e-6));
    made((out) => kernels.batchNormBackward(out, rows[3], rows[4], matrix(m, n, few), y(), row(0.1), row(0.1)));
    outs.push(...rows);
    for (const [i, { data }] of outs.entries()) {
      const subnormal = [...data].filter((x) => x !== 0 && Math.abs(x) < smallest[set.dtype]);
      expect(subnormal, `result ${i}`).toEqual([]);
    }
    expect(outs.filter(({ data }) => data.some((x) => x !== 0)).length).toBeGreaterThan(4);
    expect(Number.MIN_VALUE / 1).toBeGreaterThan(0);
    expect(Math.fround(1e-42)).toBeGreaterThan(0);
  });

  test("gathered pixels are byte/255 in float32, exactly, from any place in memory", () => {
    const data = new Uint8Array(new SharedArrayBuffer(600 * 7 + 3), 3);
    data.forEach((_b, i) => {
      data[i] = (i * 89) % 256;
    });
    for (const width of [1, 7, 16, 28, 784]) {
      const count = Math.floor(data.length / width);
      const source = { data: data.subarray(0, count * width), count, width };
      const kernels = set.open(1 << 20);
      const indices = kernels.arena.ints(9);
      indices.data.set([0, count - 1, 1, 1, 2, 0, 4, 3, 2].map((i) => Math.min(i, count - 1)));
      const out = kernels.arena.floats(9, width);
      kernels.gatherRows(out, source, indices);
      out.data.forEach((value, i) => {
        const byte = data[indices.data[Math.floor(i / width)] * width + (i % width)];
        expect(value).toBe(Math.fround(byte / 255));
      });
    }
  });

  test("what does not fit is refused before it is written", () => {
    const kernels = set.open(1 << 16);
    const { arena } = kernels;
    const [a, b] = [arena.floats(2, 3), arena.floats(4, 5)];
    expect(() => kernels.matmul(arena.floats(2, 5), a, b, null, "none")).toThrow(/b must be \[3, 5\], got \[4, 5\]/);
    expect(() => kernels.relu(a, set.open(1 << 16).arena.floats(2, 3))).toThrow(/must lie in the kernels' own arena/);
    const labels = arena.ints(2);
    labels.data[1] = 3;
    expect(() => kernels.softmaxCrossEntropy(a, a, labels)).toThrow(/labels must be in \[0, 3\), got 3 at position 1/);
    const source = { data: new Uint8Array(9), count: 3, width: 3 };
    expect(() => kernels.gatherRows(a, source, labels)).toThrow(/indices must be in \[0, 3\)/);
  });
});

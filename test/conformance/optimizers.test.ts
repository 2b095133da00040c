import fc from "fast-check";
import { expect, test } from "vitest";
import type { Dtype } from "../../src/core/tensor.ts";
import { tiny } from "../../src/core/tiny.ts";
import { optimizerFromText } from "../../src/optim/from-text.ts";
import { defineOptimizer } from "../../src/optim/optimizer.ts";
import { optimizerNamed, optimizers } from "../../src/optim/registry.ts";
import { trajectory } from "../support/trajectory.ts";

const dtypes: Dtype[] = ["float32", "float64"];

const noisy = (w: ArrayLike<number>, i: number, t: number) => Math.sin(i * 12.9898 + t * 78.233) + 0.1 * w[i];

/** Rates for a bowl, of the rules whose steps are as large as lr itself, and of those that find their own. */
const bowlRates: Readonly<Record<string, number>> = {
  lion: 0.01,
  lamb: 0.01,
  adadelta: 1,
  prodigy: 1,
  adagradKeras: 0.5,
};

for (const optimizer of optimizers) {
  for (const dtype of dtypes) {
    test(`${optimizer.name}: the compiled rule gives the interpreter's bits in ${dtype}`, () => {
      for (const n of [1, 3, 4, 5, 17, 130]) {
        const start = Array.from({ length: n }, (_, i) => Math.cos(i));
        const compiled = trajectory(optimizer, { compiled: true, dtype }, start, noisy, 10);
        expect(compiled).toEqual(trajectory(optimizer, { compiled: false, dtype }, start, noisy, 10));
        expect(compiled[0]).not.toEqual(start);
      }
    });
  }

  test(`${optimizer.name}: minimises a quadratic bowl`, () => {
    const start = [3, -2, 0.5];
    const [w] = trajectory(
      optimizer,
      { compiled: true, dtype: "float64", hyper: { lr: bowlRates[optimizer.name] ?? 0.1 } },
      start,
      (x, i) => x[i],
      3000,
    );
    for (const x of w) {
      expect(Math.abs(x)).toBeLessThan(0.06);
    }
  });

  // A rule with a norm or a sum mixes its elements.
  const { perTensor, overall } = optimizer.program;
  if (!perTensor && !overall) {
    test(`${optimizer.name}: a gradient that is not a number stays in its own element`, () => {
      const gradient = (_: ArrayLike<number>, i: number) => (i === 2 ? Number.NaN : 1);
      const [w] = trajectory(optimizer, { compiled: true, dtype: "float32" }, [0, 0, 0, 0, 0, 0], gradient, 2);
      expect(w.map(Number.isNaN)).toEqual([false, false, true, false, false, false]);
    });
  }
}

test("adam's first step has size lr, whatever the gradient's scale", () => {
  const scales = [0.1, 1, 1e4];
  const [w] = trajectory(
    optimizerNamed("adam"),
    { compiled: true, dtype: "float64" },
    [0, 0, 0],
    (_, i) => scales[i],
    1,
  );
  for (const x of w) {
    expect(x).toBeCloseTo(-0.001, 7);
  }
});

/** A random vector expression of the language over w, g, v and the scalars a, b. */
const { expression } = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom("w", "g", "v", "a", "b", "2", "0.5"),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/"), tie("expression"))
      .map(([l, o, r]) => `(${l} ${o} ${r})`),
    fc.tuple(fc.constantFrom("sqrt", "abs", "sign"), tie("expression")).map(([f, x]) => `${f}(${x})`),
    fc
      .tuple(fc.constantFrom("min", "max"), tie("expression"), tie("expression"))
      .map(([f, x, y]) => `${f}(${x}, ${y})`),
    tie("expression").map((x) => `(-${x})`),
    fc.tuple(tie("expression"), tie("expression"), tie("expression")).map(([c, x, y]) => `where(${c}, ${x}, ${y})`),
    fc.tuple(fc.constantFrom("w", "g", "v"), fc.integer({ min: 1, max: 8 })).map(([x, k]) => `${x}^${k}`),
    tie("expression").map((x) => `norm(g + ${x})`),
    tie("expression").map((x) => `sum(v + ${x})`),
    tie("expression").map((x) => `orthogonal(g + ${x})`),
  ),
}));

test("any rule gives the same bits compiled and interpreted, norms, NaN and odd lengths included", () => {
  // Numbers that are 0 to a rule, and numbers whose squares are, in both dtypes.
  const small = fc.constantFrom(1e-40, -3e-38, 1.3e-35, -1.1e-35, 3.5e-18, 1e-19, 1e-310, -1e-306, 3e-305, 1e-153);
  const special = fc.oneof(fc.constantFrom(0, -0, 1, -1, Number.NaN, Infinity, -Infinity, 1e30), small);
  const value = fc.oneof(fc.double({ min: -10, max: 10, noNaN: true }), special);
  fc.assert(
    fc.property(
      fc.tuple(expression, expression, expression),
      fc.array(value, { minLength: 1, maxLength: 23 }),
      fc.constantFrom(...dtypes),
      ([u, v, w], start, dtype) => {
        const rule = `u = g + ${u}\nv = ${v} + v\nw = ${w} - a * u`;
        const optimizer = optimizerFromText("random", rule, { a: 0.3, b: -1.7 });
        const middle = Math.floor(start.length / 2);
        const segments = [
          { begin: 0, count: middle },
          { begin: middle, count: start.length - middle },
        ];
        const gradient = (x: ArrayLike<number>, i: number) => start[(i * 7 + 3) % start.length] - x[i];
        const run = (compiled: boolean) => trajectory(optimizer, { compiled, dtype, segments }, start, gradient, 2);
        expect(run(true)).toEqual(run(false));
      },
    ),
    { numRuns: 300 },
  );
});

for (const dtype of dtypes) {
  test(`min, max and sign are JavaScript's own for every pair of zeros, infinities and NaN, in ${dtype}`, () => {
    const values = [0, -0, 2, -2, Infinity, -Infinity, Number.NaN, 0.5, 1e-30];
    // A gradient's zero is +0, and so is one that a line assigns: one over it tells the sign.
    const pairs = values.flatMap((w) => values.map((g) => [w, g === 0 ? 0 : g] as const));
    const asked: readonly [string, (w: number, g: number) => number][] = [
      ["min(w, g)", Math.min],
      ["min(w, -g)", (w, g) => Math.min(w, -g)],
      ["max(w, g)", Math.max],
      ["max(w, -g)", (w, g) => Math.max(w, -g)],
      ["sign(w) * sign(g)", (w, g) => Math.sign(w) * Math.sign(g)],
    ];
    for (const [text, of] of asked) {
      const setting = { compiled: true, dtype };
      const start = pairs.map(([w]) => w);
      const gradient = (_: ArrayLike<number>, i: number) => pairs[i][1];
      const [w] = trajectory(optimizerFromText("typed", `w = 2 + 1 / (${text})`), setting, start, gradient, 1);
      const rounded = dtype === "float32" ? Math.fround : (x: number) => x;
      expect(w, text).toEqual(pairs.map(([w, g]) => rounded(2 + rounded(1 / of(rounded(w), rounded(g))))));
    }
  });
}

for (const optimizer of [
  ...optimizers,
  optimizerFromText("typed", "u = 0.9 * u + g * g\nv = 0.99 * v + 0.01 * (g - u)\nw = w - lr * v"),
]) {
  for (const dtype of dtypes) {
    test(`${optimizer.name}: state without a gradient comes to rest at 0, in ${dtype}`, () => {
      const normal = dtype === "float32" ? 2 ** -126 : 2 ** -1022;
      const steps = dtype === "float32" ? 1200 : 9000;
      // From the second step on, one weight has no gradient; the squares of another's are subnormal.
      const gradient = (_: ArrayLike<number>, i: number, t: number) =>
        i === 0 ? 1 : t === 1 ? 0.1 : i === 1 ? 0 : root;
      const root = Math.sqrt(normal) / 8;
      const tensors = trajectory(optimizer, { compiled: true, dtype }, [1, 1, 1, 1, 1], gradient, steps);
      for (const data of tensors) {
        expect(data.filter((x) => x !== 0 && Math.abs(x) < normal)).toEqual([]);
      }
      if (optimizer.name === "momentum" || optimizer.name === "nesterov") {
        expect(tensors[1][1]).toBe(0);
      }
    });
  }
}

test("a step of any rule leaves nothing smaller than its tiny number, NaN apart", () => {
  const value = fc.double({ min: -1e-30, max: 1e-30, noNaN: true });
  const rules = ["w = w - lr * g", "v = v + g^3\nw = w - v", "w = w * 0.001\nu = g * w\nw = w + u"];
  fc.assert(
    fc.property(fc.constantFrom(...rules), fc.array(value, { minLength: 1, maxLength: 9 }), (rule, start) => {
      for (const compiled of [true, false]) {
        const setting = { compiled, dtype: "float32" as const };
        const tensors = trajectory(optimizerFromText("any", rule), setting, start, (_, i) => start[i] / 3, 2);
        expect(tensors.flat().filter((x) => x !== 0 && Math.abs(x) < tiny.float32)).toEqual([]);
      }
    }),
  );
});

test("norm(w) is that of each parameter tensor by itself", () => {
  const optimizer = optimizerFromText("unit", "w = w / norm(w)");
  const segments = [
    { begin: 0, count: 2 },
    { begin: 2, count: 1 },
  ];
  for (const compiled of [true, false]) {
    const [w] = trajectory(optimizer, { compiled, dtype: "float64", segments }, [3, 4, -7], () => 0, 1);
    expect(w).toEqual([0.6, 0.8, -1]);
  }
});

test("slots and hyper-parameters of a typed rule are found in its text", () => {
  const optimizer = optimizerFromText("mine", "v = momentum * v - lr * g\nw = w + v", { lr: 0.3 });
  expect(optimizer.slots).toEqual(["v"]);
  expect(Object.entries(optimizer.hyper).map(([name, h]) => [name, h.default])).toEqual([
    ["momentum", 0.9],
    ["lr", 0.3],
  ]);
  expect(() => optimizerFromText("mine", "w = w - rate * g")).toThrow(/rate with neither/);
});

test("names that are taken twice, and unknown optimizers, are refused", () => {
  const base = { label: "X", about: "", hyper: {}, slots: ["g"], rule: "w = w - g", name: "x" };
  expect(() => defineOptimizer(base)).toThrow(/every name must be used once, got g twice/);
  expect(() => optimizerNamed("adm")).toThrow(/got "adm"\. Did you mean adam\?/);
});

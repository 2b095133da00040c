import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Arena } from "../core/arena.ts";
import { inLanguage } from "../core/text.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { optimizerOfRule } from "../optim/from-text.ts";
import { Updater } from "../optim/updater.ts";
import type { Expression } from "./ast.ts";
import { derivative } from "./derivative.ts";
import { scalarFunction } from "./evaluate-scalar.ts";
import { planeExpression } from "./expression.ts";
import { FormulaError } from "./formula-error.ts";
import { expressionMathml, mathml } from "./mathml.ts";
import { parse, parseExpression } from "./parse.ts";
import { Tape } from "./tape.ts";
import { ruleTex } from "./tex.ts";
import { trace } from "./trace.ts";

/** f(x, f(x, … y)) */
const nested = (open: string, inner: string, close: string, depth: number) =>
  `${open.repeat(depth)}${inner}${close.repeat(depth)}`;

/** Texts that nest as deep, or go on as long, as an expression may. */
const attacks: Readonly<Record<string, string>> = {
  "max of max": nested("max(x,", "y", ")", 40),
  "min of max of min": nested("min(x,max(y,", "x", "))", 20),
  "products of powers": nested("x*(y+", "x^2", ")", 45),
  "powers of powers": nested("x^(y*", "x", ")", 45),
  quotients: nested("x/(1+", "y", ")", 45),
  "roots and exponentials": nested("sqrt(exp(", "x", "))", 25),
  "a long sum": `x${"+y".repeat(149)}`,
  "a long product": `x${"*y".repeat(149)}`,
  "a long quotient": `x${"/y".repeat(149)}`,
  "sines of sines": nested("sin(x*", "y", ")", 40),
};

describe.each(Object.entries(attacks))("an expression that is %s", (_, text) => {
  test("has derivatives of a few steps a character, and values", () => {
    const expression = parseExpression(text);
    const parts = ["x", "y"].map((name) => derivative(expression, name));
    expect(new Tape([expression, ...parts], ["x", "y"]).length).toBeLessThan(12 * text.length);
    const { value, dx, dy } = planeExpression(text);
    for (const of of [value, dx, dy]) {
      expect(of(0.7, 0.9)).toBeTypeOf("number");
    }
  });

  test("is drawn in a few hundred characters of markup a character", () => {
    expect(expressionMathml(parseExpression(text)).length).toBeLessThan(400 * text.length);
  });
});

test("26 nested maxima, 183 characters, have the derivative of the largest", () => {
  const text = nested("max(x,", "y", ")", 26);
  expect(text).toHaveLength(183);
  const { value, dx, dy } = planeExpression(text);
  expect([value(1, 2), dx(1, 2), dy(1, 2)]).toEqual([2, 0, 1]);
  expect([value(3, 2), dx(3, 2), dy(3, 2)]).toEqual([3, 1, 0]);
});

test("second and third derivatives stay in proportion as well", () => {
  let of = parseExpression(attacks["products of powers"]);
  for (let order = 1; order <= 3; order++) {
    of = derivative(of, "x");
    expect(new Tape([of], ["x", "y"]).length).toBeLessThan(3000 * order);
  }
});

/** An expression by its tree, not by its text: as large as fast-check likes, written out. */
const expressionText = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 30, depthSize: "large", withCrossShrink: true },
    fc.constantFrom("x", "y", "2", "0.5", "3"),
    fc.tuple(fc.constantFrom("max", "min"), tie("expression"), tie("expression")).map(([f, a, b]) => `${f}(${a},${b})`),
    fc
      .tuple(tie("expression"), fc.constantFrom("+", "-", "*", "/", "^"), tie("expression"))
      .map(([a, sign, b]) => `(${a}${sign}${b})`),
    fc
      .tuple(fc.constantFrom("sqrt", "abs", "sign", "exp", "log", "sin", "cos", "-"), tie("expression"))
      .map(([f, a]) => `${f}(${a})`),
  ),
})).expression;

test("a shared expression has the bits of the one written out, its derivatives too", () => {
  const written = (of: Expression) => scalarFunction(of, (name) => ["x", "y"].indexOf(name));
  fc.assert(
    fc.property(expressionText, fc.double(), fc.double(), (text, x, y) => {
      // Written out, the derivatives of longer ones are too long.
      fc.pre(text.length <= 60);
      const expression = parseExpression(text);
      const { value, dx, dy } = planeExpression(text);
      const at = Float64Array.of(x, y);
      expect(value(x, y)).toBe(written(expression)(at));
      expect(dx(x, y)).toBe(written(derivative(expression, "x"))(at));
      expect(dy(x, y)).toBe(written(derivative(expression, "y"))(at));
    }),
    { numRuns: 500 },
  );
});

test("any expression is answered in proportion to its length, or refused by its length or its depth", () => {
  fc.assert(
    fc.property(expressionText, (text) => {
      let expression: Expression;
      try {
        expression = parseExpression(text);
      } catch (error) {
        expect((error as FormulaError).message).toMatch(/at most 300 characters|nest at most 100 deep/);
        return;
      }
      const parts = ["x", "y"].map((name) => derivative(expression, name));
      expect(new Tape(parts, ["x", "y"]).length).toBeLessThanOrEqual(12 * text.length);
      expect(expressionMathml(expression).length).toBeLessThan(400 * text.length + 100);
    }),
    { numRuns: 500 },
  );
});

/** Rules at the edge of what is allowed. */
const rules: Readonly<Record<string, string>> = {
  "one long line": `w = w${" - g".repeat(740)}`,
  "sixty-four lines": `${Array.from({ length: 63 }, (_, i) => `a${i} = g * ${i}${i > 0 ? ` + a${i - 1}` : ""}`).join("\n")}\nw = w - a62`,
  "nested maxima": `w = w - ${nested("max(g,", "w", ")", 98)}`,
  "nested powers": `w = w - ${nested("(", "g", ")^8", 45)}`,
  "nested norms": `w = w - g * ${nested("norm(g * ", "norm(g)", ")", 90)}`,
  "signs of signs": `w = w - ${nested("sign(", "g", ")", 95)}`,
  "sixteen slots": `${Array.from({ length: 16 }, (_, i) => `s${i} = s${i} + g`).join("\n")}\nw = w - ${Array.from({ length: 16 }, (_, i) => `s${i}`).join(" - ")}`,
};

describe.each(Object.entries(rules))("a rule of %s", (_, rule) => {
  test("is compiled, interpreted, traced and drawn", () => {
    const optimizer = optimizerOfRule("custom", rule);
    const assignments = parse(rule);
    expect(ruleTex(rule).length).toBeLessThan(60 * rule.length);
    expect(mathml(assignments).length).toBeLessThan(400 * rule.length);
    const vectors = Object.fromEntries(["w", "g", ...optimizer.slots].map((name) => [name, [0.5, 0.25]]));
    expect(trace(assignments, { t: 1, hyper: {}, vectors })).toHaveLength(assignments.length);
    const after = (["reference", "wasm-simd"] as const).map((name) => {
      // Only the arena and the name matter to an updater.
      const kernels = { ...referenceKernels("float64").open(0), arena: new Arena("float64", 1 << 16), name };
      const [params, grads] = [kernels.arena.floats(1, 5), kernels.arena.floats(1, 5)];
      params.data.set([0.1, 0.2, 0.3, 0.4, 0.5]);
      grads.data.set([0.1, -0.2, 0.3, -0.4, 0]);
      new Updater({ optimizer, kernels, params, grads }).step();
      return Array.from(params.data);
    });
    expect(after[1]).toEqual(after[0]);
  });
});

test.each([
  ["too many characters", `w = w - g # ${"a".repeat(4000)}`, /at most 4000 characters, got 4012/, /4000文字まで/],
  ["too many signs", `w = w${"-g".repeat(800)}`, /at most 1500 numbers, names and signs/, /1500個まで/],
  ["too many lines", "w = w - g\n".repeat(65), /at most 64 lines/, /64行まで/],
  ["too deep", `w = ${nested("abs(", "g", ")", 101)}`, /nest at most 100 deep/, /100段まで/],
  [
    "too many slots",
    `${Array.from({ length: 17 }, (_, i) => `s${i} = s${i} + g`).join("\n")}\nw = w - s0`,
    /at most 16 vectors from step to step, got 17/,
    /16個まで/,
  ],
])("a rule with %s is refused in both languages", (_, rule, en, ja) => {
  expect(() => optimizerOfRule("custom", rule)).toThrow(FormulaError);
  try {
    optimizerOfRule("custom", rule);
  } catch (error) {
    const { problem } = error as FormulaError;
    expect(inLanguage(problem, "en")).toMatch(en);
    expect(inLanguage(problem, "ja")).toMatch(ja);
  }
});

import fc from "fast-check";
import { expect, test } from "vitest";
import { anyText } from "../../test/support/any-text.ts";
import { check } from "./check.ts";
import { FormulaError } from "./formula-error.ts";
import { parse } from "./parse.ts";
import { ruleTex } from "./tex.ts";

const names = { slots: ["v"], hyper: ["lr", "momentum"] };

function failure(rule: string): FormulaError {
  try {
    check(parse(rule), names);
  } catch (error) {
    expect(error).toBeInstanceOf(FormulaError);
    return error as FormulaError;
  }
  throw new Error(`accepted: ${rule}`);
}

test.each([
  ["w = w - lr * gg", 1, 14, /nothing is called gg here\. Did you mean g\?/],
  ["v = v\nw = w - * g", 2, 9, /a number, a name or "\(" is needed here, got "\*"/],
  ["w = w - lr g", 1, 12, /an operator .* or the end of the line must follow, got "g"/],
  ["w = (w - lr", 1, 12, /the bracket must be closed, got the end of the line/],
  ["w = w - lr * g @", 1, 16, /are allowed here, got "@"/],
  ["w = w - sqroot(g)", 1, 9, /no function is called sqroot\. Did you mean sqrt\?/],
  ["w = max(g)", 1, 5, /max takes 2 values, got 1/],
  ["w = g^0.5", 1, 6, /whole number from 1 to 8.*use sqrt/],
  ["w = exp(g)", 1, 5, /exp works on scalars only/],
  ["w = norm(lr) * g", 1, 5, /norm takes a vector/],
  ["g = 2 * g\nw = w - g", 1, 1, /g is given and cannot be assigned/],
  ["lr = 1\nw = w - lr * g", 1, 1, /lr is given/],
  ["a = lr\na = 2 * a\nw = w - a * g", 2, 1, /a is already defined above/],
  ["v = v - g", 1, 1, /a rule must assign w/],
  ["3 = w", 1, 1, /a line begins with the name it assigns/],
  ["w", 1, 2, /= \+= -= \*= or \/= follows the name/],
  ["w = 1e999", 1, 5, /a number must be finite/],
])("%j is refused at line %i, column %i", (rule, line, column, message) => {
  const error = failure(rule);
  expect([error.line, error.column]).toEqual([line, column]);
  expect(error.message).toMatch(message);
});

test("deep nesting is refused, not a stack overflow", () => {
  expect(failure(`w = ${"(".repeat(3000)}`).message).toMatch(/nest at most 100 deep/);
  expect(failure(`w = ${"-".repeat(3000)}w`).message).toMatch(/nest at most 100 deep/);
  expect(failure(`w = w${"^2".repeat(1500)}`).message).toMatch(/nest at most 100 deep/);
});

test("no text makes the parser or the checker throw anything but a FormulaError", () => {
  const piece = fc.constantFrom(
    "w",
    "g",
    "v",
    "lr",
    "t",
    "=",
    "+",
    "-",
    "*",
    "/",
    "^",
    "(",
    ")",
    ",",
    "2",
    "1e3",
    "\n",
    " ",
    "norm",
    "sqrt",
    "min",
    "#",
    "u",
    "+=",
    "é",
    "💥",
  );
  fc.assert(
    fc.property(
      fc.oneof(
        anyText(),
        fc.array(piece, { maxLength: 30 }).map((p) => p.join("")),
      ),
      (text) => {
        try {
          check(parse(text), names);
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
          const { line, column } = error as FormulaError;
          expect(line).toBeGreaterThanOrEqual(1);
          expect(column).toBeGreaterThanOrEqual(1);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test("scalars are lifted out of the loop, and one fused loop is left", () => {
  const program = check(parse("a = lr * sqrt(1 - momentum^t)\nv = momentum * v - a * g\nw += v"), names);
  expect(program.stages.map((s) => s.kind)).toEqual(["scalars", "loop"]);
  expect(program.scratch).toEqual([]);
  expect(program.perTensor).toBe(false);
});

test("a temporary used after a norm becomes a scratch vector", () => {
  const program = check(parse("u = g / (sqrt(v) + lr)\nr = norm(w) / norm(u)\nw = w - lr * r * u"), names);
  expect(program.stages.map((s) => s.kind)).toEqual(["loop", "norm", "norm", "scalars", "loop"]);
  expect(program.scratch).toEqual(["u"]);
  expect(program.perTensor).toBe(true);
});

test("a norm in the middle of a line is computed before the line, from what stands above it", () => {
  const vectors = check(parse("v = v - g\nw = w + v / max(1, norm(v))"), names);
  expect(vectors.stages.map((s) => s.kind)).toEqual(["loop", "norm", "scalars", "loop"]);
  const scalars = check(parse("a = 2 * lr\nr = a * norm(w)\nw = w - r * g"), names);
  expect(scalars.stages.map((s) => s.kind)).toEqual(["scalars", "norm", "scalars", "loop"]);
});

test("a rule is printed as TeX with brackets only where they are needed", () => {
  expect(ruleTex("w = w - lr * g / (sqrt(v) + eps)")).toBe(
    "\\begin{aligned}w &\\leftarrow w - \\frac{\\eta\\,g}{\\sqrt{v} + \\varepsilon}\\end{aligned}",
  );
  expect(ruleTex("m = m + (1 - beta1) * (g - m)")).toContain("m + \\left(1 - \\beta_1\\right)\\,\\left(g - m\\right)");
  expect(ruleTex("v = (a - b)^2 - (a - b) - -c * 2e-9")).toContain(
    "\\left(a - b\\right)^{2} - \\left(a - b\\right) - -c\\cdot 2 \\cdot 10^{-9}",
  );
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planeExpression } from "./expression.ts";
import { FormulaError } from "./formula-error.ts";

/** Central difference, with a step that keeps both errors small. */
function slope(f: (x: number, y: number) => number, x: number, y: number, axis: "x" | "y"): number {
  const h = 1e-5 * Math.max(1, Math.abs(axis === "x" ? x : y));
  return axis === "x" ? (f(x + h, y) - f(x - h, y)) / (2 * h) : (f(x, y + h) - f(x, y - h)) / (2 * h);
}

const texts = [
  "x^2/20 + y^2",
  "(1 - x)^2 + 100 * (y - x^2)^2",
  "sqrt(x^2 + y^2 + 1)",
  "exp(-x^2 / 4) * cos(3 * y) - sin(x * y)",
  "log(1 + x^2) / (2 + y^2)",
  "abs(x) + max(x, y) - min(2 * x, -y)",
  "(x^2 + 2)^(y / 5)",
  "2^x - y^-2 + x^0.5^2",
  "-(x - 3)^3 * -y",
  "sign(x) * y",
];

describe("the gradient of an expression", () => {
  test.each(texts)("%s agrees with central differences", (text) => {
    const { value, dx, dy } = planeExpression(text);
    const coordinate = fc.double({ min: 0.3, max: 3, noNaN: true });
    fc.assert(
      fc.property(coordinate, coordinate, (x, y) => {
        // min and max have corners where both sides are equal.
        fc.pre(Math.abs(x - y) > 1e-2);
        for (const [derivative, axis] of [
          [dx, "x"],
          [dy, "y"],
        ] as const) {
          const expected = slope(value, x, y, axis);
          expect(Math.abs(derivative(x, y) - expected)).toBeLessThan(1e-5 * Math.max(1, Math.abs(expected)));
        }
      }),
      { numRuns: 100 },
    );
  });

  test("of the book's ravine has the bits of (x/10, 2y)", () => {
    const { dx, dy } = planeExpression("x^2/20 + y^2");
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -1e3, max: 1e3 }), fc.double({ noNaN: true }), (x, y) => {
        expect(dx(x, y)).toBe(x / 10);
        expect(dy(x, y)).toBe(2 * y);
      }),
    );
  });

  test("at a corner is the mean of both sides", () => {
    expect(planeExpression("abs(x)").dx(0, 1)).toBe(0);
    expect(planeExpression("max(x, 3*x)").dx(0, 1)).toBe(2);
  });
});

test.each([
  ["x + z", 5, /only x and y have values here, got z/],
  ["x +", 4, /a number, a name or "\(" is needed here, got the end of the line/],
  ["x y", 3, /an operator/],
  ["x = 3", 3, /an operator/],
  ["", 1, /a number, a name/],
  ["norm(x)", 1, /norm takes a vector/],
  ["x; y", 2, /an operator .* got ";"/],
  [`x${"+x".repeat(200)}`, 301, /at most 300 characters/],
  ["alert(1)", 1, /no function is called alert/],
  ["constructor", 1, /only x and y/],
])("%j is refused", (text, column, message) => {
  try {
    planeExpression(text, "surface");
  } catch (error) {
    expect(error).toBeInstanceOf(FormulaError);
    expect((error as FormulaError).column).toBe(column);
    expect((error as FormulaError).message).toMatch(message);
    expect((error as FormulaError).message).toMatch(/^surface, line 1/);
    return;
  }
  throw new Error("accepted");
});

test("the longest expressions are still answered at once", () => {
  const { dx } = planeExpression(`${"x*".repeat(149)}x`);
  expect(dx(1, 0)).toBe(150);
});

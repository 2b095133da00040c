import { expect, test } from "vitest";
import { optimizers } from "../../optim/registry.ts";
import { problemOf, tidyRule } from "./rule-problem.ts";

test.each([
  ["w = w - lr * gg", "gg"],
  ["v = momentum * v - lr * g\nw = w + velocity", "velocity"],
  ["v = v\r\nw = w - * g", "*"],
  ["w = w - (lr * g", "g"],
  ["w = g^0.5", "^"],
  ["w = w - sqroot(g); v = v", "sqroot"],
])("in %j the underlined text is %j", (rule, underlined) => {
  const problem = problemOf(rule)!;
  expect(rule.slice(problem.from, problem.to)).toBe(underlined);
  expect(problem.sentence).toMatchObject({
    en: expect.stringMatching(/^Line \d/),
    ja: expect.stringMatching(/文字目/),
  });
});

test("every built-in rule, tidied, has no problem", () => {
  for (const optimizer of optimizers) {
    expect(problemOf(tidyRule(optimizer))).toBeNull();
    expect(tidyRule(optimizer)).not.toMatch(/^\s|\n\s/);
  }
});

test("an empty text underlines nothing and still says what is missing", () => {
  expect(problemOf("")).toMatchObject({ from: 0, to: 0 });
});

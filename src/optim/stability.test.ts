import { expect, test } from "vitest";
import { optimizerFromText } from "./from-text.ts";
import { optimizerNamed } from "./registry.ts";
import { stabilityLimit } from "./stability.ts";

const defaults = (name: string, over: Record<string, number> = {}) => {
  const optimizer = optimizerNamed(name);
  const hyper = Object.fromEntries(Object.entries(optimizer.hyper).map(([word, { default: value }]) => [word, value]));
  return { optimizer, hyper: { ...hyper, ...over } as Record<string, number> };
};

test.each([0.1, 2, 37])("SGD's limit on a bowl of curvature %f is 2 / curvature", (curvature) => {
  const { optimizer, hyper } = defaults("sgd");
  expect(stabilityLimit(optimizer, hyper, curvature)! * curvature).toBeCloseTo(2, 5);
});

test.each([0, 0.5, 0.9, 0.99])("Momentum's limit with momentum %f is 2(1 + momentum) / curvature", (momentum) => {
  const { optimizer, hyper } = defaults("momentum", { momentum });
  expect(stabilityLimit(optimizer, hyper, 2)!).toBeCloseTo(1 + momentum, 4);
});

test.each([0, 0.5, 0.9])(
  "Nesterov's limit with momentum %f is 2(1 + momentum) / ((1 + 2 momentum) curvature)",
  (momentum) => {
    const { optimizer, hyper } = defaults("nesterov", { momentum });
    expect(stabilityLimit(optimizer, hyper, 2)!).toBeCloseTo((1 + momentum) / (1 + 2 * momentum), 4);
  },
);

test.each(["adagrad", "rmsprop", "adam"])("%s divides by the gradient's size: no lr is the limit", (name) => {
  const { optimizer, hyper } = defaults(name);
  expect(stabilityLimit(optimizer, hyper, 2)).toBeNull();
});

test("a typed linear rule has its limit too, one that grows at any lr has none", () => {
  expect(stabilityLimit(optimizerFromText("mine", "w = w - 2 * lr * g"), {}, 1)).toBeCloseTo(1, 5);
  expect(stabilityLimit(optimizerFromText("mine", "w = w + lr * g"), {}, 1)).toBeNull();
  expect(stabilityLimit(optimizerFromText("mine", "w = w - 0.1 * g"), {}, 1)).toBeNull();
  expect(stabilityLimit(optimizerFromText("mine", "w = w - lr * sign(g)"), {}, 1)).toBeNull();
});

test("just below the limit a path shrinks, just above it grows", () => {
  const { hyper } = defaults("momentum");
  const walk = (lr: number) => {
    let [w, v] = [1, 0];
    for (let i = 0; i < 2000; i++) {
      v = hyper.momentum * v - lr * 2 * w;
      w += v;
    }
    return Math.abs(w);
  };
  const limit = stabilityLimit(optimizerNamed("momentum"), hyper, 2)!;
  expect(walk(0.99 * limit)).toBeLessThan(1);
  expect(walk(1.01 * limit)).toBeGreaterThan(1e3);
});

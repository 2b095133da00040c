import { expect, test } from "vitest";
import { assignmentsOf, choice, fraction, integer, names, parseAssignment, real, resolve, sizes } from "./hyper.ts";

const set = {
  lr: real({ default: 0.01, min: 0, scale: "log" }),
  iterations: integer({ default: 2000, min: 1, max: 1_000_000 }),
  momentum: fraction(0.9),
  activation: choice({ options: ["relu", "sigmoid", "tanh"], default: "relu" }),
  hiddenSizes: sizes({ default: [100, 100] }),
  optimizers: names({ options: ["SGD", "Momentum", "Adam"], default: ["SGD"] }),
};

test.each([
  ["lr=1e-3", ["lr", 0.001]],
  ["iterations = 30", ["iterations", 30]],
  ["hiddenSizes=100x4", ["hiddenSizes", [100, 100, 100, 100]]],
  ["hiddenSizes=[50, 20]", ["hiddenSizes", [50, 20]]],
  ["activation=tanh", ["activation", "tanh"]],
  ["optimizers=adam,sgd", ["optimizers", ["Adam", "SGD"]]],
])("%s is read", (text, expected) => {
  expect(parseAssignment(set, text)).toEqual(expected);
});

test.each([
  ["lr", /--set: must be name=value, got "lr"/],
  ["lr=", /lr: must be a number in \[0, ∞\), got ""/],
  ["lr=-1", /lr: must be a number in \[0, ∞\), got "-1"/],
  ["lr=fast", /lr: must be a number in .* got "fast"/],
  ["lr=NaN", /got "NaN"/],
  ["lr=Infinity", /got "Infinity"/],
  ["iterations=2.5", /iterations: must be a whole number in \[1, 1000000\], got "2.5"/],
  ["iterations=0", /got "0"/],
  ["momentum=1", /momentum: must be a number in \[0, 1\), got "1"/],
  ["activation=rellu", /must be one of relu, sigmoid, tanh, got "rellu"\. Did you mean relu\?/],
  ["hiddenSizes=100,,3", /hiddenSizes: must be layer widths/],
  ["hiddenSizes=100x99999999", /hiddenSizes: must be layer widths/],
  ["optimizers=SGD,Adm", /got "Adm"\. Did you mean Adam\?/],
  ["optimizers=SGD,sgd", /got SGD twice/],
  ["iteratons=3", /iteratons: no such setting\. Did you mean iterations\?/],
  ["toString=3", /toString: no such setting/],
])("%s is refused", (text, message) => {
  expect(() => parseAssignment(set, text)).toThrow(message);
});

test("values given stand over the defaults, and are checked too", () => {
  expect(resolve(set, { lr: 1 })).toMatchObject({ lr: 1, iterations: 2000, hiddenSizes: [100, 100] });
  expect(() => resolve(set, { lr: "1" })).toThrow(/lr: must be a number in \[0, ∞\), got "1"/);
  expect(() => resolve(set, { nope: 1 })).toThrow(/nope: no such setting/);
});

test("a name that is set twice is refused, whichever value would win", () => {
  expect(assignmentsOf(set, ["lr=1", "iterations=3"])).toEqual({ lr: 1, iterations: 3 });
  expect(() => assignmentsOf(set, ["lr=1", "iterations=3", "lr = 1".replace(" ", "")])).toThrow(
    "--set lr: must be given once, got it twice. Leave one out.",
  );
});

test("bounds the wrong way round are refused, naming both", () => {
  const bounds = { lrLow: real({ default: -6 }), lrHigh: real({ default: -2 }), below: real({ default: 0 }) };
  expect(resolve(bounds, { lrLow: -2 })).toMatchObject({ lrLow: -2, lrHigh: -2 });
  for (const given of [{ lrLow: -1 }, { lrHigh: -7 }, { lrLow: 1, lrHigh: 0 }]) {
    const { lrLow, lrHigh } = { lrLow: -6, lrHigh: -2, ...given };
    expect(() => resolve(bounds, given)).toThrow(
      `lrLow, lrHigh: the lower bound must be ≤ the upper one, got ${lrLow} and ${lrHigh}. Swap them.`,
    );
  }
  const bare = { low: real({ default: 1 }), high: real({ default: 2 }), slow: real({ default: 9 }) };
  expect(resolve(bare, { low: 2 })).toMatchObject({ low: 2, high: 2 });
  expect(() => resolve(bare, { low: 3 })).toThrow("low, high: the lower bound must be ≤ the upper one, got 3 and 2.");
});

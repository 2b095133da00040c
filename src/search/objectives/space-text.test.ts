import { expect, test } from "vitest";
import { parseSpace, spaceOf } from "./space-text.ts";

test.each([
  ["lr=1e-5..1e-1:log", ["lr", { kind: "real", low: 1e-5, high: 0.1, scale: "log" }]],
  ["hidden=16..256", ["hidden", { kind: "int", low: 16, high: 256 }]],
  ["hidden=16..256:log", ["hidden", { kind: "int", low: 16, high: 256, scale: "log" }]],
  ["x=0.0..1", ["x", { kind: "real", low: 0, high: 1 }]],
  ["dropRatio=0..0.5:step=0.1", ["dropRatio", { kind: "real", low: 0, high: 0.5, step: 0.1 }]],
  ["batch=32..128:step=32", ["batch", { kind: "int", low: 32, high: 128, step: 32 }]],
  ["t=-3..-1", ["t", { kind: "int", low: -3, high: -1 }]],
  ["optimizer=sgd, adam", ["optimizer", { kind: "category", choices: ["sgd", "adam"] }]],
  ["batchSize=32,64", ["batchSize", { kind: "category", choices: [32, 64] }]],
  ["flag=true,false", ["flag", { kind: "category", choices: [true, false] }]],
] as const)("%s", (text, expected) => {
  expect(parseSpace(text)).toEqual(expected);
});

test("a setting says whether its range holds whole numbers", () => {
  expect(parseSpace("dropRatio=0..1", () => ({ whole: false }))[1]).toEqual({ kind: "real", low: 0, high: 1 });
  expect(() => parseSpace("hidden=1.5..4", () => ({ whole: true }))).toThrow(
    "hidden: min and max must be whole numbers",
  );
});

test.each([
  ["lr", "must be name=low..high"],
  ["=1..2", "must be name=low..high"],
  ["lr=", "must be name=low..high"],
  ["lr=1..", 'bounds must be numbers, got ""'],
  ["lr=a..b", 'bounds must be numbers, got "a"'],
  ["lr=1..2..3", "Give one low and one high bound"],
  ["lr=1e-1..1e-5:log", "lr: min must be ≤ max"],
  ["lr=0..1:log", "lr: a log scale needs min > 0"],
  ["lr=1..2:logarithmic", "options must be log, linear or step=s"],
  ["lr=0..1:step=x", 'bounds must be numbers, got "x"'],
  ["o=sgd,,adam", "choices must not be empty"],
  ["o=sgd,sgd", "each choice may stand once"],
])("%s is refused in one sentence", (text, reason) => {
  expect(() => parseSpace(text)).toThrow(reason);
});

test("numbers stand beside names where a setting takes both", () => {
  const hint = () => ({ mixed: true });
  expect(parseSpace("weightInit=he,xavier,0.01", hint)[1]).toEqual({
    kind: "category",
    choices: ["he", "xavier", 0.01],
  });
  expect(parseSpace("version=1.10,latest")[1]).toEqual({ kind: "category", choices: ["1.10", "latest"] });
});

test("a hyper-parameter that is searched twice is refused, whichever range would win", () => {
  expect(Object.keys(spaceOf(["b=1..2", "a=0..1"]))).toEqual(["b", "a"]);
  expect(() => spaceOf(["lr=1e-5..1e-1:log", "x=0..1", " lr = 1..2"])).toThrow(
    "--space lr: must be given once, got it twice. Leave one out.",
  );
});

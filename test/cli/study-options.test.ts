import { expect, test } from "vitest";
import { prunerChoice, samplerChoice } from "../../src/cli/study-options.ts";

test("a sampler and a pruner are a name with settings behind colons, each checked", () => {
  expect(samplerChoice("Random")).toEqual({ name: "random" });
  expect(samplerChoice("grid:points=3:order=rows")).toEqual({ name: "grid", settings: { points: 3, order: "rows" } });
  expect(prunerChoice("none")).toEqual({ name: "none" });
});

test.each([
  ["tpp", 'sampler: must be a known name, got "tpp". Did you mean tpe?'],
  ["random:x=1", 'random must have the setting, got "x". It has none.'],
  ["grid:pionts=3", 'grid must have the setting, got "pionts". Did you mean points?'],
  ["grid:points", 'must be grid:setting=value, got "grid:points"'],
  ["grid:points=many", '--sampler points: must be a whole number in [1, 100000], got "many"'],
])("--sampler %s is refused in one sentence", (text, reason) => {
  expect(() => samplerChoice(text)).toThrow(reason);
});

test("--pruner medain is refused with the nearest name", () => {
  expect(() => prunerChoice("medain")).toThrow("Did you mean median?");
});

import { expect, test } from "vitest";
import { resolve } from "../core/hyper.ts";
import { checkRun } from "./check-run.ts";
import { chapter, nextPages } from "./registry.ts";

const settingsOf = (id: string, set: Readonly<Record<string, unknown>>) => {
  const { settings, presets } = [...chapter, ...nextPages].find((one) => one.id === id)!;
  return resolve(settings, { ...presets.book, ...set });
};

test("every experiment as the book has it may be run", () => {
  for (const { id } of [...chapter, ...nextPages]) {
    expect(() => checkRun(settingsOf(id, {}), "float64", Number.POSITIVE_INFINITY), id).not.toThrow();
  }
});

test.each([
  [{ "training.mixup": 0.5, batchSize: 1 }, /^mixup: a minibatch must hold at least 2 rows to mix, got batchSize 1/],
  [{ "training.emaDecay": 0.5, "training.swaFrom": 2 }, /one mean/],
  [{ hiddenSizes: [65_536, 65_536] }, /^memory: /],
])("settings that no run can be made of are refused before it begins: %o", (set, sentence) => {
  const settings = settingsOf("weight-decay", set);
  expect(() => checkRun(settings, "float32", Number.POSITIVE_INFINITY)).toThrow(sentence);
});

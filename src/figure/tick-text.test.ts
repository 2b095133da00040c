import { expect, test } from "vitest";
import { tickText, tickTexts } from "./ticks.ts";

test.each([
  [0, "0"],
  [0.12345, "0.123"],
  [99_960, "100000"],
  [100_000, "100000"],
  [123_456, "123000"],
  [1_234_567, "1.2e+6"],
  [0.00012345, "1.2e-4"],
  [-2e-7, "-2e-7"],
])("%d at an axis is %s", (value, text) => {
  expect(tickText(value)).toBe(text);
});

test.each([
  [[0, 2.5], "0, 2.5"],
  [[97.012, 97.048], "97.012, 97.048"],
  [[2_000_000, 2_000_004], "2000000, 2000004"],
  [[0.00012345, 0.00012355], "1.2345e-4, 1.2355e-4"],
  [[0.98123, 0.98131, 0.98139], "0.98123, 0.98131, 0.98139"],
  [[1e-5, 1000], "1e-5, 1000"],
  [[0.1 + 0.2, 0.1 + 0.2], "0.3, 0.3"],
])("the ends %j of a scale can be told apart: %s", (ends, texts) => {
  expect(tickTexts(ends).join(", ")).toBe(texts);
});

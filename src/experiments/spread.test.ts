import { expect, test } from "vitest";
import { spreadText } from "./spread.ts";

test("a spread is that of a sample; one value has none", () => {
  expect([[1, 2, 3, 4], [0.5, 0.5], [0.25], []].map(spreadText)).toEqual([
    "2.500 ± 1.3",
    "0.5000 ± 0.0",
    "0.2500",
    null,
  ]);
});

import { expect, test } from "vitest";
import { runName } from "./series.ts";

test("a run's name tells numbers with three digits, words as they are, and nothing twice", () => {
  expect(runName({ run: "trial 3", tags: { lr: 0.012345, kind: "batchnorm" } })).toBe(
    "trial 3 lr=0.0123 kind=batchnorm",
  );
  expect(runName({ run: "decay=0.1", tags: { weightDecay: 0.1 } })).toBe("decay=0.1");
});

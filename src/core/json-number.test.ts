import fc from "fast-check";
import { expect, test } from "vitest";
import { fromJsonNumber, toJsonNumber } from "./json-number.ts";

test("every number comes back from JSON, NaN and the infinities included", () => {
  fc.assert(
    fc.property(fc.double(), (value) => {
      const back = fromJsonNumber(JSON.parse(JSON.stringify(toJsonNumber(value))), "value");
      // JSON writes −0 as 0.
      expect(back).toBe(Object.is(value, -0) ? 0 : value);
    }),
  );
});

test("what is no number is refused by name", () => {
  for (const wrong of [null, "1", "inf", [], undefined]) {
    expect(() => fromJsonNumber(wrong, "trial 3: value")).toThrow("trial 3: value: must be a number");
  }
});

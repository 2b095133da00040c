import { expect, test } from "vitest";
import { canonicalText } from "./plain-json.ts";

test("canonical text is the same in whatever order keys stand, at every depth; lists keep theirs", () => {
  const text = '{"a":[{"c":"Infinity","d":null},1],"b":"NaN"}';
  expect(canonicalText({ b: Number.NaN, a: [{ d: null, c: Number.POSITIVE_INFINITY }, 1] })).toBe(text);
  expect(canonicalText([2, 1])).toBe("[2,1]");
});

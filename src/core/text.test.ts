import { expect, test } from "vitest";
import { quoted, shortened } from "./text.ts";

const circle: Record<string, unknown> = {};
circle.again = circle;
const thrower = {
  toJSON() {
    throw new Error("no");
  },
};

test.each([
  [12n, "12n"],
  ["a", '"a"'],
  [Number.NaN, "NaN"],
  [undefined, "undefined"],
  [() => {}, "a function"],
  [{ a: [1] }, '{"a":[1]}'],
  [[1n], "an object"],
  [circle, "an object"],
  [thrower, "an object"],
])("any value stands in a sentence, %#", (value, text) => {
  expect(quoted(value)).toBe(text);
});

test("a text that is shortened ends in no half of a character", () => {
  expect([1, 2, 3, 4].map((most) => shortened("a😀b", most))).toEqual(["a…", "a…", "a😀…", "a😀b"]);
});

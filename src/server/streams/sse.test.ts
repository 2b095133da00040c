import { expect, test } from "vitest";
import { resumeAt } from "./sse.ts";

test("a stream goes on after a number that a reader had, and nothing else", () => {
  expect(["7", undefined, "", "seven", "9".repeat(16)].map((last) => resumeAt(last, 3))).toEqual([7, 3, 3, 3, 3]);
});

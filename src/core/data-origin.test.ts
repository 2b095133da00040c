import { expect, test } from "vitest";
import { otherData } from "./data-origin.ts";

test("where nothing was recorded of the data, any will do", () => {
  const origin = { name: "mnist", fingerprint: "0123456789abcdef", trainRows: 2, testRows: 1, classes: 2 };
  expect(otherData("run a", [], [origin])).toBeNull();
  expect(otherData("run a", [origin], [])?.en).toMatch(/must go on with the data it began with/);
});

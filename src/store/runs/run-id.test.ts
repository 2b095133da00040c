import { expect, test } from "vitest";
import { chooseRun } from "./run-id.ts";

test("nothing is the beginning of no id", () => {
  expect(() => chooseRun("", ["20261124-053012-3f2a"])).toThrow(/must be the id of a recorded run.*got ""/);
});

import { expect, test } from "vitest";
import { strictJson } from "./strict-json.ts";

test("quotes and braces within a text are part of it", () => {
  const value = { 'a"{{{{': 'b\\"[[[[', c: "\\" };
  expect(strictJson(JSON.stringify(value), "t.json", { depth: 1 })).toEqual(value);
});

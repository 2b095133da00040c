import { expect, test } from "vitest";
import { fileNameOf } from "./download.ts";

test.each([
  ["iris", "iris"],
  ["画像の探索 その1", "画像の探索-その1"],
  ["größe/2026:11", "größe-2026-11"],
  ["../../etc/passwd", "etc-passwd"],
  [".hidden", "hidden"],
  ["<>|*?", "study"],
  ["", "study"],
])("the file of %j is called %s", (name, file) => {
  expect(fileNameOf(name, "study")).toBe(file);
});

test("a name of a thousand letters becomes one of sixty, of whole letters", () => {
  expect(fileNameOf("𠮷".repeat(1000), "study")).toBe("𠮷".repeat(60));
});

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../src/core/version.ts";

test("the version a record names is that of the package", () => {
  const { version: published } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  expect(version).toBe(published);
});

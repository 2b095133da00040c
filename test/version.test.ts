import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "../src/core/version.ts";

const read = (path: string) => JSON.parse(readFileSync(new URL(`../${path}`, import.meta.url), "utf8"));
const packages = readdirSync(new URL("../packages", import.meta.url));

test("the version a record names is that of the checkout and of every package", () => {
  for (const path of ["package.json", ...packages.map((name) => `packages/${name}/package.json`)]) {
    expect(read(path).version, path).toBe(version);
  }
});

test("the packages ask for one another in this version: operations of the addon go by number", () => {
  expect(read("packages/tanren/package.json").dependencies["@tanren/core"]).toBe(version);
  expect(read("packages/core/package.json").dependencies).toBeUndefined();
  const { optionalDependencies } = read("packages/core/package.json");
  const natives = packages.filter((name) => name.startsWith("native-"));
  expect(optionalDependencies).toEqual(Object.fromEntries(natives.map((name) => [`@tanren/${name}`, version])));
});

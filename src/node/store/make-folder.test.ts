import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { DataError } from "../../core/errors.ts";
import { makeFolder } from "./make-folder.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "tanren-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a folder is made with its parents, and is left alone when it is there", () => {
  const folder = join(scratch(), "a", "b", "c");
  expect(makeFolder(folder)).toBe(folder);
  writeFileSync(join(folder, "kept"), "");
  expect(makeFolder(folder)).toBe(folder);
  expect(statSync(join(folder, "kept")).isFile()).toBe(true);
  expect(makeFolder("/")).toBe("/");
});

test("a link to a folder is one; a file in the way is the system's error", () => {
  const folder = scratch();
  symlinkSync(folder, join(folder, "link"));
  expect(makeFolder(join(folder, "link"))).toBe(join(folder, "link"));
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(folder, "file", "x", "y"))).toThrow("ENOTDIR");
});

test.skipIf(process.platform !== "linux")(
  'a place that answers "no such file" is refused in a sentence, and the call returns',
  () => {
    expect(() => makeFolder("/proc/tanren/a/b")).toThrow(DataError);
    expect(() => makeFolder("/proc/tanren/a/b")).toThrow(/must lie in a place that can hold folders/);
  },
);

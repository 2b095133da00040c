import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findIdxFiles } from "./idx-folder.ts";

test("of a file that is there unpacked and packed the unpacked one is read", () => {
  const folder = mkdtempSync(join(tmpdir(), "tanren-idx-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const name of ["train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"]) {
    writeFileSync(join(folder, name), "");
  }
  const find = findIdxFiles(folder);
  expect(find({ split: "train", part: "images" })).toBe(join(folder, "train-images-idx3-ubyte"));
  expect(find({ split: "train", part: "labels" })).toBe(join(folder, "train-labels-idx1-ubyte.gz"));
});

import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { temporaryFolder } from "./support/cli.ts";
import { blocks, runnable } from "./support/pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

test("the how-to's program for digits names at least 98% of MNIST's test digits rightly", () => {
  const program = blocks("docs/how-to/models.md", "ts").find((code) => code.includes("loadDataset"))!;
  const file = join(temporaryFolder(), "digits.ts");
  writeFileSync(file, runnable(program));
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  expect(stderr).toBe("");
  const [accuracy] = stdout.split("\n");
  expect(Number(accuracy)).toBeGreaterThanOrEqual(0.98);
});

test("the API reference that library.md names is what typedoc writes, with fit, its options and what Node adds", () => {
  const out = join(temporaryFolder(), "reference");
  const typedoc = join(root, "node_modules", "typedoc", "bin", "typedoc");
  const { status, stderr } = spawnSync(process.execPath, [typedoc, "--out", out], { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  for (const page of [
    "index.html",
    "modules/index.html",
    "classes/index.Model.html",
    "functions/node.loadModel.html",
  ]) {
    expect(existsSync(join(out, page)), page).toBe(true);
  }
});

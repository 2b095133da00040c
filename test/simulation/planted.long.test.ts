import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the simulator finds every fault planted in what keeps studies", () => {
  const script = fileURLToPath(new URL("../../scripts/mutate.mjs", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--simulation"], { encoding: "utf8" });
  expect(stdout + stderr).not.toMatch(/ESCAPED/);
  expect(stdout).toMatch(/^(\d+) of \1 planted faults caught$/m);
  expect(status).toBe(0);
}, 7_200_000);

import { execFile } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { claimFolders } from "../../src/cli/outputs.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";

const rows = Array.from({ length: 20 }, (_, i) => `${i},${i % 3},${i % 2 === 0 ? "even" : "odd"}`);

test("a folder named after a second is new, or that of the next second in which all of them are", () => {
  const home = temporaryFolder();
  const at = (began: Date) => ["a", "b"].map((name) => join(home, name, String(began.getTime() / 1000)));
  mkdirSync(join(home, "b", "7"), { recursive: true });
  const began = claimFolders(new Date(7000), at);
  expect(began.getTime()).toBe(8000);
  expect([readdirSync(join(home, "a")), readdirSync(join(home, "b"))]).toEqual([["8"], ["7", "8"]]);
  expect(claimFolders(new Date(7000), at).getTime()).toBe(9000);
});

test("processes that look whether they may write into one folder are not in each other's way", async () => {
  const folder = join(temporaryFolder(), "results", "studies", "one");
  const code = `import { checkFolder } from ${JSON.stringify(new URL("../../src/cli/outputs.ts", import.meta.url).href)};
    for (let i = 0; i < 400; i++) checkFolder(${JSON.stringify(folder)});`;
  const args = ["--disable-warning=ExperimentalWarning", "--input-type=module", "--eval", code];
  // One that cannot ends with another exit code than 0.
  const ended = await Promise.all([1, 2, 3].map(() => promisify(execFile)(process.execPath, args)));
  expect(ended.map(({ stderr }) => stderr)).toEqual(["", "", ""]);
});

test.each([
  ["train", ["train", "rows.csv", "--target", "kind", "--epochs", "1"], ["results", "train"]],
  ["run", ["run", "optimizer-paths"], ["results", "optimizer-paths"]],
  ["search", ["search", "objective.mjs", "--trials", "2", "--workers", "1"], ["results", "studies"]],
])("four times %s begun at once keep their results apart", async (_, args, place) => {
  const home = temporaryFolder();
  writeFileSync(join(home, "rows.csv"), ["n,rest,kind", ...rows].join("\n"));
  writeFileSync(join(home, "objective.mjs"), "export default (trial) => trial.real('x', { min: 0, max: 1 });\n");
  const all = await Promise.all([1, 2, 3, 4].map(() => tanren([...args, "--quiet"], { home, pictures: "none" })));
  // On a busy machine one may have waited for another, and says so.
  const waited = /^The run store is locked by another process; waiting for it, .*\n$/;
  expect(all.map(({ status, stderr }) => [status, stderr.replace(waited, "")])).toEqual(new Array(4).fill([0, ""]));
  expect(readdirSync(join(home, ...place))).toHaveLength(4);
});

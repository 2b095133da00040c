import { spawnSync } from "node:child_process";
import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tanren, temporaryFolder } from "./support/cli.ts";
import { blocks, runnable, withoutComments } from "./support/pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const howTo = readdirSync(join(root, "docs", "how-to")).map((name) => `docs/how-to/${name}`);
const pages = [
  "README.md",
  "README.ja.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...howTo,
  ...readdirSync(join(root, "docs", "decisions")).map((name) => `docs/decisions/${name}`),
];

/** Whether a program is the first of its like: the Japanese page's is the English one's but for the comments. */
const isFirst = (code: string, i: number, all: readonly string[]) =>
  all.findIndex((other) => withoutComments(other) === withoutComments(code)) === i;
const examples = pages
  .filter((page) => !howTo.includes(page))
  .flatMap((page) => blocks(page, "ts").map((code, i) => ({ page, number: i + 1, code })))
  .filter(({ code }, i, all) =>
    isFirst(
      code,
      i,
      all.map((other) => other.code),
    ),
  );
const commands = [...new Set(pages.flatMap((page) => blocks(page, "sh").join("").split("\n")))]
  .filter((line) => line.startsWith("npm run -s tanren -- "))
  .map((line) => line.slice("npm run -s tanren -- ".length))
  // The Japanese page's commands are the English one's with another language: one of the two.
  .filter((command, _, all) => !all.includes(`${command} --lang ja`));

test("the pages hold examples and commands to run", () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
  expect(commands.length).toBeGreaterThanOrEqual(8);
});

/** The table that the pages read, where they expect it. */
const copyTable = (folder: string) =>
  cpSync(join(root, "docs", "data"), join(folder, "docs", "data"), { recursive: true });

/** That the digits are learnt well is how-to.long.test.ts's matter. */
const few =
  "{ images: { ...train.images, count: 2000, data: train.images.data.subarray(0, 2000 * 784) }, labels: train.labels.subarray(0, 2000) }";
const fewerDigits = ["await model.fit(train, { ", `await model.fit(${few}, { `] as const;

test("every program of the how-to pages runs and prints", () => {
  const folder = temporaryFolder();
  const programs = howTo.flatMap((page) => blocks(page, "ts")).filter(isFirst);
  programs.forEach((code, i) => {
    writeFileSync(join(folder, `program${i}.ts`), runnable(code).replace(...fewerDigits));
  });
  // One process for all: each line of its own says which program printed.
  const all = programs.map((_, i) => `console.log("program ${i}"); await import("./program${i}.ts");`).join("\n");
  writeFileSync(join(folder, "all.ts"), all);
  copyTable(folder);
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(folder, "all.ts")], {
    encoding: "utf8",
    cwd: folder,
  });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout.split(/program \d+\n/).slice(1)).toHaveLength(programs.length);
  expect(stdout).not.toMatch(/program \d+\n(?:program|$)/);
});

/** Non-blank lines of the programs of a how-to page, in order: whole ones, or the job behind the last blank line. */
test("everyday jobs take few lines", () => {
  const programs = blocks("docs/how-to/models.md", "ts");
  const lines = (code: string) => code.split("\n").filter((line) => line.trim() !== "").length;
  const [csv, , numbers, digits, keep, resume, early, , own, exported] = programs;
  const job = (code: string) => code.trimEnd().slice(code.trimEnd().lastIndexOf("\n\n"));
  expect(lines(csv)).toBeLessThanOrEqual(9);
  expect(lines(numbers)).toBeLessThanOrEqual(9);
  expect(lines(digits)).toBeLessThanOrEqual(10);
  expect(lines(job(keep))).toBeLessThanOrEqual(5);
  expect(lines(job(resume))).toBeLessThanOrEqual(5);
  expect(lines(early)).toBeLessThanOrEqual(8);
  expect(lines(own)).toBeLessThanOrEqual(6);
  expect(lines(job(exported))).toBeLessThanOrEqual(2);
});

test.each(examples)("$page, example $number runs", ({ code }) => {
  const folder = temporaryFolder();
  copyTable(folder);
  const file = join(folder, "example.ts");
  writeFileSync(file, runnable(code));
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8", cwd: folder });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).not.toBe("");
});

/** What makes the larger commands small: that they run is the matter here, not how well anything is learnt. */
const lighter = [
  ["search --study digits", "--set trainRows=2000"],
  ["run dropout", "--set hiddenSizes=20,20"],
  ["run optimizer-comparison", "--set hiddenSizes=20,20"],
  ["gradcheck", "--samples 4"],
] as const;

/** A command's words as a shell takes them apart: what stands between quotes is one. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}

describe("the commands of the pages run, one after the other", () => {
  test("in one home", async () => {
    const home = temporaryFolder();
    copyTable(home);
    for (const command of commands) {
      const [, few] = lighter.find(([begin]) => command.startsWith(begin)) ?? ["", ""];
      const args = wordsOf(`${command} ${few}`);
      const { status, stderr } = await tanren(args, { home, pictures: "none" });
      expect(stderr, command).toBe("");
      expect(status, command).toBe(0);
    }
  });
});

test("the API reference is written where library.md says", () => {
  const { out } = JSON.parse(readFileSync(join(root, "typedoc.json"), "utf8")) as { out: string };
  expect(readFileSync(join(root, "docs", "library.md"), "utf8")).toContain(`open \`${out}/index.html\``);
});

test("layout.md names every room", () => {
  const text = readFileSync(join(root, "docs", "layout.md"), "utf8");
  for (const entry of readdirSync(join(root, "src"), { withFileTypes: true })) {
    if (entry.isDirectory()) {
      expect(text).toContain(`\`${entry.name}\``);
    }
  }
});

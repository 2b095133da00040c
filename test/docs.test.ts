import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { tanren, temporaryFolder } from "./support/cli.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const pages = [
  "README.md",
  "README.ja.md",
  "CONTRIBUTING.md",
  "bench/README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(root, "docs", "decisions")).map((name) => `docs/decisions/${name}`),
];

function blocks(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, code]) => code);
}

const examples = pages.flatMap((page) => blocks(page, "ts").map((code, i) => ({ page, number: i + 1, code })));
const commands = [...new Set(pages.flatMap((page) => blocks(page, "sh").join("").split("\n")))]
  .filter((line) => line.startsWith("npm run -s tanren -- "))
  .map((line) => line.slice("npm run -s tanren -- ".length))
  // The Japanese page's commands are the English one's with another language: one of the two.
  .filter((command, _, all) => !all.includes(`${command} --lang ja`));

test("the pages hold examples and commands to run", () => {
  expect(examples.length).toBeGreaterThanOrEqual(3);
  expect(commands.length).toBeGreaterThanOrEqual(8);
});

test.each(examples)("$page, example $number runs", ({ code }) => {
  const file = join(temporaryFolder(), "example.ts");
  const at = (path: string) => new URL(`../src/${path}`, import.meta.url).href;
  writeFileSync(
    file,
    code.replaceAll('"tanren/node"', `"${at("node/index.ts")}"`).replaceAll('"tanren"', `"${at("index.ts")}"`),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
  expect(stdout).not.toBe("");
});

describe("the commands of the pages run, one after the other", () => {
  test("in one home", async () => {
    const home = temporaryFolder();
    for (const command of commands) {
      const { status, stderr } = await tanren(command.split(" "), { home });
      expect(stderr, command).toBe("");
      expect(status, command).toBe(0);
    }
  }, 600_000);
});

test("links between the pages lead somewhere", () => {
  for (const page of pages) {
    const text = readFileSync(join(root, page), "utf8");
    for (const [, target] of text.matchAll(/\]\(([^)#:]+)\)/g)) {
      const path = join(dirname(join(root, page)), target);
      expect(existsSync(path), `${page} → ${relative(root, path)}`).toBe(true);
    }
  }
});

test("layout.md names every room", () => {
  const text = readFileSync(join(root, "docs", "layout.md"), "utf8");
  for (const entry of readdirSync(join(root, "src"), { withFileTypes: true })) {
    if (entry.isDirectory()) {
      expect(text).toContain(`\`${entry.name}\``);
    }
  }
});

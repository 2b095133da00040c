import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";

test("run all gives every experiment its folder and the chapter one page, in both languages", async () => {
  const home = temporaryFolder();
  const { status, stdout } = await tanren(["run", "all", "--out", "out", "--quiet"], { home });
  expect(status).toBe(0);
  expect(stdout).toMatch(/The whole chapter: \d+\.\d s/);
  const html = readFileSync(join(home, "out", "report.html"), "utf8");
  for (const { id, title } of chapter) {
    expect(JSON.parse(readFileSync(join(home, "out", id, "run.json"), "utf8")).experiment).toBe(id);
    expect(html).toContain(`<section id="${id}">`);
    const { en, ja } = typeof title === "string" ? { en: title, ja: title } : title;
    expect(html).toContain(en);
    expect(html).toContain(ja);
  }
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
  expect(html).not.toMatch(/<script|<link|<iframe/i);
});

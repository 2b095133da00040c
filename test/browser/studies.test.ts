import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { csvRows } from "../../src/core/csv.ts";
import type { TrialRecord } from "../../src/core/trial.ts";
import { studyJson } from "../../src/search/views/study-json.ts";
import type { TestPage } from "../support/browser.ts";
import { few } from "../support/few.ts";
import { sampleStudy } from "../support/sample-study.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tanren-studies-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A study.json as the command line writes it. */
function fileOf(name: string, trials: readonly TrialRecord[]): string {
  const study = {
    ...{ name, direction: "minimize" as const, seed: 0, sampler: { name: "tpe" }, pruner: { name: "median" } },
    ...{ space: null, objective: null, constraints: 1 },
  };
  const path = join(folder, `${encodeURIComponent(name)}.json`);
  writeFileSync(path, JSON.stringify(studyJson({ study, data: { trials, direction: "minimize" } })));
  return path;
}

async function openPage(): Promise<TestPage> {
  const page = await studio.open("#/studies");
  await page.getByRole("button", { name: "Open study.json" }).waitFor();
  return page;
}

/** The page answers: its event loop turns. */
const answers = (page: TestPage) => page.evaluate(() => new Promise<boolean>((turn) => setTimeout(() => turn(true))));

const odd = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324];
const oddTrials = sampleStudy(60).trials.map(
  (trial, i): TrialRecord =>
    trial.state === "complete"
      ? {
          ...trial,
          value: i % 3 === 0 ? odd[(i / 3) % odd.length] : trial.value,
          constraints: [i % 4 === 0 ? Number.NaN : i % 4 === 1 ? Number.POSITIVE_INFINITY : -1],
          intermediate: trial.intermediate.map((entry) => (entry.step === 1 ? { step: 1, value: odd[i % 2] } : entry)),
          attributes: { note: "=1+1" },
        }
      : trial,
);
const plain = sampleStudy(20).trials;
const only = (state: TrialRecord["state"]) =>
  plain.map((trial): TrialRecord => ({ ...trial, state, value: state === "complete" ? trial.value : null }));

const studies: Record<string, readonly TrialRecord[]> = {
  "no trials": [],
  "one trial": plain.slice(0, 1),
  "twelve trials": sampleStudy(12).trials,
  "a|b & c": sampleStudy(100).trials,
  "failed only": only("failed"),
  "pruned only": only("pruned"),
  "odd numbers": oddTrials,
  "a thousand": sampleStudy(1000).trials,
};

test.each(few(3, Object.entries(studies)))(
  "a study.json is opened, the page goes on answering: %s",
  async (name, trials) => {
    const page = await openPage();
    await page.getByLabel("Study files").setInputFiles(fileOf(name, trials));
    const study = page.getByRole("region", { name, exact: true });
    await study.waitFor();
    await expect(answers(page)).resolves.toBe(true);
    await study.getByText(new RegExp(`^${trials.length} trials?(:|$)`)).waitFor();
    const complete = trials.filter(({ state }) => state === "complete").length;
    if (complete > 1) {
      await expect.poll(() => study.locator("canvas").count()).toBeGreaterThan(5);
    }
    await study.getByText(`All trials (${trials.length})`).click();
    expect(await study.getByRole("row").count()).toBeLessThan(120);
    // Taking it away again, and back.
    const box = page.getByRole("checkbox", { name: `Show ${name}`, exact: true });
    await box.uncheck();
    await study.waitFor({ state: "detached" });
    await box.check();
    await study.waitFor();
    await expect(answers(page)).resolves.toBe(true);
    expect(page.complaints).toEqual([]);
  },
);

test("studies beside one another are compared, and a value that is no finite number is told as what it is", async () => {
  const page = await openPage();
  await page.getByLabel("Study files").setInputFiles([fileOf("odd", oddTrials), fileOf("plain", plain)]);
  await page.getByRole("region", { name: "plain", exact: true }).waitFor();
  await page
    .getByRole("img", { name: /Studies compared/ })
    .or(page.getByText("Studies compared"))
    .first()
    .waitFor();
  const odd = page.getByRole("region", { name: "odd", exact: true });
  await odd.locator("summary").filter({ hasText: "All trials" }).click();
  await odd.getByRole("cell", { name: "-Infinity", exact: true }).first().waitFor();
  await odd.getByRole("cell", { name: "Infinity", exact: true }).first().waitFor();
  // What is looked at is part of the study; what is saved of it is the whole, as CSV and as JSON.
  await odd.getByRole("checkbox", { name: "complete", exact: true }).uncheck();
  const download = page.waitForEvent("download");
  await odd.getByRole("button", { name: "CSV", exact: true }).click();
  expect((await download).suggestedFilename()).toBe("odd.csv");
  const saved = readFileSync(await (await download).path(), "utf8");
  expect(csvRows(saved)).toHaveLength(oddTrials.length + 1);
  await answers(page);
  expect(page.complaints).toEqual([]);
});

test("a file that is no study is refused with a sentence, and the page stays as it was", async () => {
  const page = await openPage();
  const damaged = join(folder, "damaged.json");
  const { study } = studyJson({
    study: {
      ...{ name: "x", direction: "minimize", seed: 0, sampler: null, pruner: null },
      ...{ space: null, objective: null, constraints: 0 },
    },
    data: { trials: [], direction: "minimize" },
  });
  for (const [text, sentence] of [
    ["{", /got text that is not JSON/],
    ["[]", /got JSON without a study/],
    [JSON.stringify({ study, trials: [{ number: "1" }] }), /damaged trial/],
    [JSON.stringify({ study, trials: [{ ...plain[0], value: "many" }] }), /damaged trial \(trial 0 value/],
  ] as const) {
    writeFileSync(damaged, text);
    await page.getByLabel("Study files").setInputFiles(damaged);
    await page.getByRole("alert").filter({ hasText: sentence }).waitFor();
  }
  expect(page.complaints).toEqual([]);
});

test("an address that names a file asks for it again after a reload, and shows it once it is given", async () => {
  const page = await openPage();
  const file = fileOf("画像の探索", plain);
  await page.getByLabel("Study files").setInputFiles(file);
  const study = page.getByRole("region", { name: "画像の探索", exact: true });
  const download = page.waitForEvent("download");
  await study.getByRole("button", { name: "CSV", exact: true }).click();
  expect((await download).suggestedFilename()).toBe("画像の探索.csv");
  await page.reload();
  await page.getByRole("alert").filter({ hasText: "画像の探索: its file must be given again" }).waitFor();
  await page.getByLabel("Study files").setInputFiles(file);
  await study.waitFor();
  expect(await study.count()).toBe(1);
  expect(await page.getByRole("alert").count()).toBe(0);
  // A bar that was typed twice is no study more.
  await page.goto(page.url().replace(/study=([^&]+)/, "study=$1|$1"));
  await study.waitFor();
  expect(await study.count()).toBe(1);
  expect(page.complaints).toEqual([]);
});

test("what is wrong with a file is said in the page's language alone", async () => {
  const page = await studio.open("#/studies", { locale: "ja-JP" });
  const damaged = join(folder, "damaged-ja.json");
  for (const text of ["", "{", "[]"]) {
    writeFileSync(damaged, text);
    await page.getByLabel("探索ファイル").setInputFiles(damaged);
    const told = await page.getByRole("alert").innerText();
    expect(told.replaceAll(/tanren (?:search|study export)|study\.json|JSON|study/g, "")).not.toMatch(/[a-z]{3}/);
    expect(told).toMatch(/[ぁ-ん]/);
  }
  expect(page.complaints).toEqual([]);
});

import { readFileSync } from "node:fs";
import type { RunRecord } from "../../src/core/record.ts";
import type { TestPage } from "./browser.ts";

/** Short runs of every experiment, by settings: some hundred milliseconds each. */
export const shortRuns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "optimizer-paths": {},
  "optimizer-comparison": { iterations: "40", hiddenSizes: "50,50" },
  "activation-histograms": { rows: "100" },
  "init-comparison": { iterations: "30", hiddenSizes: "50,50" },
  "batchnorm-gradcheck": { rows: "4", hiddenWidth: "10", samples: "3" },
  "batchnorm-scales": { iterations: "11", scales: "4", hiddenSizes: "20,20" },
  "weight-decay": { iterations: "7", hiddenSizes: "20,20" },
  dropout: { iterations: "7", hiddenSizes: "20,20" },
  "hyperparameter-search": { trials: "12", epochs: "2", hiddenSizes: "20" },
};

/** The settings as the command line takes them. */
export const assignments = (settings: Readonly<Record<string, string>>): string[] =>
  Object.entries(settings).map(([name, value]) => `${name}=${value}`);

/** Goes to another page of the studio as a link does, without loading it anew; waits until its title is there. */
export async function goTo(page: TestPage, hash: string): Promise<void> {
  await page.evaluate((to) => {
    const pageOf = (address: string) => address.replace(/^#\/|\?.*$/gs, "");
    if (pageOf(to) !== pageOf(location.hash)) {
      document.querySelector("h1")?.setAttribute("data-left", "");
    }
    location.hash = to;
  }, hash);
  await page.locator("h1:not([data-left])").waitFor();
}

/** Presses Run; the run has begun when this ends. */
export async function press(page: TestPage): Promise<void> {
  await page.getByRole("button", { name: /^(Run|実行)$/ }).click();
}

/** Presses Run, which must bring the focus to the control that holds no value. */
export async function expectRefused(page: TestPage): Promise<void> {
  await press(page);
  await page.waitForFunction(() => document.activeElement?.matches('[aria-invalid="true"], [data-invalid]') === true);
}

/** Waits for the end of the run at hand. */
export async function done(page: TestPage): Promise<void> {
  await page.getByText(/^(Done in|[\d.]+ 秒で完了)/).waitFor();
}

/** Runs what the page shows, to its end. */
export async function runToEnd(page: TestPage): Promise<void> {
  await press(page);
  await done(page);
}

/** The last iteration that the figure shows. */
export async function reached(page: TestPage): Promise<number> {
  return Number(await page.getByLabel(/^(history|履歴)/).getAttribute("max"));
}

/** The last iteration once it no longer moves: what was under way when a run was held still comes. */
export async function settled(page: TestPage): Promise<number> {
  for (let i = 0, last = -1, same = 0; i < 40; i++) {
    const now = await reached(page);
    same = now === last ? same + 1 : 0;
    // A page that has to wait for a core may show nothing new for half a second.
    if (same === 3) {
      return now;
    }
    last = now;
    await page.waitForTimeout(500);
  }
  throw new Error("the run was held and went on for 20 s");
}

const tabs = {
  story: /^(Story|解説)$/,
  try: /^(Challenges|問題)$/,
  settings: /^(Settings|設定)$/,
  results: /^(Results|結果)$/,
  inside: /^(Inside|内部)$/,
  map: /^(Search map|探索範囲)$/,
  runs: /^(Runs|記録)$/,
  more: /^(More|その他)$/,
} as const;

/** Opens a tab beside the figure, where it is not open already. */
export async function openTab(page: TestPage, name: keyof typeof tabs): Promise<void> {
  const tab = page.getByRole("tab", { name: tabs[name] }).first();
  if ((await tab.getAttribute("aria-selected")) !== "true") {
    await tab.click();
  }
}

/** The record that the page's own JSON button saves. */
export async function saved(page: TestPage): Promise<RunRecord> {
  await openTab(page, "more");
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: "JSON", exact: true }).first().click();
  return JSON.parse(readFileSync(await (await saving).path(), "utf8"));
}

/** The parts in which two records differ, be it in one bit, each with what differs first. */
export function differing(one: RunRecord, other: RunRecord): string[] {
  return (["series", "histograms", "checks", "events"] as const).flatMap((part) => {
    const [here, there] = [one[part], other[part]].map((all) => all.map((each) => JSON.stringify(each)));
    const at = Array.from({ length: Math.max(here.length, there.length) }).findIndex((_, i) => here[i] !== there[i]);
    return at < 0 ? [] : [`${part} ${at}: ${here[at]} / ${there[at]}`];
  });
}

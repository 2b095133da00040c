import { test } from "vitest";
import { written } from "../../src/core/hyper.ts";
import { RandomStream } from "../../src/core/random.ts";
import { optimizersInOrder } from "../../src/experiments/optimizers-in-order.ts";
import { chapter } from "../../src/experiments/registry.ts";
import { formatNumber } from "../../src/figure/format-cell.ts";
import type { Experiment, Settings } from "../../src/runs/experiment.ts";
import { bookState, stateOf } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "../support/browser.ts";
import { goTo, openTab, shortRuns } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

/** Runs that the shelf shows before more are asked for. */
const shelfPage = 12;

/** Actions a page; fewer for a quick look. */
const count = Number(process.env.TANREN_ACTIONS ?? 2000);

/** Values that keep a run short, of the settings that are changed. */
const values: Readonly<Record<string, readonly string[]>> = {
  iterations: ["5", "6", "9", "12"],
  epochs: ["1", "2"],
  trials: ["5", "8"],
  scales: ["3", "4"],
  rows: ["4", "5", "6"],
  samples: ["2", "3"],
  layers: ["2", "3", "4"],
  width: ["20", "30"],
  weightDecay: ["0", "0.1", "0.3"],
  dropRatio: ["0", "0.1", "0.4"],
  lr: ["0.01", "0.05", "0.2"],
  "SGD.lr": ["0.01", "0.1"],
  "Adam.lr": ["0.001", "0.02"],
  lrHigh: ["-2", "-1"],
};

interface Made {
  readonly settings: Settings;
  readonly seed: number;
}

const key = ({ settings, seed }: Made) =>
  JSON.stringify([Object.entries(settings).map(([name, v]) => [name, written(v)]), seed]);

/** What a page must show after all that was done to it. */
class Model {
  readonly experiment: Experiment;
  now: Made;
  /** What the figure is of. */
  shown: Made | null;
  /** Runs on the shelf, the newest first; `done` when they came to their end. */
  readonly shelf: (Made & { readonly done: boolean })[] = [];
  /** What sentence and results said of a run at an iteration, in a language: the same settings and seed give the same. */
  readonly told = new Map<string, string>();

  constructor(experiment: Experiment, now: Made) {
    this.experiment = experiment;
    this.now = now;
    this.shown = this.book;
  }

  get book(): Made {
    return { settings: bookState(this.experiment).settings, seed: 0 };
  }

  ran(done = true): void {
    this.shelf.unshift({ ...this.now, done });
    this.shown = this.now;
  }

  /** A page with nothing to show opens with the reader's newest finished run of these settings, else the book's. */
  opened(): void {
    const own = this.shelf.find((run) => run.done && key(run) === key(this.now));
    this.shown = own ?? this.book;
  }

  get differing(): string[] {
    const { shown, now } = this;
    return shown === null
      ? []
      : [
          ...Object.keys(now.settings).filter((name) => written(shown.settings[name]) !== written(now.settings[name])),
          ...(shown.seed === now.seed ? [] : ["seed"]),
        ];
  }
}

/** What the address says. */
function addressOf(page: TestPage, experiment: Experiment): string {
  const { state } = stateOf(experiment, new URLSearchParams(page.url().split("?")[1] ?? ""));
  return key({ settings: state.settings, seed: state.seed });
}

/** In what the page disagrees with the model, or with itself. */
async function lies(page: TestPage, model: Model): Promise<string[]> {
  const found: string[] = [];
  const wanted = key(model.now);
  for (let i = 0; i < 100 && addressOf(page, model.experiment) !== wanted; i++) {
    await page.waitForTimeout(30);
  }
  if (addressOf(page, model.experiment) !== wanted) {
    found.push(`address ${page.url().split("#")[1]} for ${wanted}`);
  }
  // A page that one comes back to has no figure until its lesson is there: it can say nothing wrong before.
  await page.locator(".drawn").waitFor();
  const seen = await page.evaluate(() => ({
    controls: [...document.querySelectorAll<HTMLElement>("[data-controls] .setting")].map((setting) => ({
      name: setting.querySelector(".name")?.textContent?.trim() ?? "",
      value: setting.querySelector<HTMLInputElement | HTMLSelectElement>("input.mono, select")?.value ?? "",
      invalid: setting.querySelector("[aria-invalid=true]") !== null,
    })),
    stale: [...document.querySelectorAll(".stale[role=status] code")].map(
      (code) => (code.textContent ?? "").split(" = ")[0],
    ),
    grey: document.querySelector(".drawn.stale") !== null,
    again: [...document.querySelectorAll("button")].some((button) =>
      /^(Run again|この設定で実行)$/.test(button.textContent?.trim() ?? ""),
    ),
    onShelf: document.querySelector("#shelf-title") !== null,
  }));
  for (const { name, value, invalid } of seen.controls) {
    if (!invalid && value !== written(model.now.settings[name])) {
      found.push(`control ${name} holds ${value} for ${written(model.now.settings[name])}`);
    }
  }
  const differing = model.differing;
  if (seen.grey !== differing.length > 0 || seen.again !== seen.grey) {
    found.push(`grey ${seen.grey}, run again ${seen.again}, with ${differing.join(", ") || "no"} difference`);
  }
  if (seen.grey && seen.stale.join() !== differing.slice(0, 3).join()) {
    found.push(`the note names ${seen.stale.join()} for ${differing.join()}`);
  }
  if (seen.onShelf) {
    const wantedRuns = Math.min(model.shelf.length, shelfPage);
    const runs = page.locator("section[aria-labelledby=shelf-title] li");
    // A run that has just ended is written first.
    for (let i = 0; i < 100 && (await runs.count()) !== wantedRuns; i++) {
      await page.waitForTimeout(30);
    }
    if ((await runs.count()) !== wantedRuns) {
      found.push(`${await runs.count()} runs on the shelf for ${model.shelf.length}`);
    }
  }
  return [...found, ...(await wrongFormulas(page, model)), ...(await untold(page, model))];
}

/** Rules and their rates must be those of the settings at hand. */
async function wrongFormulas(page: TestPage, { now: { settings } }: Model): Promise<string[]> {
  const chosen = settings.optimizers ?? settings.optimizer ?? ("lr" in settings ? "SGD" : []);
  const labels = optimizersInOrder.map(({ label }) => label).filter((label) => [chosen].flat().includes(label));
  const look = () =>
    page.evaluate(() => {
      const part = document.querySelector("#formulas-title")?.parentElement;
      return [...(part?.querySelectorAll("figure") ?? [])].map((figure) => ({
        label: figure.querySelector("strong")?.textContent ?? "",
        numbers: [...figure.querySelectorAll(".math mn, .math mtext")].map((one) => one.textContent ?? ""),
      }));
    });
  const wrong = (seen: Awaited<ReturnType<typeof look>>) => [
    ...(seen.map(({ label }) => label).join() === labels.join()
      ? []
      : [`formulas of ${seen.map(({ label }) => label)}`]),
    ...seen.flatMap(({ label, numbers }) => {
      const lr = settings[`${label}.lr`] ?? settings.lr;
      return numbers.includes(formatNumber(lr as number)) ? [] : [`${label} without its lr of ${lr}: ${numbers}`];
    }),
  ];
  if ((await page.locator("#formulas-title").count()) === 0) {
    return [];
  }
  for (let i = 0; i < 50 && wrong(await look()).length > 0; i++) {
    await page.waitForTimeout(30);
  }
  return wrong(await look());
}

/** Sentence and results must say of a run what they have said of it before. */
async function untold(page: TestPage, { shown, told }: Model): Promise<string[]> {
  if (shown === null) {
    return [];
  }
  const look = () =>
    page.evaluate(() => {
      const at = document.querySelector<HTMLInputElement>(".scrub input")?.value ?? "";
      const said = document.querySelector("[data-says]")?.textContent ?? "";
      const results = document.querySelector("section[aria-labelledby=results-title]")?.textContent ?? null;
      return { place: `${document.documentElement.lang} ${at}`, said, results };
    });
  const wrong = ({ place, said, results }: Awaited<ReturnType<typeof look>>) =>
    Object.entries({ said, results }).flatMap(([what, text]) => {
      const before = told.get(`${what} ${place} ${key(shown)}`);
      return text === null || before === undefined || before === text ? [] : [`${what} "${text}", before "${before}"`];
    });
  let seen = await look();
  for (let i = 0, still = 0; i < 50 && still < 2; i++) {
    await page.waitForTimeout(20);
    const next = await look();
    still = JSON.stringify(next) === JSON.stringify(seen) && wrong(next).length === 0 ? still + 1 : 0;
    seen = next;
  }
  for (const [what, text] of Object.entries({ said: seen.said, results: seen.results })) {
    const place = `${what} ${seen.place} ${key(shown)}`;
    if (text !== null && !told.has(place)) {
      told.set(place, text);
    }
  }
  return wrong(seen);
}

async function ended(page: TestPage): Promise<void> {
  await page.getByText(/^(Done in|[\d.]+ 秒で完了|Stopped|停止しました)/).waitFor({ timeout: 120_000 });
}

// Beside each other: a page mostly waits, for the address that follows its settings and for runs that end.
test.concurrent.for(chapter.filter(({ id }) => id !== "optimizer-paths").map(({ id }) => id))(
  "%s: after any actions settings, address, figure, formulas, results and shelf agree, or the page says how they differ",
  async (id, { expect, onTestFinished }) => {
    const experiment = chapter.find((one) => one.id === id)!;
    const stream = RandomStream.seeded(Number(process.env.TANREN_SEED ?? 7));
    const pick = <T>(list: readonly T[]): T => list[Math.floor(stream.double() * list.length)];
    const query = Object.entries(shortRuns[id])
      .map(([name, value]) => `${name}=${value}`)
      .join("&");
    const page = await studio.open(`#/${id}?${query}`, { finished: onTestFinished });
    page.setDefaultTimeout(120_000);
    await page.getByText("The book's own run.").waitFor();
    const { state } = stateOf(experiment, new URLSearchParams(query));
    const model = new Model(experiment, { settings: state.settings, seed: 0 });
    const trail: string[] = [];
    const opened = async () => {
      await page.getByText(/^(The book's own run\.|本の設定での結果|Your run of|.*の実行結果です)/).waitFor();
      model.opened();
    };

    const actions: Readonly<Record<string, () => Promise<void>>> = {
      async change() {
        const boxes = page.locator("[data-controls] .setting");
        const names = (await boxes.locator(".name").allTextContents()).map((name) => name.trim());
        const name = pick(names.filter((one) => values[one] !== undefined));
        if (name === undefined) {
          return;
        }
        const value = pick(values[name]);
        trail.push(`${name}=${value}`);
        const box = boxes.nth(names.indexOf(name)).locator("input.mono, select").first();
        await box.fill(value);
        await page.keyboard.press("Enter");
        const parsed = experiment.settings[name].parse(value, name);
        model.now = { ...model.now, settings: { ...model.now.settings, [name]: parsed } };
      },
      async seed() {
        const seed = Math.floor(3 * stream.double());
        await page.getByLabel(/^\s*(seed|シード)\s*$/).fill(String(seed));
        await page.keyboard.press("Enter");
        model.now = { ...model.now, seed };
      },
      async nonsense() {
        const box = page.locator("[data-controls] .setting input.mono").first();
        const before = await box.inputValue();
        await box.fill("nonsense");
        await page.keyboard.press("Enter");
        await page.getByRole("button", { name: /^(Run|実行)$/ }).click();
        await expect
          .poll(() => page.evaluate(() => document.activeElement?.getAttribute("aria-invalid")), { timeout: 5000 })
          .toBe("true");
        await box.fill(before);
        await page.keyboard.press("Enter");
      },
      async run() {
        await page.getByRole("button", { name: /^(Run|実行)$/ }).click();
        await ended(page);
        model.ran();
      },
      async again() {
        const again = page.getByRole("button", { name: /^(Run again|この設定で実行)$/ });
        if ((await again.count()) > 0) {
          await again.click();
          await ended(page);
          model.ran();
        }
      },
      async reset() {
        await page.getByRole("button", { name: /^(Reset|リセット)$/ }).click();
        const base = bookState(experiment).settings;
        model.now = { settings: base, seed: 0 };
        model.shown = null;
        // The address follows in 0.3 s; until then a link to what it still says would lead nowhere.
        await expect.poll(() => addressOf(page, experiment)).toBe(key(model.now));
        // The book's own settings run long: back to short ones before anything is run.
        for (const [name, value] of Object.entries(shortRuns[id])) {
          model.now = {
            ...model.now,
            settings: { ...model.now.settings, [name]: experiment.settings[name].parse(value, name) },
          };
        }
        await goTo(page, `#/${id}?${query}`);
      },
      async story() {
        await openTab(page, "story");
        await page
          .locator(".dot")
          .nth(Math.floor(4 * stream.double()))
          .click();
      },
      async tab() {
        await openTab(page, pick(["try", "settings", "results", "runs", "more"] as const));
      },
      async language() {
        await page.getByRole("button", { name: pick(["English", "日本語"]), exact: true }).click();
      },
      async scrub() {
        const history = page.getByLabel(/^(history|履歴)/);
        if ((await history.count()) > 0) {
          const most = Number(await history.getAttribute("max"));
          await history.fill(String(Math.floor(stream.double() * (most + 1))));
        }
      },
      async away() {
        await goTo(page, pick(["#/", "#/glossary", "#/compare"]));
        await page.goBack();
        await page.locator("[data-says]").waitFor();
        if (model.shown === null) {
          await opened();
        }
      },
      async reload() {
        await page.reload();
        await opened();
      },
      async shelf() {
        if (model.shelf.length === 0) {
          return;
        }
        await openTab(page, "runs");
        const at = Math.floor(Math.min(shelfPage, model.shelf.length) * stream.double());
        const item = page.locator("section[aria-labelledby=shelf-title] li").nth(at);
        await item.getByRole("button").first().click();
        // Until it is read from the browser's store the page is what it was.
        await item.and(page.locator(".current")).waitFor();
        const run = model.shelf[at];
        model.now = { settings: run.settings, seed: run.seed };
        model.shown = model.now;
      },
    };
    const often = ["change", "change", "change", "run", "seed", "again", "story", "tab", "shelf", "scrub"];
    const names = [...often, ...Object.keys(actions)];
    // A page takes minutes: what became of it is known though a later one be stopped.
    const tell = (what: string) => process.stderr.write(`never a lie: ${id} ${what}\n`);
    for (let i = 0; i < count; i++) {
      const name = pick(names);
      trail.push(name);
      const after = () => `after ${trail.slice(-12).join(", ")} (${i + 1} actions)`;
      await actions[name]().catch(async (error: unknown) => {
        const status = await page.locator("[role=status]").allTextContents();
        const place = `at ${page.url().split("#")[1]} for ${key(model.now)}, saying ${JSON.stringify(status)}`;
        tell(`failed ${after()}: ${error}; ${place}; it had said ${JSON.stringify(page.complaints)}`);
        throw new Error(after(), { cause: error });
      });
      const wrong = await lies(page, model);
      if (wrong.length > 0) {
        tell(`lied ${after()}: ${wrong.join("; ")}`);
      }
      expect(wrong, after()).toEqual([]);
    }
    expect(page.complaints).toEqual([]);
    tell(`held ${count} actions`);
  },
);

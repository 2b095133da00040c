import { setTimeout as pause } from "node:timers/promises";
import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { written } from "../../src/core/hyper.ts";
import { RandomStream } from "../../src/core/random.ts";
import { optimizersInOrder } from "../../src/experiments/optimizers-in-order.ts";
import { formatNumber } from "../../src/figure/format-cell.ts";
import type { Experiment, Settings } from "../../src/runs/experiment.ts";
import { bookState, paramsOf, stateOf } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "./browser.ts";
import { expectRefused, goTo, openTab } from "./studio.ts";

// A page is driven by random actions, and after each of them all that it says is held against a model of it.

/** Actions a page; fewer for a quick look. */
const count = Number(process.env.TANREN_ACTIONS ?? 2000);

/** Runs that the shelf shows before more are asked for. */
const shelfPage = 12;

/** What a run is of. */
export interface Made {
  readonly settings: Settings;
  readonly seed: number;
}

export const keyOf = ({ settings, seed }: Made) =>
  JSON.stringify([Object.entries(settings).map(([name, v]) => [name, written(v)]), seed]);

/** A run in the words of a link, for a person. */
const toldOf = (experiment: Experiment, { settings, seed }: Made) =>
  String(paramsOf(experiment, { ...bookState(experiment), settings, seed }));

/** What a page must show after all that was done to it. */
export class PageModel {
  readonly experiment: Experiment;
  now: Made;
  /** What the figure is of; null where there is none. */
  shown: Made | null = null;
  /** Runs on the shelf, the newest first. */
  readonly shelf: Made[] = [];
  /** When the newest of them had ended, and the one before it: what began in between is the newest. */
  private ended = { last: 0, before: 0 };
  /** What the page said of a run at an iteration, in a language: the same settings and seed give the same. */
  readonly told = new Map<string, string>();

  constructor(experiment: Experiment, now: Made) {
    this.experiment = experiment;
    this.now = now;
  }

  set(name: string, text: string): void {
    const value = this.experiment.settings[name].parse(text, name);
    this.now = { ...this.now, settings: { ...this.now.settings, [name]: value } };
  }

  ran(): void {
    this.shelf.unshift(this.now);
    this.shown = this.now;
    this.ended = { last: Date.now(), before: this.ended.last };
  }

  /** Whether a run that began then is the newest. */
  isNewest(startedAt: string | null): boolean {
    return startedAt !== null && Date.parse(startedAt) >= this.ended.before;
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

/** Of an experiment's page, which opens with a run: the reader's own, else the book's. */
export class ExperimentModel extends PageModel {
  readonly book: Made = { settings: bookState(this.experiment).settings, seed: 0 };

  /** A page with nothing to show opens with the reader's newest run of these settings, else the book's. */
  opened(): void {
    this.shown = this.shelf.find((run) => keyOf(run) === keyOf(this.now)) ?? this.book;
  }
}

/** What an experiment's page says once it has opened with a run. */
export const openedWith = /^(The book's own run\.|本の設定での結果|Your run of|.*の実行結果です)/;

/** What is wrong once the page has had its time: asked again until nothing is, for half a minute (a busy machine is slow, no liar). */
export async function lastly(look: () => Promise<string[]> | string[]): Promise<string[]> {
  let wrong = await look();
  for (let i = 0; i < 1000 && wrong.length > 0; i++) {
    await pause(30);
    wrong = await look();
  }
  return wrong;
}

/** What the address says of settings and seed. */
function addressOf(page: TestPage, experiment: Experiment): string {
  const { state } = stateOf(experiment, new URLSearchParams(page.url().split("?")[1] ?? ""));
  return keyOf({ settings: state.settings, seed: state.seed });
}

/** Of changes that come closely the address says the last 0.3 s later; until then a link to what it still says would lead nowhere. */
export const wrongAddress = (page: TestPage, { experiment, now }: PageModel) =>
  lastly(() =>
    addressOf(page, experiment) === keyOf(now)
      ? []
      : [`address ${page.url().split("#")[1]} for ${toldOf(experiment, now)}`],
  );

/** Controls must hold the settings at hand; a figure of others is grey and says in what they differ. */
async function wrongBeside(page: TestPage, model: PageModel, grey: string): Promise<string[]> {
  const seen = await page.evaluate(
    (figure) => ({
      controls: [...document.querySelectorAll<HTMLElement>("[data-controls] .setting")].map((setting) => ({
        name: setting.querySelector(".name")?.textContent?.trim() ?? "",
        value: setting.querySelector<HTMLInputElement | HTMLSelectElement>("input.mono, select")?.value ?? "",
        invalid: setting.querySelector("[aria-invalid=true]") !== null,
      })),
      stale: [...document.querySelectorAll(".stale[role=status] code")].map(
        (code) => (code.textContent ?? "").split(" = ")[0],
      ),
      grey: document.querySelector(figure) !== null,
      again: [...document.querySelectorAll("button")].some((button) =>
        /^(Run again|この設定で実行)$/.test(button.textContent?.trim() ?? ""),
      ),
    }),
    grey,
  );
  const { now, differing } = model;
  return [
    ...seen.controls
      .filter(({ name, value, invalid }) => !invalid && value !== written(now.settings[name]))
      .map(({ name, value }) => `control ${name} holds ${value} for ${written(now.settings[name])}`),
    ...(seen.grey === differing.length > 0 && seen.again === seen.grey
      ? []
      : [`grey ${seen.grey}, run again ${seen.again}, with ${differing.join(", ") || "no"} difference`]),
    ...(!seen.grey || seen.stale.join() === differing.slice(0, 3).join()
      ? []
      : [`the note names ${seen.stale.join()} for ${differing.join()}`]),
  ];
}

/** The slider of the history stands at the iteration that is told beside it, which the address carries. */
const wrongPlace = (page: TestPage) =>
  lastly(async () => {
    const seen = await page.evaluate(() => {
      const slider = document.querySelector<HTMLInputElement>(".scrub:has(output) input");
      const told = document.querySelector(".scrub output")?.textContent;
      return slider === null ? null : { slider: Number(slider.value), told: Number(told), last: Number(slider.max) };
    });
    const at = new URLSearchParams(page.url().split("?")[1] ?? "").get("at");
    const place = seen === null ? 0 : Math.min(Number(at ?? seen.last), seen.last);
    return seen === null || (seen.slider === place && seen.told === place)
      ? []
      : [`history at ${seen.slider}, told as ${seen.told}, for ${place} of ${seen.last}`];
  });

const shelfItems = (page: TestPage) => page.locator("section[aria-labelledby=shelf-title] li");

/** The shelf, where it is open, must hold the runs that were made, the newest first. A run that has just ended is written first. */
const wrongShelf = (page: TestPage, model: PageModel) =>
  lastly(async () => {
    const runs = model.shelf.length;
    const [open, seen] = [await page.locator("#shelf-title").count(), await shelfItems(page).count()];
    if (open === 0 || runs + seen === 0) {
      return [];
    }
    const first = seen === 0 ? null : await shelfItems(page).first().locator("time").getAttribute("datetime");
    return seen === Math.min(runs, shelfPage) && model.isNewest(first)
      ? []
      : [`${seen} runs on the shelf for ${runs}, the first of ${first}`];
  });

/** Rules and their rates must be those of the settings at hand. */
const wrongFormulas = (page: TestPage, { now: { settings } }: PageModel) =>
  lastly(async () => {
    const chosen = settings.optimizers ?? settings.optimizer ?? ("lr" in settings ? "SGD" : []);
    const typed = String(settings.rule ?? "") === "" || settings.optimizers === undefined ? [] : ["custom"];
    const known = optimizersInOrder.map(({ label }) => label).filter((label) => [chosen].flat().includes(label));
    const labels = [...known, ...typed];
    const seen = await page.evaluate(() => {
      const part = document.querySelector("#formulas-title")?.parentElement;
      return part == null
        ? null
        : [...part.querySelectorAll("figure")].map((figure) => ({
            label: figure.querySelector("strong")?.textContent ?? "",
            numbers: [...figure.querySelectorAll(".math mn, .math mtext")].map((one) => one.textContent ?? ""),
          }));
    });
    return seen === null
      ? []
      : [
          ...(seen.map(({ label }) => label).join() === labels.join()
            ? []
            : [`formulas of ${seen.map(({ label }) => label)} for ${labels}`]),
          ...seen.flatMap(({ label, numbers }) => {
            const lr = settings[`${label}.lr`] ?? settings.lr;
            return numbers.includes(formatNumber(lr as number)) ? [] : [`${label} without its lr of ${lr}: ${numbers}`];
          }),
        ];
  });

/**
 * What every page must have right: address, controls, what it says of its figure, history, shelf and formulas.
 * @param figure its selector, and that of a grey one
 * @param beside the model of what is shown, where that is not the run at hand
 */
export async function wrongOnPage(
  page: TestPage,
  model: PageModel,
  figure: { readonly any: string; readonly grey: string },
  beside = model,
): Promise<string[]> {
  const address = await wrongAddress(page, model);
  // A page that one comes back to has no figure until its lesson is there: it can say nothing wrong before.
  await page.locator(figure.any).first().waitFor();
  return [
    ...address,
    ...(await wrongBeside(page, beside, figure.grey)),
    ...(await wrongPlace(page)),
    ...(await wrongShelf(page, model)),
    ...(await wrongFormulas(page, model)),
  ];
}

/** Each part of the page must say of a run what it has said of it before. */
export async function untold(
  page: TestPage,
  { shown, told }: PageModel,
  parts: Readonly<Record<string, string>> = { said: "[data-says]", results: "section[aria-labelledby=results-title]" },
): Promise<string[]> {
  if (shown === null) {
    return [];
  }
  const look = () =>
    page.evaluate((all) => {
      const at = document.querySelector<HTMLInputElement>(".scrub input")?.value ?? "";
      const text = (selector: string) => document.querySelector(selector)?.textContent ?? null;
      const said = Object.entries(all).map(([part, selector]) => [part, text(selector)] as const);
      return { place: `${document.documentElement.lang} ${at}`, said };
    }, parts);
  const nameOf = (part: string, place: string) => `${part} ${place} ${keyOf(shown)}`;
  const wrong = ({ place, said }: Awaited<ReturnType<typeof look>>) =>
    said.flatMap(([part, text]) => {
      const before = told.get(nameOf(part, place));
      return text === null || before === undefined || before === text ? [] : [`${part} "${text}", before "${before}"`];
    });
  let seen = await look();
  for (let i = 0, still = 0; i < 50 && still < 2; i++) {
    await pause(20);
    const next = await look();
    still = JSON.stringify(next) === JSON.stringify(seen) && wrong(next).length === 0 ? still + 1 : 0;
    seen = next;
  }
  for (const [part, text] of seen.said) {
    const name = nameOf(part, seen.place);
    if (text !== null && !told.has(name)) {
      told.set(name, text);
    }
  }
  return wrong(seen);
}

/** Waits until the run that was begun has ended. */
export async function ended(page: TestPage): Promise<void> {
  await page.getByText(/^(Done in|[\d.]+ 秒で完了|Stopped|停止しました)/).waitFor({ timeout: 120_000 });
}

export interface Chance {
  pick<T>(list: readonly T[]): T;
  /** A whole number from 0 to `bound` − 1. */
  below(bound: number): number;
}

/** Chance of a seed; the same seed gives the same actions. */
export function chance(): Chance {
  const stream = RandomStream.seeded(Number(process.env.TANREN_SEED ?? 7));
  const below = (bound: number) => Math.floor(bound * stream.double());
  return { below, pick: (list) => list[below(list.length)] };
}

/** The control of a main setting. */
export async function mainControl(page: TestPage, name: string): Promise<Locator> {
  const boxes = page.locator("[data-controls] .setting");
  const names = (await boxes.locator(".name").allTextContents()).map((text) => text.trim());
  return boxes.nth(names.indexOf(name)).locator("input.mono, select").first();
}

/** What can be done on every page. */
export function anywhere(page: TestPage, model: PageModel, { pick, below }: Chance) {
  return {
    async seed() {
      const seed = below(3);
      await page.getByLabel(/^\s*(seed|シード)\s*$/).fill(String(seed));
      await page.keyboard.press("Enter");
      model.now = { ...model.now, seed };
    },
    /** Run must refuse it and show it. */
    async nonsense() {
      const box = page.locator("[data-controls] .setting input.mono").first();
      const before = await box.inputValue();
      await box.fill("nonsense");
      await page.keyboard.press("Enter");
      await expectRefused(page);
      await box.fill(before);
      await page.keyboard.press("Enter");
    },
    async language() {
      await page.getByRole("button", { name: pick(["English", "日本語"]), exact: true }).click();
    },
    /** @returns where in the history one looks then, null for the newest; nothing where there is no history */
    async scrub(): Promise<number | null | undefined> {
      const history = page.getByLabel(/^(history|履歴)/);
      if ((await history.count()) === 0) {
        return undefined;
      }
      const last = Number(await history.getAttribute("max"));
      const place = below(last + 1);
      await history.fill(String(place));
      return place === last ? null : place;
    },
  };
}

/** Goes to another page and comes back. */
export async function goAway(page: TestPage, { pick }: Chance): Promise<void> {
  await goTo(page, pick(["#/", "#/glossary", "#/compare"]));
  await page.goBack();
  await page.locator("[data-says]").waitFor();
}

/** @returns whether the button was there */
export async function pressAgain(page: TestPage): Promise<boolean> {
  const again = page.getByRole("button", { name: /^(Run again|この設定で実行)$/ });
  const there = (await again.count()) > 0;
  if (there) {
    await again.click();
  }
  return there;
}

/**
 * Takes one of the runs on the shelf, if there are any; the page shows it, with its settings, when this ends.
 * @param shown waits for that; where a page trains again by itself at once, that is what is to be waited for
 */
export async function takeFromShelf(
  page: TestPage,
  model: PageModel,
  { pick }: Chance,
  shown: (item: Locator, taken: Made) => Promise<void> = (item) => item.and(page.locator(".current")).waitFor(),
): Promise<void> {
  const at = pick([...model.shelf.slice(0, shelfPage).keys()]);
  if (at === undefined) {
    return;
  }
  await openTab(page, "runs");
  // A run that has just ended comes to the list a moment later, and all others one place down.
  expect(await wrongShelf(page, model)).toEqual([]);
  const { settings, seed } = model.shelf[at];
  const item = shelfItems(page).nth(at);
  await item.getByRole("button").first().click();
  // Until it is read from the browser's store the page is what it was.
  await shown(item, { settings, seed });
  model.now = { settings, seed };
  model.shown = model.now;
}

/** Does so many actions by chance; after each of them nothing may be wrong. */
export async function play(
  page: TestPage,
  model: PageModel,
  {
    actions,
    often,
    pick,
    wrong,
  }: {
    readonly actions: Readonly<Record<string, () => Promise<unknown>>>;
    /** Those that come more often than once. */
    readonly often: readonly string[];
    readonly pick: Chance["pick"];
    wrong(): Promise<string[]>;
  },
): Promise<void> {
  const names = [...often, ...Object.keys(actions)];
  const trail: string[] = [];
  // A page takes minutes: what became of it is known though a later one be stopped.
  const tell = (what: string) => process.stderr.write(`never a lie: ${model.experiment.id} ${what}\n`);
  for (let i = 0; i < count; i++) {
    const name = pick(names);
    trail.push(name);
    const after = () => `after ${trail.slice(-12).join(", ")} (${i + 1} actions)`;
    await actions[name]().catch(async (error: unknown) => {
      const status = await page.locator("[role=status]").allTextContents();
      const place = `at ${page.url().split("#")[1]} for ${toldOf(model.experiment, model.now)}, saying ${JSON.stringify(status)}`;
      tell(`failed ${after()}: ${error}; ${place}; it had said ${JSON.stringify(page.complaints)}`);
      throw new Error(after(), { cause: error });
    });
    const found = await wrong();
    if (found.length > 0) {
      tell(`lied ${after()}: ${found.join("; ")}`);
    }
    expect(found, after()).toEqual([]);
  }
  expect(page.complaints).toEqual([]);
  tell(`held ${count} actions`);
}

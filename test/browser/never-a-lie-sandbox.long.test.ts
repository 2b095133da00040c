import { expect, test } from "vitest";
import { toyNames } from "../../src/data/toy.ts";
import { valueSetNames } from "../../src/data/toy-values.ts";
import { outputsOf, prepareData } from "../../src/experiments/sandbox/prepare.ts";
import { sandbox as experiment } from "../../src/experiments/sandbox/sandbox.ts";
import { valuesOf } from "../../src/experiments/sandbox/settings.ts";
import { parseNetwork } from "../../src/nn/network-text.ts";
import { dataKey } from "../../src/studio/labs/sandbox/data-summary.ts";
import { bookState, stateOf } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "../support/browser.ts";
import {
  anywhere,
  chance,
  goAway,
  keyOf,
  lastly,
  PageModel,
  play,
  pressAgain,
  takeFromShelf,
  untold,
  wrongAddress,
  wrongOnPage,
} from "../support/never-a-lie.ts";
import { expectRefused, goTo, press } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

const tabs = {
  data: /^(Data|データ)$/,
  network: /^(Network|ネットワーク)$/,
  training: /^(Training|学習)$/,
  results: /^(Results|結果)$/,
  runs: /^(Runs|記録)$/,
  more: /^(More|その他)$/,
} as const;

/** Runs that take a moment, long enough to be seen. */
const short = "iterations=120";

const networks = ["affine 4; relu", "affine 6; tanh; affine 4; tanh", "affine 16; relu; affine 16; relu"];
const training = {
  batchSize: ["16", "32"],
  iterations: ["120", "200"],
  weightDecay: ["0", "0.01"],
} as const;

class SandboxModel extends PageModel {
  /** Whether every change trains again. */
  live = true;
}

/** What the page draws and says of the data and the network at hand. */
const wrongDrawing = (page: TestPage, { now, shown }: SandboxModel) =>
  lastly(async () => {
    const values = valuesOf(now.settings);
    const data = prepareData(values, null);
    const { train, test: held, inputSize } = data;
    const rows = train.images.count + (held?.images.count ?? 0);
    const widths = parseNetwork(values.network).flatMap((layer) => (layer.kind === "affine" ? [layer.units] : []));
    const seen = await page.evaluate(() => ({
      said: document.querySelector("[data-says]")?.textContent ?? "",
      drawing: document.querySelector(".network canvas")?.getAttribute("aria-label") ?? "",
      scores: [...document.querySelectorAll("[data-metric]")].map((one) => one.textContent ?? ""),
    }));
    const units = [inputSize, ...widths, outputsOf(data)].join(" → ");
    return [
      ...(new RegExp(`(^|\\D)${rows}\\D`).test(seen.said) ? [] : [`"${seen.said}" for ${rows} points`]),
      ...(seen.drawing.includes(`: ${units}`) ? [] : [`"${seen.drawing}" for ${units}`]),
      ...(shown === null && seen.scores.some((score) => score !== "–") ? [`scores ${seen.scores} of no run`] : []),
      ...(shown !== null || (data.values !== null) === seen.said.includes("RMSE")
        ? []
        : [`"${seen.said}" of ${values.toy}`]),
      ...(seen.scores.every((score) => seen.said.includes(score)) ? [] : [`"${seen.said}" beside ${seen.scores}`]),
    ];
  });

async function lies(page: TestPage, model: SandboxModel): Promise<string[]> {
  return [
    ...(await wrongOnPage(page, model, { any: ".stage", grey: ".stage.stale" })),
    ...(await wrongDrawing(page, model)),
    ...(await untold(page, model, {
      said: "[data-says]",
      scores: ".scores",
      results: "section[aria-labelledby=results-title]",
    })),
  ];
}

/** How many runs of the page have come to their end; those that a change begins say nothing else. */
const endings = (page: TestPage) => page.evaluate(() => (globalThis as unknown as { endings: number }).endings);

/** Counts them from now on: runs in the page, before its own scripts. */
function countEndings(): void {
  const place = Object.assign(globalThis, { endings: 0 });
  let before = "";
  const look = () => {
    const words = document.querySelector(".transport .words")?.textContent?.trim() ?? "";
    if (words !== before && /^(Done in|[\d.]+ 秒で完了)/.test(words) && !/^(Done in|[\d.]+ 秒で完了)/.test(before)) {
      place.endings++;
    }
    before = words;
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
}

test("sandbox: after any actions settings, network, boundary, scores, formulas, results and shelf agree, or the page says how they differ", async ({
  onTestFinished,
}) => {
  const luck = chance();
  const { pick } = luck;
  const page = await studio.open(`#/sandbox?${short}`, { finished: onTestFinished, before: countEndings });
  page.setDefaultTimeout(120_000);
  const { state } = stateOf(experiment, new URLSearchParams(short));
  const model = new SandboxModel(experiment, { settings: state.settings, seed: 0 });

  const endedSince = async (before: number) => {
    await expect.poll(() => endings(page), { timeout: 120_000, interval: 30 }).toBeGreaterThan(before);
    model.shown = model.now;
  };
  const openTab = async (name: keyof typeof tabs) => {
    const tab = page.getByRole("tab", { name: tabs[name] });
    if ((await tab.getAttribute("aria-selected")) !== "true") {
      await tab.click();
    }
  };
  /** Changes something: a page that is live trains again; another forgets what it saw of other data. */
  const changed = async (change: () => Promise<void>) => {
    const { now } = model;
    const before = await endings(page);
    await change();
    if (keyOf(now) === keyOf(model.now)) {
      return;
    }
    if (model.live) {
      await endedSince(before);
    } else if (dataKey(now.settings) !== dataKey(model.now.settings) && model.differing.length > 0) {
      model.shown = null;
    }
  };
  const opened = async () => {
    await endedSince(0);
    await page.getByRole("combobox", { name: /^(speed|速さ)$/ }).selectOption("null");
  };
  await opened();

  const reload = async () => {
    await page.reload();
    model.live = true;
    await opened();
  };
  const rate = async () => {
    const name = `${model.now.settings.optimizer}.lr`;
    const value = pick(["0.003", "0.01", "0.03"]);
    await page.locator("[data-controls] .setting input.mono").fill(value);
    await page.keyboard.press("Enter");
    model.set(name, value);
  };

  const common = anywhere(page, model, luck);
  const actions = {
    ...common,
    toy: () =>
      changed(async () => {
        await openTab("data");
        const sets = [...toyNames, ...valueSetNames];
        const toy = pick(sets);
        await page.locator("input[name=sandbox-toy]").nth(sets.indexOf(toy)).check();
        model.set("toy", toy);
      }),
    anew: () =>
      changed(async () => {
        await openTab("data");
        await page.getByRole("button", { name: /^(Draw the points anew|点を描き直す)$/ }).click();
        model.set("dataSeed", String(Number(model.now.settings.dataSeed) + 1));
      }),
    rate: () => changed(rate),
    optimizer: () =>
      changed(async () => {
        const value = pick(["SGD", "Momentum", "Adam", "RMSprop"]);
        await page.locator("[data-controls] .setting select").selectOption(value);
        model.set("optimizer", value);
      }),
    training: () =>
      changed(async () => {
        await openTab("training");
        const name = pick(Object.keys(training) as (keyof typeof training)[]);
        const value = pick<string>(training[name]);
        await page.getByRole("textbox", { name, exact: true }).fill(value);
        await page.keyboard.press("Enter");
        model.set(name, value);
      }),
    network: () =>
      changed(async () => {
        await openTab("network");
        const text = pick(networks);
        await page.getByRole("textbox", { name: /(as text|テキスト)/ }).fill(text.replaceAll("; ", "\n"));
        model.set("network", text);
      }),
    unit: () =>
      changed(async () => {
        await page
          .getByRole("button", { name: /^(One unit more in layer 1|1番目の層のニューロンを1つ増やす)$/ })
          .click();
        const [, units, rest] = /^affine (\d+)(.*)$/s.exec(String(model.now.settings.network))!;
        model.set("network", `affine ${Number(units) + 1}${rest}`);
      }),
    seed: () => changed(common.seed),
    async noNetwork() {
      await openTab("network");
      const box = page.getByRole("textbox", { name: /(as text|テキスト)/ });
      const before = await box.inputValue();
      await box.fill("affine 8\nrellu");
      await expectRefused(page);
      await box.fill(before);
    },
    async live() {
      const before = await endings(page);
      model.live = !model.live;
      await page.getByRole("checkbox", { name: /(train again|学習し直す)/ }).setChecked(model.live);
      if (model.live) {
        await endedSince(before);
      }
    },
    async run() {
      const before = await endings(page);
      await press(page);
      await endedSince(before);
      model.ran();
    },
    async again() {
      const before = await endings(page);
      if (await pressAgain(page)) {
        await endedSince(before);
        model.ran();
      }
    },
    async reset() {
      await changed(async () => {
        await page.getByRole("button", { name: /^(Reset|リセット)$/ }).click();
        model.now = { settings: bookState(experiment).settings, seed: 0 };
        model.shown = null;
      });
      await changed(async () => {
        await wrongAddress(page, model);
        await goTo(page, `#/sandbox?${short}`);
        model.set("iterations", "120");
      });
    },
    tab: () => openTab(pick(Object.keys(tabs) as (keyof typeof tabs)[])),
    results: () => openTab("results"),
    async away() {
      const before = await endings(page);
      await goAway(page, luck);
      if (model.shown === null && model.live) {
        await endedSince(before);
      }
    },
    reload,
    async changeAndReload() {
      await rate();
      await reload();
    },
    async shelf() {
      const { now } = model;
      const before = await endings(page);
      await openTab("runs");
      await takeFromShelf(page, model, luck, (item, taken) =>
        model.live && keyOf(now) !== keyOf(taken) ? endedSince(before) : item.and(page.locator(".current")).waitFor(),
      );
    },
  };
  const often = ["toy", "rate", "training", "network", "run", "live", "again", "results", "scrub", "shelf"];
  await play(page, model, { actions, often, pick, wrong: () => lies(page, model) });
});

import { test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { stateOf } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "../support/browser.ts";
import {
  anywhere,
  chance,
  ExperimentModel,
  ended,
  goAway,
  mainControl,
  openedWith,
  play,
  pressAgain,
  takeFromShelf,
  untold,
  wrongAddress,
  wrongOnPage,
} from "../support/never-a-lie.ts";
import { goTo, openTab, press, shortRuns } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

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

async function lies(page: TestPage, model: ExperimentModel): Promise<string[]> {
  return [...(await wrongOnPage(page, model, { any: ".drawn", grey: ".drawn.stale" })), ...(await untold(page, model))];
}

// Beside each other: a page mostly waits, for the address that follows its settings and for runs that end.
test.concurrent.for(chapter.filter(({ id }) => id !== "optimizer-paths").map(({ id }) => id))(
  "%s: after any actions settings, address, figure, formulas, results and shelf agree, or the page says how they differ",
  async (id, { onTestFinished }) => {
    const experiment = chapter.find((one) => one.id === id)!;
    const luck = chance();
    const { pick, below } = luck;
    const query = Object.entries(shortRuns[id])
      .map(([name, value]) => `${name}=${value}`)
      .join("&");
    const page = await studio.open(`#/${id}?${query}`, { finished: onTestFinished });
    page.setDefaultTimeout(120_000);
    await page.getByText("The book's own run.").waitFor();
    const { state } = stateOf(experiment, new URLSearchParams(query));
    const model = new ExperimentModel(experiment, { settings: state.settings, seed: 0 });
    model.opened();
    const opened = async () => {
      await page.getByText(openedWith).waitFor();
      model.opened();
    };
    const reload = async () => {
      await page.reload();
      await opened();
    };
    const change = async () => {
      const names = (await page.locator("[data-controls] .name").allTextContents()).map((name) => name.trim());
      const name = pick(names.filter((one) => values[one] !== undefined));
      if (name === undefined) {
        return;
      }
      const value = pick(values[name]);
      await (await mainControl(page, name)).fill(value);
      await page.keyboard.press("Enter");
      model.set(name, value);
    };

    const actions = {
      ...anywhere(page, model, luck),
      change,
      async run() {
        await press(page);
        await ended(page);
        model.ran();
      },
      async again() {
        if (await pressAgain(page)) {
          await ended(page);
          model.ran();
        }
      },
      async reset() {
        await page.getByRole("button", { name: /^(Reset|リセット)$/ }).click();
        model.now = model.book;
        model.shown = null;
        await wrongAddress(page, model);
        // The book's own settings run long: back to short ones before anything is run.
        for (const [name, value] of Object.entries(shortRuns[id])) {
          model.set(name, value);
        }
        await goTo(page, `#/${id}?${query}`);
      },
      async story() {
        await openTab(page, "story");
        await page.locator(".dot").nth(below(4)).click();
      },
      tab: () => openTab(page, pick(["try", "settings", "results", "runs", "more"] as const)),
      async away() {
        await goAway(page, luck);
        if (model.shown === null) {
          await opened();
        }
      },
      reload,
      async changeAndReload() {
        await change();
        await reload();
      },
      shelf: () => takeFromShelf(page, model, luck),
    };
    const often = ["change", "change", "change", "run", "seed", "again", "story", "tab", "shelf", "scrub"];
    await play(page, model, { actions, often, pick, wrong: () => lies(page, model) });
  },
);

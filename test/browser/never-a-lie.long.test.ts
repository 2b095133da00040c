import { test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { bookState, stateOf } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "../support/browser.ts";
import {
  addressOf,
  chance,
  chooseLanguage,
  ended,
  keyOf,
  lastly,
  type Made,
  PageModel,
  play,
  pressAgain,
  takeFromShelf,
  typeNonsense,
  typeSeed,
  untold,
  wrongAddress,
  wrongBeside,
  wrongFormulas,
  wrongShelf,
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

/** A page that opens with a run: the reader's own, else the book's. */
class ExperimentModel extends PageModel {
  readonly book: Made = { settings: bookState(this.experiment).settings, seed: 0 };

  /** A page with nothing to show opens with the reader's newest finished run of these settings, else the book's. */
  opened(): void {
    const own = this.shelf.find((run) => run.done && keyOf(run) === keyOf(this.now));
    this.shown = own ?? this.book;
  }
}

async function lies(page: TestPage, model: ExperimentModel): Promise<string[]> {
  const address = await wrongAddress(page, model);
  // A page that one comes back to has no figure until its lesson is there: it can say nothing wrong before.
  await page.locator(".drawn").waitFor();
  return [
    ...address,
    ...(await wrongBeside(page, model, ".drawn.stale")),
    ...(await wrongShelf(page, model)),
    ...(await wrongFormulas(page, model)),
    ...(await untold(page, model)),
  ];
}

// Beside each other: a page mostly waits, for the address that follows its settings and for runs that end.
test.concurrent.for(chapter.filter(({ id }) => id !== "optimizer-paths").map(({ id }) => id))(
  "%s: after any actions settings, address, figure, formulas, results and shelf agree, or the page says how they differ",
  async (id, { onTestFinished }) => {
    const experiment = chapter.find((one) => one.id === id)!;
    const { pick, below } = chance();
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
      await page.getByText(/^(The book's own run\.|本の設定での結果|Your run of|.*の実行結果です)/).waitFor();
      model.opened();
    };

    const actions = {
      async change() {
        const boxes = page.locator("[data-controls] .setting");
        const names = (await boxes.locator(".name").allTextContents()).map((name) => name.trim());
        const name = pick(names.filter((one) => values[one] !== undefined));
        if (name === undefined) {
          return;
        }
        const value = pick(values[name]);
        await boxes.nth(names.indexOf(name)).locator("input.mono, select").first().fill(value);
        await page.keyboard.press("Enter");
        model.set(name, value);
      },
      seed: () => typeSeed(page, model, below(3)),
      nonsense: () => typeNonsense(page),
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
        // The address follows in 0.3 s; until then a link to what it still says would lead nowhere.
        await lastly(() => (addressOf(page, experiment) === keyOf(model.now) ? [] : ["not there yet"]));
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
      language: () => chooseLanguage(page, pick),
      async scrub() {
        const history = page.getByLabel(/^(history|履歴)/);
        if ((await history.count()) > 0) {
          await history.fill(String(below(Number(await history.getAttribute("max")) + 1)));
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
      shelf: () => takeFromShelf(page, model, pick),
    };
    const often = ["change", "change", "change", "run", "seed", "again", "story", "tab", "shelf", "scrub"];
    await play(page, model, { actions, often, pick, wrong: () => lies(page, model) });
  },
);

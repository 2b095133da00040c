import { expect, test } from "vitest";
import { written } from "../../src/core/hyper.ts";
import type { RunRecord } from "../../src/core/record.ts";
import { inLanguage, type Language } from "../../src/core/text.ts";
import { optimizerPathsLesson as lesson } from "../../src/experiments/ch06/lesson/optimizer-paths.ts";
import { optimizerPaths as experiment } from "../../src/experiments/ch06/optimizer-paths.ts";
import { runsOf, seriesOf } from "../../src/experiments/series.ts";
import { namedSurfaces } from "../../src/experiments/surfaces/named.ts";
import { formatCell } from "../../src/figure/format-cell.ts";
import { recordUntil } from "../../src/studio/figure/curve-options.ts";
import { short } from "../../src/studio/labs/paths/short.ts";
import { bookState } from "../../src/studio/state/experiment-link.ts";
import type { TestPage } from "../support/browser.ts";
import {
  anywhere,
  chance,
  ExperimentModel,
  ended,
  goAway,
  keyOf,
  lastly,
  mainControl,
  openedWith,
  PageModel,
  play,
  pressAgain,
  takeFromShelf,
  untold,
  wrongOnPage,
} from "../support/never-a-lie.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { expectRefused, openTab, press } from "../support/studio.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

const views = { lab: /^(Paths|経路)$/, paths: /^(One rule a panel|更新則ごと)$/, surface: /^(Surface|曲面)$/ } as const;
const rules = ["v = momentum * v - lr * g\nw = w + v", "w = w - lr * sign(g)", "w = w - lr * gradient"] as const;

class PathsModel extends ExperimentModel {
  /** What is looked at: the lab, which follows every change at once, or a figure of a run. */
  view: keyof typeof views = "lab";
  /** The update that is looked at; null is the last. */
  at: number | null = null;

  /** What the command line computes of the settings at hand, until the update that is looked at. */
  async walked(): Promise<RunRecord> {
    const { settings, seed } = this.now;
    const set = Object.entries(settings).map(([name, value]) => `${name}=${written(value)}`);
    const whole = await remembered(keyOf(this.now), () =>
      runExperiment("optimizer-paths", { set, seed, backend: "reference" }),
    );
    const end = Math.min(this.at ?? Number.POSITIVE_INFINITY, Number(settings.iterations));
    const record = recordUntil(whole, end);
    // The update that leaves the numbers is the one after the step it is noted at; from there on neither number is told.
    return {
      ...record,
      events: record.events.filter((note) => note.kind !== "diverged" || note.step < end),
      series: record.series.map((series) => {
        const [x, y] = ["x", "y"].map((metric) => seriesOf(record, series.run, metric)!.y);
        return { ...series, y: series.y.map((value, i) => (x[i] === null || y[i] === null ? null : value)) };
      }),
    };
  }
}

const records = new Map<string, Promise<RunRecord>>();
function remembered(key: string, make: () => Promise<RunRecord>): Promise<RunRecord> {
  const found = records.get(key) ?? make();
  records.set(key, found);
  return found;
}

/** Sentence, numbers and results of the lab must be those of the settings at hand, as the command line computes them. */
async function wrongWalk(page: TestPage, model: PathsModel): Promise<string[]> {
  const record = await model.walked();
  const { iterations } = model.now.settings;
  const step = Math.min(model.at ?? Number.POSITIVE_INFINITY, Number(iterations));
  return lastly(async () => {
    const seen = await page.evaluate(() => {
      const text = (selector: string) => document.querySelector(selector)?.textContent?.trim() ?? null;
      const rows = (selector: string) =>
        [...document.querySelectorAll(`${selector} tbody tr`)].map((row) =>
          [...row.querySelectorAll("th, td:not([colspan])")].map((cell) => cell.textContent?.trim() ?? ""),
        );
      return {
        language: document.documentElement.lang,
        said: text("[data-says]"),
        words: text(".transport .words"),
        step: text(".scrub .mono"),
        last: document.querySelector<HTMLInputElement>(".scrub input")?.max ?? null,
        numbers:
          document.querySelector("#paths-table-title") === null ? null : rows("[aria-labelledby=paths-table-title]"),
        update: text("#paths-formula-title"),
        under: [...document.querySelectorAll("[aria-labelledby=paths-formula-title] mtext[data-name=lr]")].map(
          (one) => one.textContent ?? "",
        ),
        results:
          document.querySelector("#results-title") === null ? null : rows("[aria-labelledby=results-title] .wide"),
      };
    });
    const language = seen.language as Language;
    const says = inLanguage(lesson.says(record), language);
    const numbers = runsOf(record).map((run) => {
      const ends = ["x", "y"].map((metric) => seriesOf(record, run, metric)!.y);
      // Where a rule has left the numbers, the last it had are shown, and that it has.
      const last = ends[0].findLastIndex((value) => value !== null);
      return [run, ...ends.map((values) => short(values[last]!))].join(" ");
    });
    const results = experiment
      .results(record)
      .rows.map((row) => row.map((cell) => formatCell(cell, language)).join(" "));
    const [focus] = (seen.update ?? "").split(":");
    const lr = model.now.settings[`${focus}.lr`];
    const ofRun = /^(The book's own run|本の設定での結果|Your run of|.*の実行結果です|Done in|[\d.]+ 秒で完了)/;
    const equal = (what: string, got: unknown, wanted: unknown) =>
      got === null || String(got) === String(wanted) ? [] : [`${what} ${got} for ${wanted}`];
    return [
      ...(ofRun.test(seen.words ?? "") && model.differing.length > 0 ? [`"${seen.words}" of another run`] : []),
      ...equal("sentence", seen.said, says),
      ...equal("update", seen.step, step),
      ...equal("updates", seen.last, iterations),
      ...equal(
        "numbers",
        seen.numbers?.filter((row) => row.length > 1).map((row) => row.slice(0, 3).join(" ")) ?? null,
        numbers,
      ),
      ...equal("results", seen.results?.map((row) => row.join(" ")) ?? null, results),
      ...seen.under.filter((text) => text !== short(Number(lr))).map((text) => `lr of ${focus} ${text} for ${lr}`),
    ];
  });
}

async function lies(page: TestPage, model: PathsModel): Promise<string[]> {
  if (model.view !== "lab") {
    return [
      ...(await wrongOnPage(page, model, { any: ".drawn", grey: ".drawn.stale" })),
      ...(await untold(page, model)),
    ];
  }
  // The lab is never of other settings than those at hand.
  const lab = Object.assign(new PageModel(experiment, model.now), { shown: model.now });
  return [
    ...(await wrongOnPage(page, model, { any: ".plane canvas", grey: ".drawn.stale" }, lab)),
    ...(await wrongWalk(page, model)),
  ];
}

test("optimizer-paths: after any actions paths, numbers, formulas, results and sentence are of the settings at hand", async ({
  onTestFinished,
}) => {
  const luck = chance();
  const { pick, below } = luck;
  const page = await studio.open("#/optimizer-paths", { finished: onTestFinished });
  page.setDefaultTimeout(120_000);
  await page.getByText("The book's own run.").waitFor();
  const model = new PathsModel(experiment, { settings: bookState(experiment).settings, seed: 0 });
  model.shown = model.book;
  /** What became of the last run stands beside figures of runs only: the lab shows something else. */
  const opened = async () => {
    await page.getByRole("button", { name: views.paths }).click();
    await page.getByText(openedWith).waitFor();
    model.opened();
    await look(model.view);
  };
  const look = async (view: keyof typeof views) => {
    await page.getByRole("button", { name: views[view] }).click();
    model.view = view;
  };
  const ran = async () => {
    await ended(page);
    model.ran();
    model.at = null;
  };
  /** Only the story's steps and the other tabs say what is shown. */
  const tab = async (name: Parameters<typeof openTab>[1]) => {
    await openTab(page, name);
    await look(model.view);
  };

  const everywhere = anywhere(page, model, luck);
  const actions = {
    ...everywhere,
    /** The lab and the figures of a run look at the same update. */
    async scrub() {
      const place = await everywhere.scrub();
      model.at = place === undefined ? model.at : place;
    },
    async change() {
      const name = pick(["SGD.lr", "Momentum.lr"]);
      const value = pick(["0.1", "0.5", "0.95", "1.05"]);
      await (await mainControl(page, name)).fill(value);
      await page.keyboard.press("Enter");
      model.set(name, value);
    },
    async updates() {
      if (model.view !== "lab") {
        await look("lab");
      }
      const value = pick(["1", "7", "30", "200"]);
      const atEnd = model.at === null || model.at >= Number(model.now.settings.iterations);
      await page.getByLabel(/^(updates in all|更新回数)$/).fill(value);
      await page.keyboard.press("Tab");
      model.set("iterations", value);
      model.at = atEnd ? null : model.at;
    },
    async walk() {
      if (model.view !== "lab") {
        await look("lab");
      }
      const last = Number(model.now.settings.iterations);
      const to = below(last + 1);
      await page.locator(".scrub input").fill(String(to));
      model.at = to >= last ? null : to;
    },
    async surface() {
      await tab("settings");
      const name = pick(["ravine", "rosenbrock", "himmelblau", "noisy", "saddle"]);
      await page.getByLabel(/^(Surface|関数)$/).selectOption(name);
      const { start, rates, updates } = namedSurfaces[name];
      model.set("surface", name);
      model.set("startX", String(start[0]));
      model.set("startY", String(start[1]));
      model.set("iterations", String(updates));
      for (const [label, lr] of Object.entries(rates)) {
        model.set(`${label}.lr`, String(lr));
      }
      model.set("custom.lr", String(rates.Momentum));
      model.at = null;
    },
    async typedSurface() {
      await tab("settings");
      await page.getByLabel(/^(Surface|関数)$/).selectOption("typed");
      const box = page.getByLabel("f(x, y) =");
      const text = pick(["x^2/8 + y^2", "abs(x) + y^4/9", "x^2 + z"]);
      await box.fill(text);
      if (text.includes("z")) {
        await expectRefused(page);
        await page.getByLabel(/^(Surface|関数)$/).selectOption("ravine");
        await actions.surface();
      } else {
        model.set("surface", text);
      }
    },
    async rules() {
      await tab("settings");
      const chosen = model.now.settings.optimizers as readonly string[];
      const name = pick(["SGD", "AdaGrad", "Adam", "Nesterov"]);
      const next = (experiment.settings.optimizers.options ?? []).filter(
        (one) => (one === name) !== chosen.includes(one),
      );
      if (next.length > 0) {
        await page
          .locator(".chip")
          .filter({ hasText: new RegExp(`^\\s*${name}\\s*$`) })
          .locator("input")
          .click();
        model.set("optimizers", next.join(","));
      }
    },
    async ownRule() {
      await page.getByRole("tab", { name: /^(Own rule|自作の更新則)$/ }).click();
      await look(model.view);
      const text = pick(rules);
      // As by hand: where marked words are replaced at once, the browser tries to keep their colour and the page's policy refuses.
      await page.locator(".cm-content").click();
      await page.keyboard.press("ControlOrMeta+a");
      await page.keyboard.press("Delete");
      await page.keyboard.insertText(text);
      if (text.includes("gradient")) {
        await expectRefused(page);
        await page.getByRole("button", { name: /^(Clear|消去)$/ }).click();
      }
      model.set("rule", text.includes("gradient") ? "" : text);
    },
    async run() {
      await press(page);
      await ran();
    },
    async again() {
      if (await pressAgain(page)) {
        await ran();
      }
    },
    async reset() {
      await page.getByRole("button", { name: /^(Reset|リセット)$/ }).click();
      model.now = model.book;
      model.shown = null;
      model.at = null;
    },
    async story() {
      await openTab(page, "story");
      await page.locator(".dot").nth(below(6)).click();
      await look(model.view);
    },
    async view() {
      await look(pick(["lab", "paths", "surface"]));
    },
    async tab() {
      await tab(pick(["try", "results", "runs", "more"] as const));
    },
    async numbers() {
      await page.getByRole("tab", { name: /^(Numbers|数値)$/ }).click();
      await look(model.view);
    },
    async away() {
      await goAway(page, luck);
      await (model.shown === null ? opened() : look(model.view));
    },
    async reload() {
      await page.reload();
      await opened();
    },
    async shelf() {
      if (model.shelf.length > 0) {
        await takeFromShelf(page, model, luck);
        model.at = null;
        await look(model.view);
      }
    },
  };
  const often = ["change", "change", "updates", "walk", "surface", "rules", "run", "view", "numbers", "story", "shelf"];
  await play(page, model, { actions, often, pick, wrong: () => lies(page, model) });
  expect(records.size).toBeGreaterThan(1);
});

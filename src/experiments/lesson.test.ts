import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resolve } from "../core/hyper.ts";
import type { RunRecord, Series } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";
import { type PackedRecord, unpackRecord } from "../studio/state/packed-record.ts";
import { lessons as ofChapter } from "./ch06/lessons.generated.ts";
import { lessonGoals } from "./lesson-goals.ts";
import { lessons as ofNext } from "./next/lessons.generated.ts";
import { taught } from "./registry.ts";

const lessons = { ...ofChapter, ...ofNext };

function bookRun(id: string) {
  const path = new URL(`../studio/public/book/${id}.json`, import.meta.url);
  return unpackRecord(JSON.parse(readFileSync(path, "utf8")) as PackedRecord);
}

/** A text in both languages, each of which must say something, without holes where numbers should be. */
function bothOf(text: Text): string[] {
  return [inLanguage(text, "en"), inLanguage(text, "ja")];
}

test.each(taught.map(({ id }) => id))("%s has a lesson whose every text, setting, view and truth holds", async (id) => {
  const experiment = taught.find((one) => one.id === id)!;
  const lesson = await lessons[id]();
  const record = bookRun(id);
  const figures = new Set(["lab", ...experiment.figures(record).map((figure) => figure.id)]);
  expect(lesson.steps.length).toBeGreaterThanOrEqual(4);
  expect(lesson.steps.length).toBeLessThanOrEqual(7);
  const spoken = [
    lesson.says(record),
    lessonGoals[id],
    ...lesson.steps.flatMap((step) => [step.title, step.text(record)]),
    lesson.prediction.question,
    lesson.fault.symptom,
    lesson.contrast.question,
  ].flatMap(bothOf);
  for (const words of spoken) {
    expect(words).not.toMatch(/undefined|NaN|Infinity|–%|(^|[ (])–($|[ ,.)])/);
    expect(words.length).toBeGreaterThan(2);
  }
  for (const words of spoken.filter((_, i) => i % 2 === 0)) {
    expect(words).not.toMatch(/[\u3040-\u30ff\u4e00-\u9fff]/);
  }
  for (const name of lesson.controls) {
    expect(experiment.settings).toHaveProperty([name]);
  }
  const views = lesson.views.map((view) => view.id);
  for (const view of lesson.views) {
    expect(figures).toContain(view.figure);
  }
  const tries = lesson.steps.flatMap((step) => [...inLanguage(step.text(record), "en").matchAll(/\[\[(.+?)\]\]/g)]);
  for (const [, inside] of tries) {
    for (const one of inside.split("&")) {
      const [name, value] = one.split("=");
      if (name !== "seed") {
        expect(() => experiment.settings[name].parse(value, name)).not.toThrow();
      }
    }
  }
  for (const step of lesson.steps) {
    expect([undefined, ...views]).toContain(step.view);
    const japanese = [...inLanguage(step.text(record), "ja").matchAll(/\[\[(.+?)\]\]/g)].map(([, inside]) => inside);
    const english = [...inLanguage(step.text(record), "en").matchAll(/\[\[(.+?)\]\]/g)].map(([, inside]) => inside);
    expect(japanese).toEqual(english);
    const curves = experiment
      .figures(record)
      .flatMap(({ panels }) =>
        panels.flatMap((panel) =>
          panel.kind === "plane"
            ? panel.layers.flatMap((layer) =>
                "name" in layer && layer.name !== undefined ? [inLanguage(layer.name, "en")] : [],
              )
            : [],
        ),
      );
    for (const name of step.highlight ?? []) {
      expect(curves).toContain(name);
    }
  }
  for (const set of [lesson.prediction.set, lesson.fault.set, ...lesson.contrast.sides.map((side) => side.set)]) {
    expect(() => resolve(experiment.settings, set)).not.toThrow();
  }
  const { task } = lesson.prediction;
  expect(task.truth(record)).toHaveLength(task.kind === "order" ? task.items.length : task.at.length);
  for (const answers of [lesson.fault.causes, lesson.contrast.answers]) {
    expect(answers.filter(({ right }) => right)).toHaveLength(1);
    expect(answers.length).toBeGreaterThanOrEqual(3);
  }
});

test("a lesson's sentence holds for other settings than the book's", async () => {
  const paths = await lessons["optimizer-paths"]();
  const walked = bookRun("optimizer-paths");
  const says = (changed: Partial<typeof walked>, language: "en" | "ja" = "en") =>
    inLanguage(paths.says({ ...walked, ...changed }), language);
  const on = (surface: string) => ({ settings: { ...walked.settings, surface } });
  expect(says({})).toMatch(
    /^After 30 updates \w+ is nearest to the lowest point\. SGD crossed the ravine \d+ times\.$/,
  );
  expect(says(on("himmelblau"))).toMatch(/nearest to one of the 4 lowest points\. SGD's y changed its sign/);
  expect(says(on("x^2 + abs(y)"), "ja")).toMatch(
    /^30 回の更新後、いちばん低いのは \w+\(f = [\d.]+\)です。SGD の y の符号は/,
  );
  const without = walked.series.filter(({ run }) => run !== "SGD");
  expect(says({ series: without })).toMatch(/^After 30 updates \w+ is nearest to the lowest point\.$/);
  const nowhere = without.map((series) => ({ ...series, y: [...series.y.slice(0, -1), null] }));
  expect(says({ series: nowhere })).toBe("After 30 updates no rule is left.");

  const search = await lessons["hyperparameter-search"]();
  const trials = bookRun("hyperparameter-search");
  expect(inLanguage(search.says(trials), "en")).toContain("the best 20 have");
  const few = trials.series.slice(0, 2 * 5);
  const five = few.filter(({ metric }) => metric === "valAccuracy").length;
  expect(inLanguage(search.says({ ...trials, series: few }), "ja")).toContain(`上位${five}の lr`);

  const race = await lessons["optimizer-comparison"]();
  const losses = bookRun("optimizer-comparison");
  const begun = losses.series.map((series) => ({ ...series, x: series.x.slice(0, 40), y: series.y.slice(0, 40) }));
  expect(inLanguage(race.says({ ...losses, series: begun }), "en")).toContain("means of the last 40.");
});

/** What a lesson's steps say of the book's run with some things otherwise, in English. */
async function told(id: string, change: (record: RunRecord) => Partial<RunRecord>): Promise<string[]> {
  const lesson = await lessons[id]();
  const record = bookRun(id);
  return lesson.steps.map((step) => inLanguage(step.text({ ...record, ...change(record) }), "en"));
}
/** The same series with other numbers. */
const with_ = ({ series }: RunRecord, y: (of: Series) => Series["y"]) => ({
  series: series.map((one) => ({ ...one, y: y(one) })),
});
const level = (to: number) => (one: Series) => one.y.map(() => to);

test("a step says what its run's numbers show, be it another outcome than the book's", async () => {
  const lossesOf = (run: string, to: (one: Series) => Series["y"]) => (record: RunRecord) =>
    with_(record, (one) => (one.run === run && one.metric === "loss" ? to(one) : one.y));
  expect((await told("optimizer-comparison", lossesOf("SGD", level(0.1))))[1]).toMatch(/Below 0\.5 come SGD at/);
  expect((await told("optimizer-comparison", lossesOf("Adam", level(2))))[1]).toMatch(/Not below 0\.5: Adam\./);

  expect((await told("init-comparison", () => ({})))[1]).toContain("changes next to nothing");
  expect((await told("init-comparison", lossesOf("std=0.01", level(0.5))))[1]).toContain("enough to leave it");
  const tanh = await told("init-comparison", ({ settings }) => ({ settings: { ...settings, activation: "tanh" } }));
  expect(tanh[0]).toContain("One network (tanh)");
  expect(tanh[2]).not.toContain("ReLU");

  expect((await told("dropout", () => ({})))[2]).toMatch(/From iteration 600 .*still rising/);
  expect((await told("dropout", (record) => with_(record, level(0.9))))[2]).toContain("it has settled");

  const ahead = (record: RunRecord) => with_(record, (one) => level(one.run === "plain" ? 0.1 : 0.9)(one));
  const scales = await told("batchnorm-scales", (record) => ({ ...ahead(record), events: [] }));
  expect(scales[1]).toMatch(/^0 of 16 scales end above 50%\. .*layer to layer\.$/);
  expect(scales[3]).toBe("In this run it does: at no scale the plain network ends ahead.");

  expect((await told("hyperparameter-search", () => ({})))[1]).toContain("Here λ does not matter.");
  expect((await told("hyperparameter-search", () => ({})))[2]).toContain("close to its upper bound, 1e-2");
  const chance = await told("hyperparameter-search", (record) => with_(record, level(0.1)));
  expect(chance[2]).toContain("press on no bound");
  const smaller = ({ settings }: RunRecord) => ({ settings: { ...settings, trainRows: 1000 } });
  expect((await told("hyperparameter-search", smaller))[3]).toContain("200 digits moves in steps of 0.5%");

  expect((await told("depth", () => ({})))[0]).toContain("cannot be trained");
  expect((await told("depth", (record) => with_(record, level(0.9))))[0]).toContain("costs nothing");
  expect((await told("dead-units", (record) => with_(record, level(0.01))))[1]).toContain("here few did");
  expect((await told("weight-decay", smaller))[0]).toContain("of its 1,000 digits");

  const bent = await told("optimizer-paths", ({ settings }) => ({ settings: { ...settings, surface: "rosenbrock" } }));
  expect(bent[0]).toMatch(/^A bent valley .* \[\[surface=ravine\]\]\.$/);
  expect(bent.join(" ")).not.toMatch(/twenty times|zigzag|1 − 2·lr/);
});

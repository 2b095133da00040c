import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { resolve } from "../core/hyper.ts";
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

import { describe, expect, test } from "vitest";
import { languages } from "../src/core/text.ts";
import { explanations } from "../src/experiments/ch06/explanations.generated.ts";
import { chapter } from "../src/experiments/registry.ts";
import { markdown } from "../src/figure/markdown.ts";
import { weightInits } from "../src/init/weights.ts";
import { optimizers } from "../src/optim/registry.ts";
import { schedules } from "../src/schedule/registry.ts";
import { pruners, samplers } from "../src/search/registry.ts";
import { runExperiment } from "./support/run-experiment.ts";

const japanese = /[\u3040-\u30ff\u4e00-\u9fff]/;

/** Words that are the same in both languages: names, symbols, formulas. */
function texts(value: unknown, path = ""): { path: string; en: string; ja: string }[] {
  if (typeof value !== "object" || value === null) {
    return [];
  }
  if ("en" in value || "ja" in value) {
    const { en, ja } = value as { en: string; ja: string };
    return [{ path, en, ja }];
  }
  return Object.entries(value).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

function expectBoth(found: readonly { path: string; en: string; ja: string }[]): void {
  for (const { path, en, ja } of found) {
    expect(en, path).toMatch(/\S/);
    expect(ja, path).toMatch(/\S/);
    expect(en, path).not.toMatch(japanese);
    // Brackets, colons and percent signs are those of ASCII everywhere.
    expect(ja, path).not.toMatch(/[（）：％]/);
  }
}

test("the chapter has its nine experiments, in the order of the book", () => {
  expect(chapter.map(({ id }) => id)).toEqual([
    "optimizer-paths",
    "optimizer-comparison",
    "activation-histograms",
    "init-comparison",
    "batchnorm-gradcheck",
    "batchnorm-scales",
    "weight-decay",
    "dropout",
    "hyperparameter-search",
  ]);
});

describe.each(chapter)("$id in both languages", (experiment) => {
  test("titles, summaries and settings", () => {
    expectBoth(texts({ title: experiment.title, summary: experiment.summary }));
    const settings = Object.entries(experiment.settings);
    for (const [name, { about, range }] of settings) {
      expect(range, name).not.toBe("");
      expect(texts({ about }), name).toHaveLength(1);
    }
    expectBoth(texts(experiment.settings));
  });

  test("the explanation, as Markdown whose formulas are sound", () => {
    const explanation = explanations[experiment.id];
    for (const language of languages) {
      expect(markdown(explanation[language])).not.toMatch(/\$/);
    }
    expect(explanation.ja).toMatch(japanese);
    expect(explanation.en).not.toMatch(japanese);
    // What to look for stands in both, with as many points.
    const points = (text: string) => text.split("\n").filter((line) => line.startsWith("- ")).length;
    expect(points(explanation.ja)).toBe(points(explanation.en));
    const named = (text: string) => [...text.matchAll(/--(?:set|seeds) \S+?(?=`)/g)].map(([option]) => option);
    expect(named(explanation.ja)).toEqual(named(explanation.en));
  });

  test("settings that the explanation names exist", () => {
    for (const [, option] of explanations[experiment.id].en.matchAll(/`--set (\S+)=/g)) {
      expect(Object.keys(experiment.settings)).toContain(option);
    }
  });

  test("figures, tables, findings", async () => {
    const small: Record<string, string[]> = {
      "activation-histograms": ["rows=20", "width=10"],
      "batchnorm-gradcheck": ["samples=2", "hiddenWidth=5"],
      "batchnorm-scales": ["iterations=3", "scales=2", "hiddenSizes=5"],
      "hyperparameter-search": ["trials=3", "epochs=1", "hiddenSizes=5"],
      "optimizer-paths": [],
    };
    const set = small[experiment.id] ?? ["iterations=3", "hiddenSizes=5"];
    const record = await runExperiment(experiment.id, { set, dtype: "float32" });
    const { figures, results, details, findings } = experiment;
    expectBoth(texts([figures(record), results(record), details?.(record), findings?.(record)]));
    expect(results(record).rows.length).toBeGreaterThan(0);
    for (const row of results(record).rows) {
      expect(row).toHaveLength(results(record).columns.length);
    }
  });
});

test("optimizers, schedules, initialisers, samplers and pruners in both languages", () => {
  expectBoth(texts([...schedules, ...samplers, ...pruners].map(({ about, hyper }) => [about, hyper])));
  expectBoth(texts([optimizers.map(({ about, hyper }) => [about, hyper]), weightInits.map(({ about }) => about)]));
});

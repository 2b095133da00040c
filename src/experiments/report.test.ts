import { expect, test } from "vitest";
import type { RunRecord } from "../core/record.ts";
import { renderSection } from "../figure/report.ts";
import { changedSettings } from "./compare.ts";
import { brokenAt, divergedNote } from "./divergence.ts";
import { noteText } from "./note-text.ts";
import { ownData } from "./own-data/own-data.ts";
import { experimentNamed } from "./registry.ts";
import { commandOf, reportSection } from "./report.ts";

const empty: RunRecord = {
  ...{ tanren: "0.1.0", experiment: "train", preset: "book", seed: 0, settings: { optimizer: "adam" } },
  engine: { kernels: "wasm-simd", dtype: "float32", workers: 1 },
  ...{ startedAt: "2026-01-01T00:00:00Z", seconds: { total: 1, train: 1 } },
  ...{ series: [], histograms: [], checks: [], events: [] },
};
const headings = (html: string) => /<h2>(.*?)<\/h2>/.exec(html)![1].replace(/<span class="number"/g, "<span");

test("a report's heading has the section of the book, the place in what goes on from it in the reader's words, or nothing", () => {
  const heading = (id: string) => {
    const section = reportSection(experimentNamed(id), { ...empty, experiment: id });
    return headings(renderSection({ ...section, figures: [] }));
  };
  expect(heading("dropout")).toMatch(/^<span>6\.4\.3<\/span> <span/);
  expect(heading("lr-find")).toMatch(/^<span lang="en">Going on 4<\/span><span lang="ja">発展 4<\/span> <span/);
  const own = headings(renderSection({ ...reportSection(ownData, empty), figures: [] }));
  expect(own).toMatch(/^<span lang="en">A network on your own data</);
});

test("a text that was written of the book's settings says so where a run has others, and which", () => {
  const page = (settings: RunRecord["settings"]) =>
    renderSection({
      ...reportSection(experimentNamed("dropout"), { ...empty, experiment: "dropout", settings }),
      figures: [],
    });
  expect(page({})).not.toContain("speaks of the book's settings");
  expect(page({ dropRatio: 0.3, iterations: 903, lr: 0.1 })).toMatch(
    /speaks of the book's settings.*異なります.*<code>lr<\/code>, <code>dropRatio<\/code><\/p>/,
  );
  const own = { ...reportSection(ownData, { ...empty, settings: { optimizer: "sgd" } }), figures: [] };
  expect(renderSection(own)).not.toContain("speaks of the book's settings");
});

test("a run differs from the book in what it has otherwise, not in what it leaves as it is or does not know", () => {
  const experiment = experimentNamed("dropout");
  const settings = { lr: 0.01, dropRatio: 0.3, hiddenSizes: [100, 100, 100, 100, 100, 100], left: 1 };
  expect(changedSettings(experiment, { settings })).toEqual(["dropRatio"]);
  expect(changedSettings(experiment, { settings: {} })).toEqual([]);
  expect(changedSettings(experiment, { settings: {}, seed: 0 })).toEqual([]);
  expect(changedSettings(experiment, { settings: {}, seed: 7 })).toEqual(["seed"]);
});

const comparison = experimentNamed("optimizer-comparison");
const record = (settings: RunRecord["settings"], more: Partial<RunRecord> = {}) =>
  ({
    ...{ preset: "book", seed: 3, engine: { kernels: "native-avx512", dtype: "float32", workers: 2 } },
    settings,
    ...more,
  }) as RunRecord;
const end = "--seed 3 --backend native --dtype float32";

test("the command of a run names what differs from its preset, and kernels as the command takes them", () => {
  expect(commandOf(comparison, record({ iterations: 2000 }))).toBe(`tanren run optimizer-comparison ${end}`);
  expect(commandOf(comparison, record({ iterations: 50, "SGD.lr": 0.1 }))).toBe(
    `tanren run optimizer-comparison --set iterations=50 --set SGD.lr=0.1 ${end}`,
  );
  const engine = { kernels: "wasm-simd", dtype: "float64", workers: 1 } as const;
  expect(commandOf(comparison, record({}, { engine }))).toMatch(/--backend wasm-simd --dtype float64$/);
});

test("a rule of several lines and a folder with a space are words of a shell; a preset is named", () => {
  const data = [{ folder: "/my data" }] as unknown as RunRecord["data"];
  expect(commandOf(comparison, record({ rule: "v = g\nw = w - v" }, { data }))).toBe(
    `tanren run optimizer-comparison --set 'rule=v = g\\nw = w - v' --data '/my data' ${end}`,
  );
  const paths = experimentNamed("optimizer-paths");
  expect(commandOf(paths, record(paths.presets.rosenbrock, { preset: "rosenbrock" }))).toBe(
    `tanren run optimizer-paths --preset rosenbrock ${end}`,
  );
});

test("a curve breaks where the run of its own tags diverged, which a sentence says in three digits", () => {
  const events = [0.1, 0.123456].flatMap((weightInitStd, step) => {
    const event = divergedNote("plain", { weightInitStd }, { step, layer: "affine2" });
    return event.kind === "note" ? [event.note] : [];
  });
  expect(brokenAt({ events }, { run: "plain", tags: { weightInitStd: 0.123456 } })).toEqual({ x: 1, step: 1 });
  expect(brokenAt({ events }, { run: "plain", tags: { weightInitStd: 0.2 } })).toBeUndefined();
  expect(brokenAt({ events }, { run: "batchnorm", tags: { weightInitStd: 0.1 } })).toBeUndefined();
  expect(noteText(events[1])).toMatchObject({ en: expect.stringMatching(/^plain \(weightInitStd=0\.123\): every/) });
});

test("a column's head stands over its numbers: right over numbers, left over words", () => {
  const table = { columns: ["run", "loss", "rule"], rows: [["a", 0.5, "SGD"]] };
  const page = renderSection({
    ...reportSection(experimentNamed("dropout"), { ...empty, experiment: "dropout", settings: {} }),
    figures: [],
    table,
  });
  const heads = [...page.matchAll(/<th scope="col"([^>]*)>(.*?)<\/th>/g)].map(([, kind, name]) => [
    /run|loss|rule/.exec(name)?.[0],
    kind.trim(),
  ]);
  expect(heads.slice(0, 3)).toEqual([
    ["run", ""],
    ["loss", 'class="number"'],
    ["rule", ""],
  ]);
});

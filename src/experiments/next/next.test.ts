import { expect, test } from "vitest";
import { runExperiment } from "../../../test/support/run-experiment.ts";
import { resolve } from "../../core/hyper.ts";
import { notesOf } from "../../core/note.ts";
import type { RunRecord } from "../../core/record.ts";
import type { PlanePanel } from "../../figure/figure-spec.ts";
import { noteText } from "../note-text.ts";
import { chapter, experimentNamed, nextPages } from "../registry.ts";
import { explanations } from "./explanations.generated.ts";

const small: Readonly<Record<string, readonly string[]>> = {
  schedules: ["schedules=constant,cosine,plateau", "hiddenSizes=10"],
  "dead-units": ["unitsEvery=2", "hiddenSizes=10x2"],
  depth: ["depths=2,3", "width=8", "accuracyEvery=3"],
  "lr-find": ["optimizers=SGD,Lion", "hiddenSizes=10"],
};

test("the next pages stand beside the chapter, each with its text in both languages", () => {
  expect(nextPages.map(({ id }) => id)).toEqual(Object.keys(small));
  for (const page of nextPages) {
    expect(chapter).not.toContain(page);
    expect(experimentNamed(page.id)).toBe(page);
    expect(explanations[page.id].en).toMatch(/What to look for/);
    expect(explanations[page.id].ja).toMatch(/見どころ/);
  }
});

test("depth leaves residual blocks out as often as it is told, and plain networks alone", async () => {
  const options = {
    set: ["iterations=4", "batchSize=20", "trainRows=200", "depths=4", "width=8"],
    workers: 1,
  } as const;
  const [kept, left] = [
    await runExperiment("depth", { ...options, backend: "wasm-simd" }),
    await runExperiment("depth", { ...options, set: [...options.set, "survival=0.3"], backend: "wasm-simd" }),
  ].map(({ series }) => series.filter(({ metric }) => metric === "trainAccuracy"));
  const of = (series: typeof kept, run: string) => series.find((one) => one.run === run)?.y;
  expect(of(left, "plain 4")).toEqual(of(kept, "plain 4"));
  expect(of(left, "residual 4")).not.toEqual(of(kept, "residual 4"));
});

test("lr-find, which raises lr until the loss blows up, says where it did and does not advise a lower lr", async () => {
  const wide = ["iterations=60", "batchSize=20", "trainRows=200", "hiddenSizes=10", "weightDecay=0.1", "high=1e30"];
  const set = [...wide, "optimizers=Momentum"];
  const { events, series } = await runExperiment("lr-find", { set, workers: 1, backend: "wasm-simd", rows: "few" });
  const [note] = notesOf({ events }, "diverged");
  const rates = series.find(({ metric }) => metric === "lr")?.y ?? [];
  expect(note.raisedLr).toBe(rates[note.step]);
  const { en, ja } = noteText(note) as { en: string; ja: string };
  expect(en).toContain(`blew up at step ${note.step}, where lr had come to ${Number(note.raisedLr?.toPrecision(3))} `);
  expect([en.includes("Lower lr"), ja.includes("発散しました"), ja.includes("初期値")]).toEqual([false, true, false]);
});

test.each(Object.entries(small))("%s runs, and gives the same numbers on one worker and two", async (id, set) => {
  const options = {
    set: ["iterations=12", "batchSize=20", "trainRows=200", ...set],
    backend: "wasm-simd",
    rows: "few",
  } as const;
  const record = await runExperiment(id, { ...options, workers: 1 });
  expect((await runExperiment(id, { ...options, workers: 2 })).series).toEqual(record.series);
  const experiment = experimentNamed(id);
  expect(experiment.figures(record).flatMap(({ panels }) => panels).length).toBeGreaterThan(0);
  expect(experiment.results(record).rows.length).toBeGreaterThan(1);
  expect(experiment.findings?.(record)).toBeDefined();
  for (const { y } of record.series) {
    expect(y.every((value) => value === null || Number.isFinite(value))).toBe(true);
  }
});

test("a rate that stays as it is does not lie on the figure's frame", () => {
  const { figures, settings } = experimentNamed("schedules");
  const lr = { run: "constant", tags: {}, metric: "lr", x: [0, 1], y: [0.1, 0.1] };
  const record = { settings: resolve(settings, {}), events: [], checks: [], histograms: [], series: [lr] };
  const [{ panels }] = figures(record as unknown as RunRecord);
  expect((panels[0] as PlanePanel).y.domain![1]).toBeGreaterThan(0.102);
  const [none] = figures({ ...record, series: [] } as unknown as RunRecord);
  expect((none.panels[0] as PlanePanel).y.domain).toBeUndefined();
});

import { expect, test } from "vitest";
import { codeOf, runInDeno } from "../scripts/notebook.mjs";
import { golden, largestDifference } from "./support/golden.ts";
import { cells, codeCells, plainOutputs, shortCode, storedNotebook } from "./support/notebook.ts";

test("every cell runs in Deno and gives the original's numbers", () => {
  const numbers = `console.log(JSON.stringify({ written, comparison: comparison.series, histograms: histograms.histograms,
    inits: inits.series, scales: scales.series, decay: decay.series, dropped: dropped.series, search: search.series }))`;
  const sources = [...shortCode("en"), numbers];
  const outputs = runInDeno(sources);
  const stored = codeCells(storedNotebook("en"));
  stored.forEach((cell, i) => {
    const kinds = (all: ReturnType<typeof plainOutputs>) =>
      all.map(({ kind, contents }) => [kind, typeof contents === "string" ? [] : Object.keys(contents as object)]);
    expect(kinds(plainOutputs(outputs[i])), `cell ${i + 1}`).toEqual(kinds(plainOutputs(cell.outputs)));
  });

  const got = JSON.parse(outputs.at(-1)![0].text!);
  type Series = { run: string; metric: string; tags: Record<string, number>; y: number[] };
  const y = (series: Series[], run: string, metric: string) =>
    series.find((s) => s.run === run && s.metric === metric)?.y ?? [];
  const paths = golden<Record<string, Record<string, { x: number[]; y: number[] }>>>("optimizer-paths");
  for (const preset of ["book", "notebook"]) {
    for (const [name, path] of Object.entries(paths[preset]).filter(([key]) => key !== "start")) {
      const ours: { x: number; y: number }[] = got.written[preset][name.split(" ")[0]];
      for (const axis of ["x", "y"] as const) {
        expect(
          largestDifference(
            ours.map((point) => point[axis]),
            path[axis],
          ),
          `${preset} ${name}`,
        ).toBeLessThan(1e-9);
      }
    }
  }
  for (const [series, file] of [
    [got.comparison, "optimizer-comparison"],
    [got.inits, "init-comparison"],
  ] as const) {
    for (const [run, losses] of Object.entries(golden<Record<string, number[]>>(file))) {
      expect(largestDifference(y(series, run, "loss"), losses.slice(0, 101)), run).toBeLessThan(1e-9);
    }
  }
  const counts = golden<{ layers: { counts: number[] }[] }[]>("activation-histograms").flatMap(({ layers }) => layers);
  expect(got.histograms.map((h: { counts: number[] }) => h.counts)).toEqual(counts.map((layer) => layer.counts));
  const { train } = golden<{ train: number[] }>("weight-decay");
  expect(y(got.decay, "decay=0.1", "trainAccuracy")).toEqual(train.slice(0, 5));
  const dropout = golden<{ test: number[] }>("dropout");
  expect(y(got.dropped, "dropout=0.2", "testAccuracy")).toEqual(dropout.test.slice(0, 5));
});

test("both notebooks are made of the cells in ch06.cells.ts, alike but for the language", () => {
  for (const language of ["en", "ja"]) {
    const notebook = storedNotebook(language);
    expect(codeCells(notebook).map(({ source }) => source.join(""))).toEqual(codeOf(cells, language));
    const words = notebook.cells.filter((cell) => cell.cell_type === "markdown");
    expect(words.map(({ source }) => source.join(""))).toEqual(
      cells.filter(({ kind }) => kind === language).map(({ source }) => source),
    );
  }
  const headings = (language: string) => cells.filter(({ kind }) => kind === language).length;
  expect(headings("ja")).toBe(headings("en"));
});

test("every figure is kept as a picture for a clone that Jupyter does not trust", () => {
  for (const language of ["en", "ja"]) {
    const shown = codeCells(storedNotebook(language)).flatMap(({ outputs = [] }) => outputs);
    const figures = shown.filter(({ data }) => data?.["image/svg+xml"] !== undefined);
    expect(figures.length).toBeGreaterThanOrEqual(17);
    expect(figures.every(({ data }) => data?.["image/png"] !== undefined)).toBe(true);
  }
});

test("the whole notebook prints what the original prints: losses, scales, epochs and trials", () => {
  const text = codeCells(storedNotebook("en"))
    .flatMap(({ outputs = [] }) => plainOutputs(outputs))
    .filter(({ kind }) => kind === "stream")
    .map(({ contents }) => String(contents))
    .join("");
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  expect(count(/^=+iteration:\d+=+$/gm)).toBe(2 * 20);
  expect(count(/^=+ \d+\/16 =+$/gm)).toBe(16);
  expect(count(/^epoch:\d+ \| /gm)).toBe(16 * 20);
  expect(count(/^epoch:\d+, decay=0\.1: /gm)).toBe(201);
  expect(count(/^epoch:\d+, dropout=0\.2: /gm)).toBe(301);
  expect(count(/^val acc:/gm)).toBe(100);
  expect(count(/^Best-\d+\(/gm)).toBe(20);
});

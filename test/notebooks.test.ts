import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cellsOf, codeOf, runInDeno } from "../scripts/notebook.mjs";
import { golden, largestDifference } from "./support/golden.ts";

const at = (name: string) => fileURLToPath(new URL(`../notebooks/${name}`, import.meta.url));
type Notebook = { cells: { cell_type: string; source: string[]; outputs?: { data: Record<string, string[]> }[] }[] };
const stored = (language: string): Notebook => JSON.parse(readFileSync(at(`ch06.${language}.ipynb`), "utf8"));
const code = (notebook: Notebook) => notebook.cells.filter((cell) => cell.cell_type === "code");

test("every cell runs in Deno, shows what is stored, and gives the original's numbers", () => {
  const cells = code(stored("en"));
  const numbers = `show(JSON.stringify({ written, comparison: comparison.series, histograms: histograms.histograms,
    inits: inits.series, scales: scales.series, decay: decay.series, dropped: dropped.series, search: search.series }))`;
  const outputs = runInDeno([...cells.map(({ source }) => source.join("")), numbers.replaceAll(/\n\s+/g, " ")]);
  cells.forEach(({ outputs: expected = [] }, i) => {
    const told = expected.map(({ data }) =>
      Object.fromEntries(Object.entries(data).map(([type, text]) => [type, text.join("")])),
    );
    expect(outputs[i], `cell ${i + 1}`).toEqual(told);
  });

  const got = JSON.parse(outputs.at(-1)![0]["text/plain"]);
  type Series = { run: string; metric: string; y: number[] };
  const y = (series: Series[], run: string, metric: string) =>
    series.find((s) => s.run === run && s.metric === metric)?.y ?? [];
  const paths = golden<Record<string, Record<string, { x: number[] }>>>("optimizer-paths").book;
  for (const [name, path] of Object.entries(paths).filter(([key]) => key !== "start")) {
    const ours = got.written[name.split(" ")[0]].map((point: { x: number }) => point.x);
    expect(largestDifference(ours, path.x), name).toBeLessThan(1e-9);
  }
  for (const [series, file] of [
    [got.comparison, "optimizer-comparison"],
    [got.inits, "init-comparison"],
  ] as const) {
    for (const [run, losses] of Object.entries(golden<Record<string, number[]>>(file))) {
      expect(largestDifference(y(series, run, "loss"), losses.slice(0, 300)), run).toBeLessThan(1e-9);
    }
  }
  const counts = golden<{ layers: { counts: number[] }[] }[]>("activation-histograms").flatMap(({ layers }) => layers);
  expect(got.histograms.map((h: { counts: number[] }) => h.counts)).toEqual(counts.map((layer) => layer.counts));
  const every = (values: number[], step: number, count: number) =>
    Array.from({ length: count }, (_, i) => values[i * step]);
  const { train } = golden<{ train: number[] }>("weight-decay");
  // Measured every 20th iteration here and every 3rd there: they meet at multiples of 60.
  expect(every(y(got.decay, "decay=0.1", "trainAccuracy"), 3, 4)).toEqual(every(train, 20, 4));
  const dropout = golden<{ test: number[] }>("dropout");
  expect(y(got.dropped, "dropout=0.2", "testAccuracy")).toEqual(every(dropout.test, 5, 11));
});

test("both notebooks are made of the cells in ch06.cells.ts, alike but for the language", () => {
  const cells = cellsOf(readFileSync(at("ch06.cells.ts"), "utf8"));
  for (const language of ["en", "ja"]) {
    const notebook = stored(language);
    expect(code(notebook).map(({ source }) => source.join(""))).toEqual(codeOf(cells, language));
    const words = notebook.cells.filter((cell) => cell.cell_type === "markdown");
    expect(words.map(({ source }) => source.join(""))).toEqual(
      cells.filter(({ kind }) => kind === language).map(({ source }) => source),
    );
  }
  const headings = (language: string) => cells.filter(({ kind }) => kind === language).length;
  expect(headings("ja")).toBe(headings("en"));
});

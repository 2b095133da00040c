import { expect, test } from "vitest";
import type { RunRecord, Series } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import { renderTerminal } from "../figure/terminal.ts";
import type { Experiment, Settings } from "../runs/experiment.ts";
import { dropout } from "./ch06/dropout.ts";
import { optimizerComparison } from "./ch06/optimizer-comparison.ts";
import { comparison } from "./overlay.ts";

const recordOf = ({ id }: Experiment, settings: Settings, series: readonly Series[], seed = 0): RunRecord => ({
  tanren: "0",
  experiment: id,
  preset: "book",
  seed,
  settings,
  engine: { kernels: "reference", dtype: "float32", workers: 1 },
  startedAt: "2026-01-01T00:00:00Z",
  seconds: { total: 1, train: 1 },
  series: [...series],
  histograms: [],
  checks: [],
  events: [],
});
const series = (run: string, metric: string, y: number[]): Series => ({
  run,
  tags: {},
  metric,
  x: y.map((_, i) => i),
  y,
});
const compared = (records: readonly RunRecord[]) => records.map((record, i) => ({ id: `run-${i}`, record }));

test("run lies over run: one colour a curve, one dash a run, and what differs stands in the name at the line's end", () => {
  const runs = compared(
    [0.01, 0.1].map((lr) =>
      recordOf(optimizerComparison, { "SGD.lr": lr }, [
        series("SGD", "loss", [2, 1, lr]),
        series("Adam", "loss", [2, 1, 0.5]),
      ]),
    ),
  );
  const { experiment, record } = comparison(optimizerComparison, runs);
  const [figure] = experiment.figures(record);
  const [panel] = figure.panels;
  expect(panel).toMatchObject({ kind: "plane", namesAtEnds: true });
  const curves = panel.kind === "plane" ? panel.layers.filter((layer) => layer.kind === "curve") : [];
  expect(curves.map(({ name, style, dash }) => [inLanguage(name, "en"), style, dash])).toEqual([
    ["SGD (SGD.lr=0.01)", 0, "solid"],
    ["Adam (SGD.lr=0.01)", 3, "solid"],
    ["SGD (SGD.lr=0.1)", 0, "dashed"],
    ["Adam (SGD.lr=0.1)", 3, "dashed"],
  ]);
  const drawn = renderTerminal(figure, { language: "en", columns: 100, color: false });
  for (const [letter, name] of [
    ["A", "SGD (SGD.lr=0.01)"],
    ["D", "Adam (SGD.lr=0.1)"],
  ]) {
    expect(drawn).toContain(`${letter} ${name}`);
  }
});

test("panels of the same kind stand once, not once a run; their titles tell where they differ", () => {
  const runs = compared(
    [0.1, 0.3].map((ratio) =>
      recordOf(
        dropout,
        { dropRatio: ratio },
        [`dropout=${ratio}`, "dropout=0"].flatMap((run) =>
          ["trainAccuracy", "testAccuracy"].map((metric) => series(run, metric, [0.1, 0.2])),
        ),
      ),
    ),
  );
  const { experiment, record } = comparison(dropout, runs);
  const [accuracy] = experiment.figures(record);
  expect(accuracy.panels.map(({ title }) => inLanguage(title ?? "", "en"))).toEqual([
    "dropout=0.1 · dropout=0.3",
    "dropout=0",
  ]);
});

import { expect, test } from "vitest";
import type { RunRecord, Series } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import type { FigureSpec } from "../figure/figure-spec.ts";
import { renderTerminal } from "../figure/terminal.ts";
import type { Experiment, Settings } from "../runs/experiment.ts";
import { dropout } from "./ch06/dropout.ts";
import { optimizerComparison } from "./ch06/optimizer-comparison.ts";
import { differences, labelsOf } from "./compare.ts";
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

test("what is not of curves stands apart, a figure a run with its name; one that is the same in all stands once", () => {
  const bars: Experiment = {
    ...dropout,
    figures: ({ settings }) =>
      ["bars", "same"].map((id) => ({
        id,
        title: { en: `all ${id}`, ja: `${id} の図` },
        columns: 1,
        panels: [
          {
            kind: "plane",
            x: { label: "x" },
            y: { label: "y" },
            layers: [
              { kind: "bars", edges: [0, id === "bars" ? Number(settings.dropRatio) : 1], counts: [1], style: 0 },
            ],
          },
        ],
      })),
    results: ({ settings }) => ({ columns: ["test accuracy"], rows: [[Number(settings.dropRatio)]] }),
  };
  const runs = compared([0.1, 0.3].map((ratio) => recordOf(dropout, { dropRatio: ratio }, [])));
  const { experiment, record } = comparison(bars, runs);
  expect(experiment.figures(record).map(({ id, title }) => [id, inLanguage(title, "en")])).toEqual([
    ["bars", "all bars (dropRatio=0.1)"],
    ["bars-2", "all bars (dropRatio=0.3)"],
    ["same", "all same"],
  ]);
  expect(experiment.results(record).rows).toEqual([
    ["dropRatio=0.1", 0.1],
    ["dropRatio=0.3", 0.3],
  ]);
});

test("a value stands under its own name, whatever else another run was measured by", () => {
  const measured: Experiment = {
    ...dropout,
    results: ({ settings }) =>
      settings.dropRatio === 0.1
        ? { columns: ["run", "valRmse"], rows: [["a", 2]] }
        : { columns: ["run", { en: "kept", ja: "採用" }, "valAccuracy"], rows: [["b", 7, 0.9]] },
  };
  const runs = compared([0.1, 0.3].map((ratio) => recordOf(dropout, { dropRatio: ratio }, [])));
  const { experiment, record } = comparison(measured, runs);
  const { columns, rows } = experiment.results(record);
  expect(columns.slice(1)).toEqual(["run", "valRmse", { en: "kept", ja: "採用" }, "valAccuracy"]);
  expect(rows).toEqual([
    ["dropRatio=0.1", "a", 2, null, null],
    ["dropRatio=0.3", "b", null, 7, 0.9],
  ]);
});

test("curves of other axes get a panel of their own, what all have is laid over, and an unlike number stands apart", () => {
  const panel = (label: string) => ({
    ...{ kind: "plane", x: { label: "epochs" }, y: { label } },
    layers: [{ kind: "curve", name: label, role: "line", style: 0, x: [0, 1], y: [1, 2] }],
  });
  const drawing = (...panels: readonly (readonly string[])[]) => {
    const drawn: Experiment = {
      ...dropout,
      figures: ({ settings }) => [
        { id: "f", title: "all", panels: panels[Math.round(Number(settings.dropRatio) * 10)].map(panel) } as never,
      ],
    };
    const runs = compared(panels.map((_, i) => recordOf(dropout, { dropRatio: i / 10 }, [])));
    const { experiment, record } = comparison(drawn, runs);
    return experiment
      .figures(record)
      .map((figure) =>
        figure.panels.map((one) => (one.kind === "plane" ? [one.y.label, one.layers.length] : [one.kind])),
      );
  };
  expect(drawing(["loss", "accuracy"], ["loss", "error"], ["loss"])).toEqual([
    [
      ["loss", 3],
      ["accuracy", 1],
      ["error", 1],
    ],
  ]);
  expect(drawing(["loss", "error", "loss"], ["loss", "error", "loss"])).toEqual([
    [
      ["loss", 2],
      ["error", 2],
      ["loss", 2],
    ],
  ]);
  expect(drawing(["loss", "loss"], ["loss"])).toHaveLength(2);
  // Which of two is the one the third run has not, nobody can tell.
  expect(drawing(["loss", "loss"], ["loss", "loss"], ["error"])).toHaveLength(3);
});

test("words of one run's figure that a comparison leaves out do not stand above it", () => {
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
  const words = ({ subtitle }: FigureSpec) => inLanguage(subtitle ?? "", "ja");
  expect(words(dropout.figures(runs[0].record)[0])).toContain("網をかけています");
  const { experiment, record } = comparison(dropout, runs);
  expect(words(experiment.figures(record)[0])).not.toContain("網をかけています");
});

test("runs that differ in much go by the names that a person gave, whole; two of one name by the ends of their ids", () => {
  const much = (i: number) =>
    recordOf(dropout, { dropRatio: i, weightInit: i + 0.123456, batchSize: i + 100, iterations: i + 1000 }, [], i);
  const named = (names: readonly string[]) => names.map((name, i) => ({ id: `2026-run-${i}`, name, record: much(i) }));
  expect(labelsOf(named(["大きい学習率", "小さい学習率"]))).toEqual(["大きい学習率", "小さい学習率"]);
  expect(labelsOf(named(["again", "again"]))).toEqual(["un-0", "un-1"]);
  expect(differences(named(["one", "other"])).columns.slice(1)).toEqual(["one", "other"]);
  expect(differences(named(["one", "other"])).rows).toContainEqual(["weightInit", "0.123456", "1.123456"]);
});

test("of two computers' runs the kernels tell them apart only where nothing else does", () => {
  const ran = (kernels: string, dtype: "float32" | "float64", seed: number) => ({
    id: `2026-run-${kernels}`,
    record: { ...recordOf(dropout, {}, [], seed), engine: { kernels, dtype, workers: 1 } } as RunRecord,
  });
  const of = (...runs: Parameters<typeof ran>[]) => labelsOf(runs.map((run) => ran(...run)));
  expect(of(["avx2", "float32", 0], ["neon", "float32", 0])).toEqual(["kernels=avx2", "kernels=neon"]);
  expect(of(["avx2", "float32", 0], ["neon", "float32", 1])).toEqual(["seed=0", "seed=1"]);
  expect(of(["avx2", "float32", 0], ["avx2", "float64", 0])).toEqual(["dtype=float32", "dtype=float64"]);
});

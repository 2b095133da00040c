import { expect, test } from "vitest";
import { csvRows } from "../core/csv.ts";
import type { RunRecord, Series } from "../core/record.ts";
import { merged } from "../experiments/compare.ts";
import { seriesCsv } from "./outputs.ts";

const series = (run: string, tags: Series["tags"] = {}): Series => ({
  run,
  tags,
  metric: "loss",
  x: [0, 1],
  y: [2, null],
});

function record(seed: number, run = "SGD"): RunRecord {
  return {
    ...{ tanren: "0.1.0", experiment: "made-up", preset: "book", seed, settings: {} },
    engine: { kernels: "reference", dtype: "float64", workers: 1 },
    ...{ startedAt: "2026-01-01T00:00:00Z", seconds: { total: 1, train: 1 } },
    ...{ series: [series(run)], histograms: [], checks: [], events: [] },
  };
}

test("series.csv doubles the quotes of a run's name and keeps it from being a formula", () => {
  const text = seriesCsv({ series: [series('my "best", so far'), series("=1+1", { lr: 1 })] }).contents as string;
  expect(text.split("\n").slice(0, 4)).toEqual([
    "run,metric,x,y",
    '"my ""best"", so far",loss,0,2',
    '"my ""best"", so far",loss,1,',
    "'=1+1 [lr=1],loss,0,2",
  ]);
  expect(csvRows(text).map(([name]) => name)).toEqual([
    "run",
    ...Array(2).fill('my "best", so far'),
    ...Array(2).fill("=1+1 [lr=1]"),
  ]);
});

test("runs that are compared are told apart, whatever they have in common", () => {
  const names = (...runs: [id: string, record: RunRecord][]) =>
    merged(runs.map(([id, one]) => ({ id, record: one }))).series.map(({ run }) => run);
  expect(names(["20260101-000000-aaaa", record(0)], ["20260101-000000-bbbb", record(1)])).toEqual([
    "SGD (seed=0)",
    "SGD (seed=1)",
  ]);
  // Two of three runs have the same seed: their ids tell them apart.
  expect(
    names(
      ["20260101-000000-aaaa", record(0)],
      ["20260101-000001-bbbb", record(1)],
      ["20260101-000002-cccc", record(1)],
    ),
  ).toEqual(["SGD (aaaa)", "SGD (bbbb)", "SGD (cccc)"]);
  // Even where the ends of the ids are the same.
  const alike = names(["20260101-000000-aaaa", record(1)], ["20260101-000001-aaaa", record(1)]);
  expect(new Set(alike).size).toBe(2);
});

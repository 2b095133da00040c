import { expect, test } from "vitest";
import { encodeChunk } from "../../store/runs/chunk.ts";
import { importedRuns, wholeRun } from "./transfer.ts";

const run = {
  tanren: "0.1.0",
  experiment: "weight-decay",
  preset: "book",
  seed: 0,
  settings: { iterations: 3 },
  engine: { kernels: "wasm-simd", dtype: "float32", workers: 1 },
  startedAt: "2026-11-26T10:00:00Z",
  seconds: { total: 1, train: 1 },
  series: [{ run: "decay=0", tags: { weightDecay: 0 }, metric: "loss", x: [0, 1], y: [2.3, null] }],
  histograms: [],
  checks: [],
  events: [],
};

const taken = (changed: object) => () => importedRuns(JSON.stringify({ ...run, ...changed }), () => 0.5);

test("a run.json is taken as it is", () => {
  const [{ row, events }] = taken({})();
  expect(row).toMatchObject({ status: "done", info: { experiment: "weight-decay", seed: 0 } });
  expect(events.map(({ event }) => event)).toContainEqual({
    kind: "points",
    run: "decay=0",
    tags: { weightDecay: 0 },
    metric: "loss",
    x: [0, 1],
    y: [2.3, null],
  });
});

test.each([
  ["fewer values than places", { series: [{ ...run.series[0], y: [2.3] }] }],
  ["more values than places", { series: [{ ...run.series[0], y: [2.3, 2.2, 2.1] }] }],
  ["a place that is no number", { series: [{ ...run.series[0], x: [0, null] }] }],
  ["a value that is a word", { series: [{ ...run.series[0], y: [2.3, "NaN"] }] }],
  ["series that are no list", { series: {} }],
  ["an experiment that is a path", { experiment: "../x" }],
  ["a seed that is no whole number", { seed: 0.5 }],
  ["a time without its zone", { startedAt: "2026-11-26T10:00:00" }],
  ["an id with a slash", { id: "a/b" }],
  ["a state that is none", { status: "lost" }],
])("%s is refused", (_, changed) => {
  expect(taken(changed)).toThrow();
});

test("a run that was going on when it was exported is an interrupted one, and its data come along", () => {
  const data = [{ name: "mnist", fingerprint: "0123456789abcdef", trainRows: 9, testRows: 1, classes: 2, inputs: 4 }];
  const [{ row, events }] = taken({ status: "running", id: "r1", data })();
  expect(row).toMatchObject({ id: "r1", status: "interrupted" });
  expect(wholeRun(row, [encodeChunk(events)!]).data).toEqual(data);
});

import type { DataOrigin } from "../../core/data-origin.ts";
import { type Recorded, Recorder, type RunEvent } from "../../core/record.ts";
import { version } from "../../core/version.ts";
import { decodeChunk } from "../../store/runs/chunk.ts";
import { makeRunId } from "../../store/runs/run-id.ts";
import type { RunEnd, RunInfo } from "../../store/runs/run-store.ts";
import { ToldError } from "../told-error.ts";
import type { RunRow } from "./run-db.ts";
import type { ShelfRun } from "./shelf.ts";

/** A run with what it measured, from its row and the texts of `encodeChunk`. */
export function wholeRun({ info, ...row }: RunRow, chunks: readonly string[]): ShelfRun {
  const recorder = new Recorder();
  for (const chunk of chunks) {
    for (const event of decodeChunk(chunk)) {
      recorder.add(event);
    }
  }
  const { origin: _origin, ...told } = info;
  return { ...told, ...row, ...recorder.recorded() };
}

/** The events that record what a run has measured. */
function eventsOf({ data = [], series, histograms, checks, events }: Recorded): RunEvent[] {
  return [
    ...(data.length === 0 ? [] : [{ task: 0, event: { kind: "data" as const, data } }]),
    ...series.map((one) => ({ task: 0, event: { kind: "points" as const, ...one } })),
    ...histograms.map((histogram) => ({ task: 0, event: { kind: "histogram" as const, histogram } })),
    ...checks.map((check) => ({ task: 0, event: { kind: "check" as const, check } })),
    ...events.map((note) => ({ task: 0, event: { kind: "note" as const, note } })),
  ];
}

/** Marks a text as exported runs. */
const format = "tanren-runs";

/** Runs as JSON text, for {@link importedRuns}. */
export function exportedRuns(runs: readonly ShelfRun[]): string {
  return JSON.stringify({ format, tanren: version, runs });
}

/** A run from a file, checked. */
export interface ImportedRun {
  readonly row: RunRow;
  readonly events: readonly RunEvent[];
}

/** Characters of the largest file taken: the whole chapter has some 10 million. */
const most = 200_000_000;

/**
 * The runs of an exported text, or the one of a `run.json`. A run that was going on counts as interrupted.
 * @param random gives a number in [0, 1), for ids where there is none
 * @throws ToldError when anything in it is not as it must be
 */
export function importedRuns(text: string, random: () => number): ImportedRun[] {
  const given = parsed(text);
  const runs = isObject(given) && given.format === format ? given.runs : [given];
  if (!Array.isArray(runs)) {
    throw notRuns("runs");
  }
  return runs.map((run) => checkedRun(run, random));
}

function parsed(text: string): unknown {
  if (text.length > most) {
    throw notRuns(`${text.length} characters`);
  }
  try {
    return JSON.parse(text);
  } catch {
    throw notRuns("JSON");
  }
}

function checkedRun(run: unknown, random: () => number): ImportedRun {
  const must = (right: boolean, what: string): void => {
    if (!right) {
      throw notRuns(what);
    }
  };
  must(isObject(run), "run");
  const { tanren, experiment, preset, seed, settings, engine, startedAt, seconds, ...rest } = run as Record<
    string,
    unknown
  >;
  must(isText(tanren, 40), "tanren");
  must(typeof experiment === "string" && /^[a-z0-9-]{1,60}$/.test(experiment), "experiment");
  must(isText(preset, 60), "preset");
  must(Number.isInteger(seed), "seed");
  must(isObject(settings) && Object.values(settings).every(isSetting), "settings");
  must(
    isObject(engine) && isText(engine.kernels, 40) && isText(engine.dtype, 10) && isNumber(engine.workers),
    "engine",
  );
  must(isText(startedAt, 40) && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(startedAt as string), "startedAt");
  must(isObject(seconds) && isNumber(seconds.total) && isNumber(seconds.train), "seconds");
  const { data = [], series, histograms, checks, events } = rest;
  must(Array.isArray(data) && data.every(isOrigin), "data");
  must(Array.isArray(series) && series.every(isSeries), "series");
  must(Array.isArray(histograms) && histograms.every(isHistogram), "histograms");
  must(Array.isArray(checks) && checks.every(isCheck), "checks");
  must(Array.isArray(events) && events.every(isNote), "events");
  const { id = makeRunId(startedAt as string, random), status = "done", label = null, pinned = false } = rest;
  must(typeof id === "string" && /^[\w-]{1,60}$/.test(id), "id");
  must(["done", "failed", "interrupted", "running"].includes(status as string), "status");
  must(label === null || isText(label, 200), "label");
  must(typeof pinned === "boolean", "pinned");
  const info = { tanren, experiment, preset, seed, settings, engine, startedAt } as RunInfo;
  return {
    row: {
      id: id as string,
      info,
      status: status === "running" ? "interrupted" : (status as RunEnd),
      seconds: seconds as RunRow["seconds"],
      label: label as string | null,
      pinned: pinned as boolean,
    },
    events: eventsOf({ data, series, histograms, checks, events } as Recorded),
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, length: number): boolean {
  return typeof value === "string" && value.length <= length;
}

function isNumber(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value);
}

function isOrigin(origin: unknown): boolean {
  if (!isObject(origin)) {
    return false;
  }
  const { name, folder = "", fingerprint, trainRows, testRows, classes, inputs = 1 } = origin as Partial<DataOrigin>;
  return (
    isText(name, 200) &&
    isText(folder, 4096) &&
    isText(fingerprint, 64) &&
    [trainRows, testRows, classes, inputs].every((count) => Number.isInteger(count) && (count as number) >= 0)
  );
}

function isSetting(value: unknown): boolean {
  const isOne = (one: unknown) => ["number", "string", "boolean"].includes(typeof one);
  return isOne(value) || (Array.isArray(value) && value.every(isOne));
}

function isTags(tags: unknown): boolean {
  return isObject(tags) && Object.values(tags).every((tag) => isNumber(tag) || isText(tag, 200));
}

function isSeries(series: unknown): boolean {
  if (!isObject(series) || !isText(series.run, 200) || !isText(series.metric, 60) || !isTags(series.tags)) {
    return false;
  }
  const { x, y } = series;
  const isValue = (value: unknown) => value === null || isNumber(value);
  return Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.every(isNumber) && y.every(isValue);
}

function isHistogram(histogram: unknown): boolean {
  return (
    isObject(histogram) &&
    isText(histogram.activation, 60) &&
    [histogram.std, histogram.layer, histogram.mean, histogram.stdOfOutputs].every(isNumber) &&
    [histogram.edges, histogram.counts].every((list) => Array.isArray(list) && list.every(isNumber))
  );
}

function isCheck(check: unknown): boolean {
  return (
    isObject(check) &&
    isText(check.parameter, 200) &&
    [check.meanAbsDiff, check.maxRelError].every(isNumber) &&
    typeof check.pass === "boolean"
  );
}

function isNote(note: unknown): boolean {
  return isObject(note) && isText(note.kind, 60) && isText(note.run, 200) && isTags(note.tags);
}

function notRuns(what: string): ToldError {
  return new ToldError({
    en: `import: the file must hold runs that the studio exported, or a run.json, but "${what}" in it is not right. Choose another file.`,
    ja: `インポート: studio からエクスポートした実行、または run.json を選んでください。ファイル内の「${what}」が正しくありません。`,
  });
}

import { DataError } from "../../core/errors.ts";
import {
  among,
  finite,
  type Given,
  isObject,
  looseOf,
  Misfit,
  objectOf,
  optional,
  orNull,
  textLike,
  textUpTo,
  yesOrNo,
} from "../../core/json-shape.ts";
import { type Recorded, Recorder, type RunEvent } from "../../core/record.ts";
import { recordedParts, runFacts } from "../../core/record-shape.ts";
import { version } from "../../core/version.ts";
import { decodeChunk } from "../../store/runs/chunk.ts";
import { makeRunId } from "../../store/runs/run-id.ts";
import { infoOf } from "../../store/runs/run-store.ts";
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
 * @throws DataError when anything in it is not as it must be
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

const isId = { en: "an id of up to 60 letters, digits and hyphens", ja: "英数字とハイフンで 60 文字までの ID" };

const fileOf = looseOf({
  ...runFacts,
  seconds: objectOf({ total: finite, train: finite }),
  ...recordedParts,
  id: optional(textLike(/^[\w-]{1,60}$/, isId)),
  status: optional(among(["done", "failed", "interrupted", "running"])),
  label: optional(orNull(textUpTo(200))),
  pinned: optional(yesOrNo),
});

function checkedRun(run: unknown, random: () => number): ImportedRun {
  let file: Given<typeof fileOf>;
  try {
    file = fileOf(run, "run");
  } catch (error) {
    throw error instanceof Misfit ? notRuns(error.at) : error;
  }
  const { seconds, id = makeRunId(file.startedAt, random), status = "done", label = null, pinned = false } = file;
  return {
    row: {
      id,
      info: infoOf(file),
      status: status === "running" ? "interrupted" : status,
      seconds,
      label,
      pinned,
    },
    events: eventsOf(file),
  };
}

function notRuns(what: string): DataError {
  return new DataError({
    en: `import: the file must hold runs that the studio exported, or a run.json, but "${what}" in it is not right. Choose another file.`,
    ja: `インポート: studio からエクスポートした実行、または run.json を選んでください。ファイル内の「${what}」が正しくありません。`,
  });
}

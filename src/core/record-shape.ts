import type { DataOrigin } from "./data-origin.ts";
import type { HyperValue } from "./hyper.ts";
import {
  among,
  anyObject,
  anything,
  either,
  finite,
  listOf,
  looseOf,
  Misfit,
  namedOf,
  numbers,
  optional,
  orNull,
  type Reader,
  text,
  textLike,
  textUpTo,
  whole,
  yesOrNo,
} from "./json-shape.ts";
import type { RunNote, Tags } from "./note.ts";
import type { Bins, Check, Histogram, RunRecord, Series, TaskEvent } from "./record.ts";
import { dtypes } from "./tensor.ts";

/**
 * The shapes of what is recorded, for all that comes from outside: rows of a store, files, requests. One place says them,
 * so that a page, its server and a file agree. What a shape does not name stays as it came, for later versions.
 */

const isNumber = (value: unknown) => typeof value === "number";

/** A number that may not have been finite: JSON says null then. */
const orNaN: Reader<number> = (value, at) => (value === null ? Number.NaN : finite(value, at));
const orLost = orNull(finite);

const tags: Reader<Tags> = namedOf(either<number, string>(finite, text, isNumber));

const dataOrigin: Reader<DataOrigin> = looseOf({
  // As long as a file system lets a folder's or a file's name be.
  name: textUpTo(255),
  folder: optional(textUpTo(4096)),
  fingerprint: textUpTo(64),
  trainRows: whole(0),
  testRows: whole(0),
  classes: whole(0),
  inputs: optional(whole(1)),
});

const hyperValue: Reader<HyperValue> = (value, at) => {
  switch (typeof value) {
    case "number":
      return finite(value, at);
    case "string":
      return textUpTo(10_000)(value, at);
    case "boolean":
      return value;
  }
  const [first] = Array.isArray(value) ? value : [];
  return typeof first === "string" ? listOf(textUpTo(200), 1000)(value, at) : listOf(finite, 1000)(value, at);
};

/** A run's settings, by name. */
export const settings = namedOf(hyperValue, 100);

const timeInUtc: Reader<string> = (value, at) => {
  const must = { en: "a time in UTC like 2026-11-23T18:00:00Z", ja: "2026-11-23T18:00:00Z のような UTC の時刻" };
  const time = textLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/, must)(value, at);
  if (Number.isNaN(Date.parse(time))) {
    throw new Misfit(at, must, value);
  }
  return time;
};

/** What a record says of its run beside what was measured. */
export const runFacts = {
  tanren: textUpTo(40),
  experiment: textLike(/^[a-z0-9-]{1,60}$/, {
    en: "an experiment's name: up to 60 letters, digits and hyphens",
    ja: "実験の名前(英小文字、数字、ハイフンで 60 文字まで)",
  }),
  preset: textUpTo(60),
  seed: whole(0, 0xffffffff),
  settings,
  engine: looseOf({ kernels: textUpTo(40), dtype: among(dtypes), workers: whole(0, 10_000) }),
  startedAt: timeInUtc,
} satisfies Partial<Record<keyof RunRecord, Reader<unknown>>>;

const points = looseOf({ run: text, tags, metric: text, x: numbers, y: anything });
const isValue = (one: unknown) => one === null || Number.isFinite(one);

/** As many x as y. */
const withValues: Reader<Series> = (value, at) => {
  const series = points(value, at);
  const { x, y } = series;
  if (!Array.isArray(y) || y.length !== x.length || !y.every(isValue)) {
    const must = {
      en: `a list of ${x.length} numbers or null, one for each x`,
      ja: `x と同じ ${x.length} 個の、数または null のリスト`,
    };
    throw new Misfit(`${at}.y`, must, y);
  }
  return series as Series;
};

/** A list, once it is read, that must be as long as another part of its object says. */
function ofLength(read: readonly number[], length: number, at: string): void {
  if (read.length !== length) {
    throw new Misfit(at, { en: `a list of ${length} numbers`, ja: `${length} 個の数のリスト` }, read);
  }
}

/** Bins with whatever else is said of them: one edge more than counts. */
const binned =
  <B extends Bins>(read: Reader<B>): Reader<B> =>
  (value, at) => {
    const bins = read(value, at);
    ofLength(bins.edges, bins.counts.length + 1, `${at}.edges`);
    return bins;
  };

const bins: Reader<Bins> = binned(looseOf({ edges: numbers, counts: numbers }));

const described: Reader<Histogram> = looseOf({
  activation: text,
  std: finite,
  layer: finite,
  edges: numbers,
  counts: numbers,
  mean: orNaN,
  stdOfOutputs: orNaN,
  low: optional(orLost),
  high: optional(orLost),
  hiddenShare: optional(orLost),
  deadShare: optional(orLost),
  whole: optional(bins),
});
const histogram = binned(described);

const check: Reader<Check> = looseOf({
  parameter: text,
  meanAbsDiff: orNaN,
  maxRelError: orNaN,
  pass: yesOrNo,
  checked: optional(finite),
  corners: optional(finite),
  largestGradient: optional(orNaN),
  analytic: optional(orNaN),
  numerical: optional(orNaN),
  rows: optional(finite),
  vacuous: optional(yesOrNo),
});

const told = optional(either(text, looseOf({ en: text, ja: text }), (value) => typeof value === "string"));
const shares = ["gradientNorm", "updateRatio", "deadShare", "saturatedShare", "sleepingShare"];
const diagnostic = looseOf({
  layer: text,
  ...Object.fromEntries(shares.map((name) => [name, optional(orLost)])),
});

const anyConfusion = looseOf({ classNames: listOf(text), counts: numbers });

/** A count for each pair of classes. */
const confusion: Reader<unknown> = (value, at) => {
  const read = anyConfusion(value, at);
  ofLength(read.counts, read.classNames.length ** 2, `${at}.counts`);
  return read;
};

/** What each kind of note says beside its run. */
const notes: { readonly [K in Exclude<RunNote["kind"], "other">]: Reader<unknown> } = {
  diverged: looseOf({ step: finite, layer: text, raisedLr: optional(finite), message: optional(text) }),
  failed: looseOf({
    message: text,
    text: told,
    stack: optional(text),
    step: optional(finite),
    layer: optional(text),
  }),
  interrupted: looseOf({ message: optional(text), text: told }),
  horizon: looseOf({ step: finite, metric: text, message: optional(text) }),
  continued: looseOf({ step: finite }),
  damaged: looseOf({ message: text, text: told }),
  confusion,
  diagnostic: looseOf({ step: finite, layers: listOf(diagnostic) }),
};

const noteOf = looseOf({ kind: text, run: text, tags });

/**
 * A note as it came; one of a kind or shape of another version becomes an `other`, which holds it as it is, and turns back
 * into what it was when a version reads it that knows it.
 * @throws Misfit when it does not even say of which run it is
 */
export const note: Reader<RunNote> = (value, at) => {
  let given = anyObject(value, at);
  while (given.kind === "other") {
    given = anyObject(given.note, at);
  }
  const { kind, run, tags } = noteOf(given, at);
  try {
    if (Object.hasOwn(notes, kind)) {
      notes[kind as keyof typeof notes](given, at);
      return given as unknown as RunNote;
    }
  } catch (error) {
    if (!(error instanceof Misfit)) {
      throw error;
    }
  }
  const { step, message } = given;
  return {
    kind: "other",
    run,
    tags,
    ...(typeof step === "number" ? { step } : {}),
    ...(typeof message === "string" ? { message } : {}),
    note: given,
  };
};

/** What was measured, as a file holds it; files of versions that did not keep the data leave that out. */
export const recordedParts = {
  data: optional(listOf(dataOrigin)),
  series: listOf(withValues),
  histograms: listOf(histogram),
  checks: listOf(check),
  events: listOf(note),
} satisfies Partial<Record<keyof RunRecord, Reader<unknown>>>;

const events: { readonly [K in TaskEvent["kind"]]?: Reader<unknown> } = {
  points: withValues,
  note: looseOf({ note }),
  histogram: looseOf({ histogram }),
  check: looseOf({ check }),
  data: looseOf({ data: listOf(dataOrigin, 100) }),
  ended: looseOf({}),
};

const eventOf = looseOf({ kind: text });

/** An event that is recorded; null for one of a kind that this version does not record. */
export const recordedEvent: Reader<TaskEvent | null> = (value, at) => {
  const { kind } = eventOf(value, at);
  const read = Object.hasOwn(events, kind) ? events[kind as TaskEvent["kind"]] : undefined;
  return read === undefined ? null : (read(value, at) as TaskEvent);
};

/** An event to be recorded. */
export const sentEvent: Reader<TaskEvent> = (value, at) => {
  among(Object.keys(events))(eventOf(value, at).kind, `${at}.kind`);
  return recordedEvent(value, at) as TaskEvent;
};

import fc from "fast-check";
import { expect, test } from "vitest";
import { diagnosticTable } from "../experiments/diagnostic-table.ts";
import { brokenAt } from "../experiments/divergence.ts";
import { horizonOf } from "../experiments/horizon.ts";
import { noteText } from "../experiments/note-text.ts";
import { confusionTables } from "../experiments/sandbox/figures.ts";
import { decodeChunk } from "../store/runs/chunk.ts";
import { Misfit } from "./json-shape.ts";
import type { RunNote } from "./note.ts";
import { note, recordedEvent } from "./record-shape.ts";
import { inLanguage } from "./text.ts";

const of = { run: "a", tags: { kind: "batchnorm", std: 0.1 } };
const layer = { layer: "affine1", gradientNorm: 1, updateRatio: null, deadShare: 0, saturatedShare: null };
const known: readonly RunNote[] = [
  { kind: "diverged", ...of, step: 3, layer: "affine2", message: "far" },
  { kind: "failed", ...of, message: "no such rule", stack: "at x" },
  { kind: "failed", ...of, message: "no", text: { en: "no", ja: "いいえ" }, step: 1, layer: "affine1" },
  // An error that no version of ours threw was told in one language.
  { kind: "failed", ...of, message: "no", text: "no" },
  { kind: "interrupted", ...of },
  { kind: "horizon", ...of, step: 5, metric: "loss" },
  { kind: "continued", ...of, step: 5 },
  { kind: "damaged", ...of, message: "lost" },
  { kind: "confusion", ...of, classNames: ["x", "y"], counts: [1, 2, 3, 4] },
  { kind: "diagnostic", ...of, step: 0, layers: [layer, { ...layer, sleepingShare: 0.5 }] },
];

/** All that reads notes. */
function readBy(one: RunNote): void {
  const record = { events: [one] };
  const told = noteText(one);
  for (const language of ["en", "ja"] as const) {
    expect(inLanguage(told ?? "", language)).not.toMatch(/undefined|\[object/);
  }
  for (const { columns, rows } of [diagnosticTable(record), ...confusionTables(record)]) {
    expect(rows.every((row) => row.length === columns.length)).toBe(true);
  }
  expect(brokenAt(record, one)?.x ?? 0).toBeTypeOf("number");
  expect(horizonOf(record, { ...one, metric: "loss" }) ?? 0).toBeTypeOf("number");
}

test.each(known.map((one) => [one.kind, one] as const))(
  "a %s note is read as it was written, to the letter",
  (_, one) => {
    const text = JSON.stringify(one);
    expect(JSON.stringify(note(JSON.parse(text), "note"))).toBe(text);
    readBy(one);
  },
);

test("a note of a kind or shape of another version shows its message, and is the same again to who knows it", () => {
  const strange = { kind: "annealed", ...of, step: 2, message: "cooled down", heat: [1, { a: null }] };
  const read = note(strange, "note");
  expect(read).toEqual({ kind: "other", ...of, step: 2, message: "cooled down", note: strange });
  expect(noteText(read)).toBe("cooled down");
  const early = { kind: "diagnostic", ...of, step: 0 };
  expect(note(early, "note")).toEqual({ kind: "other", ...of, step: 0, note: early });
  // As a version without diagnostics would have handed it on, twice.
  const handed = { kind: "other", ...of, note: { kind: "other", ...of, note: known.at(-1) } };
  expect(note(handed, "note")).toEqual(known.at(-1));
});

test("whatever a note holds, it is refused in words or can be shown", () => {
  const kinds = fc.constantFrom(...known.map(({ kind }) => kind), "other", "annealed", "constructor", "__proto__");
  const anyNote = fc
    .tuple(
      fc.constantFrom(...known),
      fc.record({ kind: kinds, run: fc.jsonValue(), tags: fc.jsonValue() }),
      fc.jsonValue(),
    )
    .chain(([one, heads, part]) =>
      fc.constantFrom(...Object.keys(one), "layers", "note").map((name) => ({
        ...one,
        ...(name === "run" || name === "tags" ? { [name]: heads[name] } : { kind: heads.kind, [name]: part }),
      })),
    );
  fc.assert(
    fc.property(anyNote, (given) => {
      const sent = JSON.parse(JSON.stringify(given)) as unknown;
      let read: RunNote;
      try {
        read = note(sent, "note");
      } catch (error) {
        expect(error).toBeInstanceOf(Misfit);
        return;
      }
      readBy(read);
      expect(note(JSON.parse(JSON.stringify(read)), "note")).toEqual(read);
    }),
    { numRuns: 300 },
  );
});

test("a table or histogram whose counts are not as many as it says is not taken for one", () => {
  const confusion = { kind: "confusion", ...of, classNames: ["x", "y"] };
  for (const counts of [[], [1, 2, 3], [1, 2, 3, 4, 5]]) {
    const given = { ...confusion, counts };
    expect(note(given, "note")).toEqual({ kind: "other", ...of, note: given });
  }
  const shown = { activation: "relu", std: 1, layer: 1, mean: 0, stdOfOutputs: 1, edges: [0, 1, 2], counts: [3, 4] };
  expect(recordedEvent({ kind: "histogram", histogram: shown }, "event")).not.toBe(null);
  for (const wrong of [
    { ...shown, edges: [0, 1] },
    { ...shown, edges: [], counts: [] },
    { ...shown, whole: { edges: [0, 1, 2], counts: [] } },
  ]) {
    expect(() => recordedEvent({ kind: "histogram", histogram: wrong }, "event")).toThrow(
      /edges must be a list of \d numbers/,
    );
  }
});

test("tags that are words stand as words in the table of layers", () => {
  const [row] = diagnosticTable({ events: [known.at(-1)!] }).rows;
  expect(row[0]).toBe("a batchnorm 0.100");
});

test("numbers that were not finite when they were recorded are so again", () => {
  const check = { parameter: "W", meanAbsDiff: Number.NaN, maxRelError: 0.5, pass: false, largestGradient: Number.NaN };
  const event = { kind: "check", check };
  expect(recordedEvent(JSON.parse(JSON.stringify(event)), "event")).toEqual(event);
});

test("a chunk of a later version is read without the events that this one does not record", () => {
  const points = { kind: "points", run: "a", tags: {}, metric: "loss", x: [0], y: [null] };
  const chunk = JSON.stringify([
    [0, points],
    [1, { kind: "video", frames: [1, 2] }],
  ]);
  expect(decodeChunk(chunk)).toEqual([{ task: 0, event: points }]);
  expect(() => decodeChunk(JSON.stringify([[0, { ...points, x: [0, 1] }]]))).toThrow(/chunk\[0\]\[1\]\.y must be .*x/);
});

test("data in a folder with the longest name there can be are recorded, and named again", () => {
  const name = "n".repeat(255);
  const counts = { trainRows: 10, testRows: 0, classes: 2, inputs: 3 };
  const data = [{ name, folder: `/data/${name}`, fingerprint: "0123456789abcdef", ...counts }];
  expect(recordedEvent({ kind: "data", data }, "event")).toEqual({ kind: "data", data });
});

test("an event is read without a copy where all of it is as it came, and else leaves what came untouched", () => {
  const whole = { kind: "check", check: { parameter: "W", meanAbsDiff: 0, maxRelError: 0, pass: true, of: "later" } };
  expect(recordedEvent(whole, "event")).toBe(whole);
  const lost = { ...whole, check: { ...whole.check, meanAbsDiff: null } };
  const read = recordedEvent(lost, "event") as typeof whole;
  expect(read).toEqual({ ...lost, check: { ...lost.check, meanAbsDiff: Number.NaN } });
  expect(Object.keys(read.check)).toEqual(Object.keys(lost.check));
  expect(lost.check.meanAbsDiff).toBe(null);
});

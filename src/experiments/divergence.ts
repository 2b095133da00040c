import { type DivergedNote, notesOf } from "../core/note.ts";
import type { RunRecord, Series, Tags, TaskEvent } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import type { Curve } from "../figure/figure-spec.ts";
import { noteText } from "./note-text.ts";

/** Where a run's numbers stopped being finite, as its curves take it; undefined where they did not. */
export function brokenAt(
  record: Pick<RunRecord, "events">,
  { run, tags }: { readonly run: string; readonly tags: Tags },
): Curve["broken"] {
  const key = JSON.stringify(tags);
  const note = notesOf(record, "diverged").find((one) => one.run === run && JSON.stringify(one.tags) === key);
  return note === undefined ? undefined : { x: note.step, step: note.step };
}

/**
 * Whether the last values of such series may be set against one another: none is of a run that diverged, whose network
 * answers by the share of class 0, and all were taken after the same iteration.
 */
export function alike(record: Pick<RunRecord, "events">, series: readonly Series[]): boolean {
  const [first] = series;
  return series.every((one) => one.x.at(-1) === first.x.at(-1) && brokenAt(record, one) === undefined);
}

/** The note of a run whose numbers stopped being finite; the points after it are null. */
export function divergedNote(
  run: string,
  tags: Tags,
  where: Pick<DivergedNote, "step" | "layer" | "raisedLr">,
): TaskEvent {
  const note: DivergedNote = { kind: "diverged", run, tags, ...where };
  return { kind: "note", note: { ...note, message: inLanguage(noteText(note) ?? "", "en") } };
}

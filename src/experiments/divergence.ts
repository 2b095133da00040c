import type { RunNote, RunRecord, Tags, TaskEvent } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import type { Curve } from "../figure/figure-spec.ts";
import { noteText } from "./note-text.ts";

/** Where a run's numbers stopped being finite, as its curves take it; undefined where they did not. */
export function brokenAt(
  { events }: Pick<RunRecord, "events">,
  { run, tags }: { readonly run: string; readonly tags: Tags },
): Curve["broken"] {
  const key = JSON.stringify(tags);
  const note = events.find((one) => one.kind === "diverged" && one.run === run && JSON.stringify(one.tags) === key);
  return typeof note?.step === "number" ? { x: note.step, step: note.step } : undefined;
}

/** The note of a run whose numbers stopped being finite; the points after it are null. */
export function divergedNote(run: string, tags: Tags, step: number, layer: string): TaskEvent {
  const note: RunNote = { kind: "diverged", run, tags, step, layer };
  return { kind: "note", note: { ...note, message: inLanguage(noteText(note) ?? "", "en") } };
}

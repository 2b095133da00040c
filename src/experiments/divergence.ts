import type { RunNote, Tags, TaskEvent } from "../core/record.ts";
import { inLanguage } from "../core/text.ts";
import { noteText } from "./note-text.ts";

/** The note of a run whose numbers stopped being finite; the points after it are null. */
export function divergedNote(run: string, tags: Tags, step: number, layer: string): TaskEvent {
  const note: RunNote = { kind: "diverged", run, tags, step, layer };
  return { kind: "note", note: { ...note, message: inLanguage(noteText(note) ?? "", "en") } };
}

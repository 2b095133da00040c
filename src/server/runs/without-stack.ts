import type { RunNote } from "../../core/note.ts";
import type { RunEvent } from "../../core/record.ts";

/** A note without where in the code its task failed: that names folders of this machine. */
export function withoutStack(note: RunNote): RunNote {
  if (note.kind === "other") {
    const { stack: _stack, ...inner } = note.note;
    return { ...note, note: inner };
  }
  if (note.kind !== "failed" || note.stack === undefined) {
    return note;
  }
  const { stack: _stack, ...rest } = note;
  return rest;
}

/** As {@link withoutStack}, for an event. */
export function eventWithoutStack({ task, event }: RunEvent): RunEvent {
  return { task, event: event.kind === "note" ? { kind: "note", note: withoutStack(event.note) } : event };
}

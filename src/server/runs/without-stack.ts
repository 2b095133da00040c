import type { RunEvent, RunNote } from "../../core/record.ts";

/** A note without where in the code its task failed: that names folders of this machine. */
export function withoutStack(note: RunNote): RunNote {
  if (!("stack" in note)) {
    return note;
  }
  const { stack: _stack, ...rest } = note;
  return rest;
}

/** As {@link withoutStack}, for an event. */
export function eventWithoutStack({ task, event }: RunEvent): RunEvent {
  return { task, event: event.kind === "note" ? { kind: "note", note: withoutStack(event.note) } : event };
}

import type { RunNote, Tags, TaskEvent } from "../core/record.ts";

/** The note of a run whose numbers stopped being finite; the points after it are null. */
export function divergedNote(run: string, tags: Tags, step: number, layer: string): TaskEvent {
  const note: RunNote = {
    kind: "diverged",
    run,
    tags,
    step,
    layer,
    message: `${run}: every activation must be finite, got NaN or Infinity in ${layer} at step ${step}. Lower lr or the initial weights.`,
  };
  return { kind: "note", note };
}

import type { DivergedNote } from "../../../core/note.ts";
import type { RunRecord } from "../../../core/record.ts";
import { emptyRecord } from "../../state/growing-record.ts";
import type { Session } from "../../state/session.svelte.ts";
import { labOf } from "./lab-of.svelte.ts";

/** What the lab shows, as a record of it would be: until the update that is looked at, no numbers where a rule left them. */
export function labRecord(session: Session): RunRecord {
  const lab = labOf(session);
  const tags = {};
  const events: DivergedNote[] = [];
  const series = lab.paths.flatMap(({ name, points, step }) => {
    const lost = lab.walkerOf(name)?.divergedAt ?? Number.POSITIVE_INFINITY;
    if (lost <= lab.step) {
      events.push({ kind: "diverged", run: name, tags, step: lost - 1, layer: "position" });
    }
    const steps = Array.from({ length: (lost <= lab.step ? lab.step : step) + 1 }, (_, i) => i);
    const of = (metric: string, offset: number) => ({
      run: name,
      tags,
      metric,
      x: steps,
      y: steps.map((i) => (i < lost ? points[2 * i + offset] : null)),
    });
    return [of("x", 0), of("y", 1)];
  });
  return { ...emptyRecord(session.experiment, lab.settings, session.seed), series, events };
}

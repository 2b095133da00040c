import type { RunRecord } from "../../../core/record.ts";
import { emptyRecord } from "../../state/empty-record.ts";
import type { Session } from "../../state/session.svelte.ts";
import { labOf } from "./lab-of.svelte.ts";

/** What the lab has walked, as a record of it would be. */
export function labRecord(session: Session): RunRecord {
  const lab = labOf(session);
  const series = lab.paths.flatMap(({ name, points }) => {
    const steps = Array.from({ length: points.length / 2 }, (_, i) => i);
    const of = (metric: string, offset: number) => ({
      run: name,
      tags: {},
      metric,
      x: steps,
      y: steps.map((i) => points[2 * i + offset]),
    });
    return [of("x", 0), of("y", 1)];
  });
  return { ...emptyRecord(session.experiment, lab.settings, session.seed), series };
}

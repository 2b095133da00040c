import type { FigureSpec } from "../../figure/figure-spec.ts";
import type { Session } from "../state/session.svelte.ts";
import { withAbscissa, withSmoothing } from "./curve-options.ts";

/** A figure with the curves as a person has chosen to see them: how smooth, and over what. */
export function lookedAt(spec: FigureSpec, { settings, view, timed, clock }: Session): FigureSpec {
  const smooth = withSmoothing(spec, view.smoothing);
  return timed
    ? withAbscissa(smooth, view.abscissa, {
        batchSize: Number(settings.batchSize ?? 1),
        trainRows: Number(settings.trainRows ?? 1),
        clock,
      })
    : smooth;
}

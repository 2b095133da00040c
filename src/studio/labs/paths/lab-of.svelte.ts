import { untrack } from "svelte";
import type { Session } from "../../state/session.svelte.ts";
import { LabState } from "./lab-state.svelte.ts";

const known = new WeakMap<Session, LabState>();

/** The one lab of a session: its stage, settings and tabs show the same. */
export function labOf(session: Session): LabState {
  const found = known.get(session);
  if (found !== undefined) {
    return found;
  }
  // What it derives must outlive the part of the page that asks first; and it walks whichever part is shown.
  $effect.root(() => {
    const lab = new LabState(session);
    known.set(session, lab);
    $effect(() => {
      void [lab.runs, lab.surface, lab.start, lab.iterations, session.seed];
      untrack(() => lab.walk());
    });
  });
  return known.get(session)!;
}

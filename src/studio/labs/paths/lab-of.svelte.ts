import { untrack } from "svelte";
import type { Session } from "../../state/session.svelte.ts";
import { outliving } from "../../state/studio.svelte.ts";
import { LabState } from "./lab-state.svelte.ts";

const labs = new WeakMap<Session, LabState>();

/** The one lab of a session: its stage, settings and tabs show the same, and it walks whichever of them is there. */
export function labOf(session: Session): LabState {
  let lab = labs.get(session);
  if (lab === undefined) {
    lab = outliving(() => walking(new LabState(session)));
    labs.set(session, lab);
  }
  return lab;
}

/** Every change of what is walked walks again, at once. */
function walking(lab: LabState): LabState {
  $effect(() => {
    void [lab.runs, lab.surface, lab.start, lab.iterations, lab.session.seed];
    untrack(() => lab.walk());
  });
  return lab;
}

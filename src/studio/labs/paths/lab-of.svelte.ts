import type { Session } from "../../state/session.svelte.ts";
import { LabState } from "./lab-state.svelte.ts";

const known = new WeakMap<Session, LabState>();

/** The one lab of a session: its stage, settings and tabs show the same. */
export function labOf(session: Session): LabState {
  const found = known.get(session);
  if (found !== undefined) {
    return found;
  }
  // What it derives must outlive the part of the page that asks first.
  $effect.root(() => {
    known.set(session, new LabState(session));
  });
  return known.get(session)!;
}

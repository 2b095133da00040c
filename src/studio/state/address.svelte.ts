import { untrack } from "svelte";
import type { Experiment } from "../../runs/experiment.ts";
import { paramsOf, stateOf } from "./experiment-link.ts";
import { router } from "./route.svelte.ts";
import type { Session } from "./session.svelte.ts";

/** Milliseconds between two writings: browsers refuse an address that changes at every movement of a hand. */
const pause = 300;

/** What each session has last read from the address or written into it; of itself it may be further by now. */
const known = new WeakMap<Session, string>();

/** Keeps the address of a page and its session alike. To be called while the page's component is made. */
export function keepAddress(experiment: () => Experiment, session: () => Session): void {
  // A link opened, or typed into the address: the page takes its state over. Its own writing comes back the same, also
  // where one left the page before the address had followed and returns to it.
  $effect(() => {
    const { page, params } = router.current;
    const shown = experiment();
    if (page !== shown.id) {
      return;
    }
    const text = params.toString();
    untrack(() => {
      const own = session();
      if (text !== known.get(own) && text !== paramsOf(shown, own.state).toString()) {
        own.open(stateOf(shown, params));
      }
      known.set(own, text);
    });
  });
  // Then every change goes into the address: the first at once, those that follow it closely in one.
  let written = Number.NEGATIVE_INFINITY;
  $effect(() => {
    const { id } = experiment();
    const own = session();
    const params = paramsOf(experiment(), own.state);
    const write = () => {
      if (router.current.page === id) {
        known.set(own, params.toString());
        if (router.replace(id, params)) {
          written = performance.now();
        }
      }
    };
    const rest = written + pause - performance.now();
    if (rest <= 0) {
      untrack(write);
      return;
    }
    const timer = setTimeout(write, rest);
    return () => clearTimeout(timer);
  });
  // A page that is loaded again before that begins where it was.
  $effect(() => {
    const leave = () => {
      session().settle();
      router.leave(experiment().id, paramsOf(experiment(), session().state));
    };
    addEventListener("pagehide", leave);
    return () => removeEventListener("pagehide", leave);
  });
}

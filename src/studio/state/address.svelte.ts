import { untrack } from "svelte";
import type { Experiment } from "../../runs/experiment.ts";
import { paramsOf, stateOf } from "./experiment-link.ts";
import { router } from "./route.svelte.ts";
import type { Session } from "./session.svelte.ts";

/** Milliseconds: browsers refuse an address that changes at every movement of a hand. */
const pause = 300;

/** Keeps the address of a page and its session alike. To be called while the page's component is made. */
export function keepAddress(experiment: () => Experiment, session: () => Session): void {
  // A link opened, or typed into the address: the page takes its state over. Its own writing comes back the same.
  $effect(() => {
    const { page, params } = router.current;
    const shown = experiment();
    if (page !== shown.id) {
      return;
    }
    untrack(() => {
      if (params.toString() !== paramsOf(shown, session().state).toString()) {
        session().open(stateOf(shown, params));
      }
    });
  });
  // Then every change goes into the address.
  $effect(() => {
    const { id } = experiment();
    const params = paramsOf(experiment(), session().state);
    const timer = setTimeout(() => {
      if (router.current.page === id) {
        router.replace(id, params);
      }
    }, pause);
    return () => clearTimeout(timer);
  });
}

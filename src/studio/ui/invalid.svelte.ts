import { onDestroy, untrack } from "svelte";
import type { Session } from "../state/session.svelte.ts";

/** Tells whether a control holds what is no value, as long as it is there. To be called while its component is made. */
export function tellInvalid(invalid: () => boolean, tell: (invalid: boolean) => void): void {
  $effect(() => {
    const now = invalid();
    untrack(() => tell(now));
  });
  onDestroy(() => tell(false));
}

/**
 * Where a run was refused because a control holds what is no value, that control gets the focus. To be called while the
 * page's component is made.
 * @param main names of the controls that are always in view
 * @param open brings what stands beside the figure into view
 */
export function showInvalid(session: () => Session, main: () => readonly string[], open: () => void): void {
  let seen = untrack(() => session().refusals);
  $effect(() => {
    const { refusals, invalid } = session();
    if (refusals === seen) {
      return;
    }
    seen = refusals;
    if (Object.keys(invalid).some((name) => name !== "seed" && !untrack(main).includes(name))) {
      untrack(open);
    }
    requestAnimationFrame(() => {
      const control = document.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid]');
      for (let around = control?.closest("details"); around; around = around.parentElement?.closest("details")) {
        around.open = true;
      }
      control?.focus();
    });
  });
}

import { onDestroy, untrack } from "svelte";

/** Tells whether a control holds what is no value, as long as it is there. To be called while its component is made. */
export function tellInvalid(invalid: () => boolean, tell: (invalid: boolean) => void): void {
  $effect(() => {
    const now = invalid();
    untrack(() => tell(now));
  });
  onDestroy(() => tell(false));
}

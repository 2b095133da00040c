/** What the browser says, or something else where it keeps nothing (private mode): that is no error. */
function asked<T>(ask: () => T, otherwise: T): T {
  try {
    return ask();
  } catch {
    return otherwise;
  }
}

/** A choice that outlives the page; null when none was kept. */
export function kept(name: string): string | null {
  return asked(() => localStorage.getItem(name), null);
}

/** Keeps a choice; for this page alone where the browser keeps nothing. */
export function keep(name: string, value: string): void {
  asked(() => localStorage.setItem(name, value), undefined);
}

const going = (experiment: string) => `tanren.going.${experiment}`;

/** Keeps in mind, for a reload of this tab, that a run goes on in it; else it begins with the newest finished run. */
export function markGoing(experiment: string, goes: boolean): void {
  const name = going(experiment);
  asked(() => (goes ? sessionStorage.setItem(name, "1") : sessionStorage.removeItem(name)), undefined);
}

/** Whether a run of an experiment went on in this tab when it was left. */
export function wasGoing(experiment: string): boolean {
  return asked(() => sessionStorage.getItem(going(experiment)), null) !== null;
}

const left = "tanren.left";

/** The page that an address is of. */
const pageOf = (address: string) => address.split("?")[0];

/**
 * Keeps in mind, for when this tab comes back, what a page meant that is left: its address may not have followed yet, or not
 * in time for a reload that was asked for. Null keeps nothing.
 */
export function keepMeant(meant: string | null): void {
  // No address has a new line in it.
  asked(() => sessionStorage.setItem(left, meant === null ? "" : `${location.hash}\n${meant}`), undefined);
}

/** What the page meant that is loaded again or come back to; null where a link is opened. */
export function meantBefore(): string | null {
  return asked(() => {
    const [address, meant = null] = (sessionStorage.getItem(left) ?? "").split("\n");
    sessionStorage.removeItem(left);
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const again =
      navigation.type === "reload"
        ? pageOf(address) === pageOf(location.hash)
        : navigation.type === "back_forward" && address === location.hash;
    return again ? meant : null;
  }, null);
}

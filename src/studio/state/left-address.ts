const name = "tanren.left";

/** The page that an address is of. */
const pageOf = (address: string) => address.split("?")[0];

/**
 * Keeps in mind, for when this tab comes back, what a page meant that is left: its address may not have followed yet, or not
 * in time for a reload that was asked for. Null keeps nothing.
 */
export function keepMeant(meant: string | null): void {
  try {
    // No address has a new line in it.
    sessionStorage.setItem(name, meant === null ? "" : `${location.hash}\n${meant}`);
  } catch {
    // What was changed in the last moment is lost then.
  }
}

/** What the page meant that is loaded again or come back to; null where a link is opened. */
export function meantBefore(): string | null {
  try {
    const [address, meant = null] = (sessionStorage.getItem(name) ?? "").split("\n");
    sessionStorage.removeItem(name);
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const again =
      navigation.type === "reload"
        ? pageOf(address) === pageOf(location.hash)
        : navigation.type === "back_forward" && address === location.hash;
    return again ? meant : null;
  } catch {
    return null;
  }
}

const name = "tanren.left";

/** What a page meant as it was left: its address may not have followed yet, or not in time for a reload that was asked for. */
interface Left {
  readonly page: string;
  readonly address: string;
  readonly meant: string;
}

/** Keeps in mind, for when this tab comes back, what a page meant; null keeps nothing. */
export function keepMeant(left: Left | null): void {
  try {
    // No address has a new line in it.
    sessionStorage.setItem(name, left === null ? "" : [left.page, left.address, left.meant].join("\n"));
  } catch {
    // What was changed in the last moment is lost then.
  }
}

/** What a page meant that is loaded again or come back to; null where a link is opened. */
export function meantBefore(page: string): string | null {
  try {
    const [leftPage, address, meant = null] = (sessionStorage.getItem(name) ?? "").split("\n");
    sessionStorage.removeItem(name);
    const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
    const again =
      navigation.type === "reload"
        ? leftPage === page
        : navigation.type === "back_forward" && address === location.hash;
    return again ? meant : null;
  } catch {
    return null;
  }
}

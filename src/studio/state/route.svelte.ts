import { keepMeant, meantBefore } from "./keep.ts";

/** A place in the studio: `#/optimizer-comparison?seed=3`. The hash keeps it working as static files under any path. */
export interface Route {
  /** Empty for the home page. */
  readonly page: string;
  readonly params: URLSearchParams;
}

export function parseHash(hash: string): Route {
  const [path, query = ""] = hash.replace(/^#\/?/, "").split(/\?(.*)/s);
  return { page: decoded(path), params: new URLSearchParams(query) };
}

export function hashOf(page: string, params: URLSearchParams | Record<string, string> = {}): string {
  // Commas, colons and the like stay readable; what would end the hash or the value does not.
  const query = new URLSearchParams(params).toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return `#/${encodeURIComponent(page)}${query === "" ? "" : `?${query}`}`;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

class Router {
  current = $state.raw<Route>(parseHash(location.hash));

  /** The address as it was last read or written. */
  private seen = location.hash;

  constructor() {
    const meant = meantBefore();
    if (meant !== null) {
      this.write(meant);
      this.current = parseHash(meant);
    }
    addEventListener("hashchange", () => {
      this.seen = location.hash;
      this.current = parseHash(location.hash);
    });
  }

  /**
   * Writes the page's state into the address without a new entry in the history. An address that has changed and is not yet
   * read is left alone: somebody is on the way elsewhere, and must not be called back.
   * @returns whether the address is another now
   */
  replace(page: string, params: URLSearchParams): boolean {
    const hash = hashOf(page, params);
    if (location.hash !== this.seen || hash === location.hash) {
      return false;
    }
    this.write(hash);
    return true;
  }

  /** As the whole page is left: its state is kept for a reload, which may be of an address of before. */
  leave(page: string, params: URLSearchParams): void {
    keepMeant(location.hash === this.seen && this.current.page === page ? hashOf(page, params) : null);
  }

  private write(hash: string): void {
    history.replaceState(history.state, "", hash);
    this.seen = location.hash;
  }
}

export const router = new Router();

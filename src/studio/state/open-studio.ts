import { apiOf } from "../../web/served/client.ts";
import { openBrowserShelf } from "../../web/shelf/page-shelf.ts";
import { pageEngine } from "./page-engine.ts";
import { PageStudies } from "./page-studies.ts";
import { ShelfState } from "./shelf.svelte.ts";
import { Studio } from "./studio.svelte.ts";

/** Opens the studio where it stands: as static files, or served by a machine that lends its kernels and its store. */
export async function openStudio(): Promise<Studio> {
  const api = apiOf(document);
  if (api !== null) {
    // Plain files never need this part.
    const { openServed } = await import("./open-served.ts");
    return openServed(api);
  }
  const shelf = await openBrowserShelf();
  return new Studio({ engines: [pageEngine(shelf)], shelf: new ShelfState(shelf), studies: new PageStudies(shelf) });
}

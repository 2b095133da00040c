import { openBrowserShelf } from "../../web/run-shelf.ts";
import { pageEngine } from "./page-engine.ts";
import { ShelfState } from "./shelf.svelte.ts";
import { Studio } from "./studio.svelte.ts";

/** Opens the studio where it stands: as static files, or served by a machine that lends its kernels and its store. */
export async function openStudio(): Promise<Studio> {
  const shelf = await openBrowserShelf();
  return new Studio(pageEngine(shelf), new ShelfState(shelf));
}

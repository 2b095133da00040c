import type { RunSummary } from "../../server/api.ts";
import { openServerClient, serverInfo } from "../../web/served/client.ts";
import { openServerRunner, type ServerRunner } from "../../web/served/runner.ts";
import { openServerShelf } from "../../web/served/shelf.ts";
import { openServerStudies } from "../../web/served/studies.ts";
import type { Engine } from "./engine.ts";
import { pageEngine } from "./page-engine.ts";
import { ShelfState } from "./shelf.svelte.ts";
import { Studio } from "./studio.svelte.ts";

/** Opens the studio on a server: its kernels first, this page's as a choice; its store for both. */
export async function openServed(api: string): Promise<Studio> {
  const client = openServerClient(api);
  const info = await serverInfo(client);
  const shelf = openServerShelf({ client, info });
  return new Studio({
    engines: [serverEngine(openServerRunner(client)), pageEngine(shelf)],
    shelf: new ShelfState(shelf),
    studies: openServerStudies(client),
  });
}

/** Runs experiments on the machine that serves the page; runs there go on when the page is closed. */
function serverEngine(runner: ServerRunner): Engine {
  return {
    kind: "server",
    start: (request, { signal, watch }) => runner.start(request, { signal, watch }),
    follow: (run, signal) => runner.follow(run as RunSummary, 0, signal),
  };
}

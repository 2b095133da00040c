import type { RunSummary } from "../../server/api.ts";
import type { ServerRunner } from "../../web/served/runner.ts";
import type { Engine } from "./engine.ts";

/** Runs experiments on the machine that serves the page; runs there go on when the page is closed. */
export function serverEngine(runner: ServerRunner): Engine {
  return {
    kind: "server",
    start: (request, { signal, watch }) => runner.start(request, { signal, watch }),
    follow: (run, signal) => runner.follow(run as RunSummary, 0, signal),
  };
}

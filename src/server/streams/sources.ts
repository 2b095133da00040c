import type { RunStore, StoredRunSummary } from "../../store/runs/run-store.ts";
import type { RunSummary } from "../api.ts";
import type { RunHub } from "../runs/hub.ts";
import type { StoreWatch } from "./store-watch.ts";

export interface StreamSources {
  readonly store: RunStore;
  readonly hub: RunHub;
  readonly watch: StoreWatch;
}

/** A run as it is listed: with how far it is, where it runs here. */
export function withLive(hub: RunHub, run: StoredRunSummary): RunSummary {
  return { ...run, live: hub.live(run.id) };
}

import type { RunStore, StoredRunSummary } from "../store/run-store.ts";
import type { RunStreamEvent, RunSummary, StoreEvent } from "./api.ts";
import type { RunHub } from "./run-hub.ts";
import { heartbeat } from "./sse.ts";
import type { StoreWatch } from "./store-watch.ts";
import { eventWithoutStack } from "./without-stack.ts";

export interface StreamSources {
  readonly store: RunStore;
  readonly hub: RunHub;
  readonly watch: StoreWatch;
}

/** Milliseconds of silence after which a stream says that it lives, and looks for processes that died. */
const beatEvery = 5000;
/** Chunks, or changes, read at a time: what one reader keeps in memory. */
const batch = 8;

const origins = ["cli", "server", "page"] as const;

type Frames<E extends { event: string; data: unknown }> = AsyncGenerator<
  (E & { readonly id?: number }) | typeof heartbeat,
  void,
  void
>;

/** A snapshot's event with its typed arrays as text. */
function jsonOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { typed: value.constructor.name, base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  }
  if (Array.isArray(value)) {
    return value.map(jsonOf);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonOf(part)]));
  }
  return value;
}

export function withLive(hub: RunHub, run: StoredRunSummary): RunSummary {
  return { ...run, live: hub.live(run.id) };
}

/**
 * What a run recorded after chunk `from`, then what it records, until it ends or is deleted. Reads the store at the
 * reader's speed, so it loses nothing whatever that is.
 */
export async function* runStream(
  { store, hub, watch }: StreamSources,
  id: string,
  from: number,
  signal: AbortSignal,
): Frames<RunStreamEvent> {
  let at = from;
  let told = "";
  let progressTold = 0;
  while (!signal.aborted) {
    const seen = watch.version;
    // Asked before the chunks: a run that has ended by now has no more of them afterwards.
    const summary = withLive(hub, store.summary(id));
    const ended = summary.status !== "running" && summary.live === null;
    const state = JSON.stringify([summary.status, summary.live?.state, summary.label, summary.pinned]);
    if (state !== told) {
      told = state;
      yield { event: "state", data: summary };
    }
    for (;;) {
      const chunks = store.chunks(id, at, batch);
      for (const { number, events } of chunks) {
        if (signal.aborted) {
          return;
        }
        at = number;
        yield { event: "chunk", id: number, data: events.map(eventWithoutStack) };
      }
      if (chunks.length < batch) {
        break;
      }
    }
    if (ended) {
      yield { event: "end", data: summary };
      return;
    }
    const snapshots = hub.snapshots(id, progressTold);
    const progress = hub.progress(id, progressTold);
    progressTold = progress.version;
    if (progress.events.length > 0) {
      yield { event: "progress", data: progress.events };
    }
    if (snapshots.length > 0) {
      yield { event: "snapshots", data: snapshots.map(jsonOf) };
    }
    if (!(await watch.next(seen, beatEvery, signal)) && !signal.aborted) {
      yield heartbeat;
    }
  }
}

/** Every change of the store after a revision, and runs whose process was found dead. */
export async function* storeStream(
  { store, hub, watch }: StreamSources,
  from: number | null,
  signal: AbortSignal,
): Frames<StoreEvent> {
  const newest = store.revision();
  // A revision of another store's future means that the file was exchanged: everything is new then.
  let at = from === null || from > newest ? newest : from;
  yield { event: "revision", id: at, data: { revision: at } };
  const foundDead = new Set<string>();
  while (!signal.aborted) {
    const seen = watch.version;
    for (;;) {
      const { revision, runs, deleted } = store.changes(at, batch);
      for (const id of deleted) {
        yield { event: "deleted", data: { id } };
      }
      for (const run of runs) {
        yield { event: "run", data: withLive(hub, run) };
      }
      if (revision === at) {
        break;
      }
      at = revision;
      // Told once all of the batch was: a reader cut off within it gets it again, which does no harm.
      yield { event: "revision", id: at, data: { revision: at } };
    }
    for (const run of origins.flatMap((origin) => store.abandoned(origin))) {
      if (!foundDead.has(run.id)) {
        foundDead.add(run.id);
        yield { event: "run", data: withLive(hub, run) };
      }
    }
    if (!(await watch.next(seen, beatEvery, signal)) && !signal.aborted) {
      yield heartbeat;
    }
  }
}

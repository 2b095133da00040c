import { type StreamSources, withLive } from "./sources.ts";
import { frameOf } from "./sse.ts";

/** Changes read at a time. */
const batch = 8;
const origins = ["cli", "server", "page"] as const;
/** Milliseconds between two looks for processes that died. */
const deadEvery = 2000;

interface Step {
  readonly revision: number;
  readonly frames: readonly Uint8Array[];
}

/** What all who watch the store read: each look, and each text made of it, once for all that are as far. */
export class StoreFeed {
  private readonly sources: StreamSources;
  private steps: { readonly version: number; readonly after: Map<number, Step> } = { version: -1, after: new Map() };
  /** Runs whose process was found dead, in the order in which they were found. */
  private readonly found: Uint8Array[] = [];
  private readonly known = new Set<string>();
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(sources: StreamSources) {
    this.sources = sources;
  }

  /** The changes after a revision, as they were at that version of the store; the same revision when there were none. */
  after(revision: number, version: number): Step {
    if (this.steps.version !== version) {
      this.steps = { version, after: new Map() };
    }
    let step = this.steps.after.get(revision);
    if (step === undefined) {
      step = this.read(revision);
      this.steps.after.set(revision, step);
    }
    return step;
  }

  /** Runs found dead, after the first so many. */
  deadAfter(count: number, now: number): readonly Uint8Array[] {
    if (now - this.lookedAt >= deadEvery) {
      this.lookedAt = now;
      this.lookForDead();
    }
    return this.found.slice(count);
  }

  private read(after: number): Step {
    const { store, hub } = this.sources;
    const { revision, runs, deleted } = store.changes(after, batch);
    if (revision === after) {
      return { revision, frames: [] };
    }
    return {
      revision,
      frames: [
        ...deleted.map((id) => frameOf({ event: "deleted", data: { id } })),
        ...runs.map((run) => frameOf({ event: "run", data: withLive(hub, run) })),
        // Told once all of the batch was: a reader cut off within it gets it again, which does no harm.
        frameOf({ event: "revision", id: revision, data: { revision } }),
      ],
    };
  }

  private lookForDead(): void {
    const { store, hub } = this.sources;
    for (const run of origins.flatMap((origin) => store.abandoned(origin))) {
      // One that was gone on with and died again is told of again.
      const key = `${run.id} ${run.seconds.total}`;
      if (!this.known.has(key)) {
        this.known.add(key);
        this.found.push(frameOf({ event: "run", data: withLive(hub, run) }));
      }
    }
  }
}

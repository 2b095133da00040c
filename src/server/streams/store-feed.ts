import { DataError } from "../../core/errors.ts";
import { frameOf } from "./sse.ts";
import { type StreamSources, withLive } from "./store-watch.ts";

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
  private readonly found: string[] = [];
  private stand: { readonly version: number; readonly of: Map<string, Uint8Array | null> } = {
    version: -1,
    of: new Map(),
  };
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

  /**
   * How many runs were found dead by now, and those after the first so many as they stand at that version: one may have
   * been gone on with, or deleted.
   */
  deadAfter(count: number, version: number, now: number): { readonly count: number; readonly frames: Uint8Array[] } {
    if (now - this.lookedAt >= deadEvery) {
      this.lookedAt = now;
      this.lookForDead();
    }
    if (this.stand.version !== version) {
      this.stand = { version, of: new Map() };
    }
    return { count: this.found.length, frames: this.found.slice(count).flatMap((id) => this.standOf(id) ?? []) };
  }

  /** null of one that is no longer there, or cannot be read: what there is to say of it is said elsewhere. */
  private standOf(id: string): Uint8Array | null {
    const known = this.stand.of.get(id);
    if (known !== undefined) {
      return known;
    }
    const { store, hub } = this.sources;
    let frame: Uint8Array | null = null;
    try {
      frame = frameOf({ event: "run", data: withLive(hub, store.summary(id)) });
    } catch (error) {
      if (!(error instanceof DataError)) {
        throw error;
      }
    }
    this.stand.of.set(id, frame);
    return frame;
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
    const { store } = this.sources;
    for (const run of origins.flatMap((origin) => store.abandoned(origin))) {
      // One that was gone on with and died again is told of again.
      const key = `${run.id} ${run.seconds.total}`;
      if (!this.known.has(key)) {
        this.known.add(key);
        this.found.push(run.id);
        this.stand.of.delete(run.id);
      }
    }
  }
}

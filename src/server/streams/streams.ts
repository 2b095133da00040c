import { RunFeed } from "../runs/feed.ts";
import { frameOf, heartbeat } from "./sse.ts";
import { StoreFeed } from "./store-feed.ts";
import type { StreamSources } from "./store-watch.ts";

/** Milliseconds of silence after which a stream says that it lives, and looks for processes that died. */
const beatEvery = 5000;
type Frames = AsyncGenerator<Uint8Array | typeof heartbeat, void, void>;

/** The streams of a server: one reader of the store for all who watch the same. */
export class Streams {
  private readonly sources: StreamSources;
  private readonly runs = new Map<string, RunFeed>();
  private readonly changes: StoreFeed;

  constructor(sources: StreamSources) {
    this.sources = sources;
    this.changes = new StoreFeed(sources);
  }

  /**
   * What a run recorded after chunk `from`, then what it records, until it ends or is deleted. A reader takes it at his own
   * speed and loses nothing whatever that is: what is no longer kept for all is read from the store.
   */
  async *run(id: string, from: number, signal: AbortSignal): Frames {
    const feed = this.runs.get(id) ?? new RunFeed(this.sources, id);
    this.runs.set(id, feed);
    feed.readers++;
    try {
      yield* this.ofRun(feed, from, signal);
    } finally {
      feed.readers--;
      if (feed.readers === 0) {
        this.runs.delete(id);
      }
    }
  }

  private async *ofRun(feed: RunFeed, from: number, signal: AbortSignal): Frames {
    const { watch } = this.sources;
    let at = from;
    let told = "";
    let unrecorded = 0;
    while (!signal.aborted) {
      const seen = watch.version;
      // Asked before the chunks: a run that has ended by now has no more of them afterwards.
      const { summary, key, ended } = feed.stateAt(seen);
      if (key !== told) {
        told = key;
        yield frameOf({ event: "state", data: summary });
      }
      for (let chunk = feed.chunkAfter(at, seen); chunk !== null; chunk = feed.chunkAfter(at, seen)) {
        if (signal.aborted) {
          return;
        }
        at = chunk.number;
        yield chunk.frame;
      }
      if (ended) {
        yield frameOf({ event: "end", data: summary });
        return;
      }
      const { version, frames } = feed.unrecordedAfter(unrecorded);
      unrecorded = version;
      yield* frames;
      if (!(await watch.next(seen, beatEvery, signal)) && !signal.aborted) {
        yield heartbeat;
      }
    }
  }

  /** Every change of the store after a revision, and runs whose process was found dead. */
  async *store(from: number | null, signal: AbortSignal): Frames {
    const { store, watch } = this.sources;
    const newest = store.revision();
    // A revision of another store's future means that the file was exchanged: everything is new then.
    let at = from === null || from > newest ? newest : from;
    yield frameOf({ event: "revision", id: at, data: { revision: at } });
    let dead = 0;
    while (!signal.aborted) {
      const seen = watch.version;
      for (let step = this.changes.after(at, seen); step.revision !== at; step = this.changes.after(at, seen)) {
        at = step.revision;
        yield* step.frames;
      }
      const { count, frames } = this.changes.deadAfter(dead, seen, watch.now);
      dead = count;
      yield* frames;
      if (!(await watch.next(seen, beatEvery, signal)) && !signal.aborted) {
        yield heartbeat;
      }
    }
  }
}

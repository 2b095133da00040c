import { toTrialJson } from "../../core/trial-json.ts";
import type { StudyStore } from "../../store/studies/study-store.ts";
import type { StudyStreamEvent } from "../api.ts";
import { frameOf, heartbeat } from "../streams/sse.ts";

/** Milliseconds between two looks at a study that somebody watches, and before a sign of life without news. */
const lookEvery = 400;
const beatEvery = 5000;
/** News that are kept for those who are a little behind; who is further behind reads the store by himself. */
const kept = 16;

interface News {
  /** Revision after it. */
  readonly revision: number;
  /** null when nothing changed. */
  readonly frame: Uint8Array | null;
}

/** What all who watch one study read: looked at once for all of them, while there are any. */
class StudyFeed {
  private readonly store: StudyStore;
  private readonly id: number;
  /** News of number `begun - news.length` … `begun - 1`. */
  private readonly news: News[] = [];
  private begun = 0;
  private at = -1;
  /** Running trials as they were told: the store gives them at every look. */
  private told = new Map<number, string>();
  private readonly waiting = new Set<() => void>();
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> | null = null;
  /** By the next news and the revision asked from. */
  private readonly catchingUp = new Map<string, Promise<News>>();
  readers = 0;

  constructor(store: StudyStore, id: number) {
    this.store = store;
    this.id = id;
  }

  /** The number of the next news. */
  get next(): number {
    return this.begun;
  }

  /**
   * All that changed after a revision, read from the store; those who ask for the same at once share it. Not with whom news
   * came after: its reader has the news, and who asks now goes on behind them.
   */
  catchUp(from: number): Promise<News> {
    const key = `${this.begun} ${from}`;
    let read = this.catchingUp.get(key);
    if (read === undefined) {
      read = this.store
        .trials(this.id, { since: from })
        .then(({ revision, trials }) => ({
          revision,
          frame: trials.length === 0 && revision === from ? null : frameOfTrials(revision, trials.map(toTrialJson)),
        }))
        .finally(() => this.catchingUp.delete(key));
      this.catchingUp.set(key, read);
    }
    return read;
  }

  /** The news of that number; null when they are no longer kept. Waits for them at most so many milliseconds, else undefined. */
  async newsOf(number: number, milliseconds: number, signal: AbortSignal): Promise<News | null | undefined> {
    if (number >= this.begun) {
      await this.wait(milliseconds, signal);
    }
    if (number >= this.begun) {
      return undefined;
    }
    return this.news[number - (this.begun - this.news.length)] ?? null;
  }

  private wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(late);
        signal.removeEventListener("abort", done);
        this.waiting.delete(done);
        resolve();
      };
      const late = setTimeout(done, milliseconds);
      signal.addEventListener("abort", done, { once: true });
      this.waiting.add(done);
      if (signal.aborted) {
        done();
      }
      this.timer ??= setInterval(() => {
        this.looking ??= this.look().finally(() => {
          this.looking = null;
        });
      }, lookEvery);
    });
  }

  /** Begins where the first reader is, so that what came before is not told to all. */
  begin(revision: number): void {
    if (this.at < 0) {
      this.at = revision;
    }
  }

  end(): void {
    if (this.timer !== null) {
      clearInterval(this.timer);
      this.timer = null;
    }
  }

  private async look(): Promise<void> {
    try {
      const { revision, trials: changed } = await this.store.trials(this.id, { since: this.at });
      const trials = changed.map(toTrialJson);
      const texts = new Map(trials.map((trial) => [trial.number, JSON.stringify(trial)]));
      const fresh = trials.filter((trial) => this.told.get(trial.number) !== texts.get(trial.number));
      this.told = new Map(
        trials.filter(({ state }) => state === "running").map(({ number }) => [number, texts.get(number)!]),
      );
      if (fresh.length === 0 && revision === this.at) {
        return;
      }
      this.at = revision;
      this.news.push({ revision, frame: frameOfTrials(revision, fresh) });
      this.begun++;
      if (this.news.length > kept) {
        this.news.shift();
      }
    } catch {
      // The store may answer at the next look; a reader who opens the stream anew is told what is wrong with it.
    }
    for (const done of [...this.waiting]) {
      done();
    }
  }
}

function frameOfTrials(revision: number, trials: StudyStreamEvent["data"]["trials"]): Uint8Array {
  return frameOf({ event: "trials", id: revision, data: { revision, trials } });
}

/** The streams of a server's studies. */
export class StudyStreams {
  private readonly store: StudyStore;
  private readonly feeds = new Map<number, StudyFeed>();

  constructor(store: StudyStore) {
    this.store = store;
  }

  /** Trials that changed after a revision, then those that change from now on. */
  async *of(id: number, from: number, signal: AbortSignal): AsyncGenerator<Uint8Array | typeof heartbeat, void, void> {
    const feed = this.feeds.get(id) ?? new StudyFeed(this.store, id);
    this.feeds.set(id, feed);
    feed.readers++;
    try {
      let at = from;
      while (!signal.aborted) {
        // What changes from here on is in the news: a change may be told twice, and none is lost.
        let number = feed.next;
        const { revision, frame } = await feed.catchUp(at);
        feed.begin(revision);
        at = revision;
        if (frame !== null) {
          yield frame;
        }
        for (let near = true; near && !signal.aborted; ) {
          const news = await feed.newsOf(number, beatEvery, signal);
          if (news === undefined) {
            yield heartbeat;
          } else if (news === null) {
            near = false;
          } else {
            number++;
            at = news.revision;
            if (news.frame !== null) {
              yield news.frame;
            }
          }
        }
      }
    } finally {
      feed.readers--;
      if (feed.readers === 0) {
        feed.end();
        this.feeds.delete(id);
      }
    }
  }
}

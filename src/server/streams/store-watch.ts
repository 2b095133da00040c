import { every, ownTimers, type Timers } from "../../core/timers.ts";
import type { RunStore, StoredRunSummary } from "../../store/runs/run-store.ts";
import type { RunSummary } from "../api.ts";
import type { RunHub } from "../runs/hub.ts";

/** Milliseconds between two looks at the store while somebody watches. */
const lookEvery = 200;
/** Milliseconds between two wake-ups: with hundreds who watch, each costs something. */
const wakeEvery = 40;

/**
 * Wakes those who watch the store when something in it changed, by this process or another. It looks only while somebody
 * waits, once for all of them.
 */
export class StoreWatch {
  private readonly store: RunStore;
  private readonly timers: Timers;
  private readonly waiting = new Set<() => void>();
  /** Ends the looking, while somebody waits. */
  private rested: (() => void) | null = null;
  /** Calls off the wake-up that is to come. */
  private coming: (() => void) | null = null;
  private wokeAt = Number.NEGATIVE_INFINITY;
  private seen = -1;
  private count = 0;

  /** @param timers the process's own unless told */
  constructor(store: RunStore, timers: Timers = ownTimers) {
    this.store = store;
    this.timers = timers;
  }

  /** Milliseconds by a count that nobody sets. */
  get now(): number {
    return this.timers.monotonic();
  }

  /** Grows whenever the store may hold something new. Read it, then the store, then wait for what comes after it. */
  get version(): number {
    return this.count;
  }

  /** Whether the version has grown past `seen`, once it has; false after so many milliseconds, or when `signal` aborts. */
  next(seen: number, milliseconds: number, signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      if (signal.aborted || this.count !== seen) {
        resolve(!signal.aborted);
        return;
      }
      const done = () => {
        callOff();
        signal.removeEventListener("abort", done);
        this.waiting.delete(done);
        resolve(this.count !== seen);
      };
      const callOff = this.timers.after(milliseconds, done);
      signal.addEventListener("abort", done, { once: true });
      this.waiting.add(done);
      this.rested ??= every(this.timers, lookEvery, () => this.look());
    });
  }

  /** Wakes everybody, at once or a moment later together with what else is new: this process knows of something. */
  poke(): void {
    if (this.coming !== null) {
      return;
    }
    const pause = this.wokeAt + wakeEvery - this.now;
    if (pause <= 0) {
      this.wake();
    } else {
      this.coming = this.timers.after(pause, () => this.wake());
    }
  }

  close(): void {
    this.wake();
    this.rest();
  }

  private wake(): void {
    this.coming?.();
    this.coming = null;
    this.wokeAt = this.now;
    this.count++;
    for (const done of [...this.waiting]) {
      done();
    }
  }

  private look(): void {
    if (this.waiting.size === 0) {
      this.rest();
      return;
    }
    let revision: number;
    try {
      revision = this.store.revision();
    } catch {
      // Whoever reads next says what is wrong with the store.
      revision = -1;
    }
    if (revision !== this.seen) {
      this.seen = revision;
      this.poke();
    }
  }

  private rest(): void {
    this.rested?.();
    this.rested = null;
  }
}

export interface StreamSources {
  readonly store: RunStore;
  readonly hub: RunHub;
  readonly watch: StoreWatch;
}

/** A run as it is listed: with how far it is, where it runs here. */
export function withLive(hub: RunHub, run: StoredRunSummary): RunSummary {
  return { ...run, live: hub.live(run.id) };
}

const prefix = "tanren-run-";

/**
 * Tells runs that go on from those whose tab is gone: a tab holds a lock for each run it records, and the browser frees it
 * with the tab, however that ended. Where there are no Web Locks only this tab's runs count as living.
 */
export class LivingRuns {
  private readonly own = new Map<string, () => void>();
  private readonly watched = new Set<string>();
  private readonly closing = new AbortController();

  /** Takes the lock of a run that begins here; resolves when it is held. */
  async hold(id: string): Promise<void> {
    const { locks } = navigator;
    const released = new Promise<void>((resolve) => this.own.set(id, resolve));
    if (locks !== undefined) {
      await new Promise<void>((resolve) => {
        locks
          .request(prefix + id, () => {
            resolve();
            return released;
          })
          .catch(() => resolve());
      });
    }
  }

  release(id: string): void {
    this.own.get(id)?.();
    this.own.delete(id);
  }

  /** Of the ids of runs, those that are still recorded somewhere. */
  async among(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const held = new Set<string | undefined>();
    if (ids.some((id) => !this.own.has(id)) && navigator.locks !== undefined) {
      for (const { name, mode } of (await navigator.locks.query()).held ?? []) {
        if (mode === "exclusive") {
          held.add(name);
        }
      }
    }
    return new Set(ids.filter((id) => this.own.has(id) || held.has(prefix + id)));
  }

  /** Calls back once when a run of another tab ends or its tab is gone. */
  watch(id: string, onEnd: () => void): void {
    if (this.own.has(id) || this.watched.has(id)) {
      return;
    }
    this.watched.add(id);
    navigator.locks
      .request(prefix + id, { mode: "shared", signal: this.closing.signal }, () => {
        this.watched.delete(id);
        // After this lock is free again.
        setTimeout(onEnd);
      })
      .catch(() => {});
  }

  close(): void {
    this.closing.abort();
    for (const id of [...this.own.keys()]) {
      this.release(id);
    }
  }
}

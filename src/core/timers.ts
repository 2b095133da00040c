/** What time is to code that waits. A process has its own; a simulation moves it by hand. */
export interface Timers {
  /** Milliseconds from any beginning, by a count that nobody sets. */
  monotonic(): number;
  /** Calls `action` once, so many milliseconds later. @returns calls it off */
  after(milliseconds: number, action: () => void): () => void;
}

/** Time as this process has it. */
export const ownTimers: Timers = {
  monotonic: () => performance.now(),
  after(milliseconds, action) {
    const timer = setTimeout(action, milliseconds);
    return () => clearTimeout(timer);
  },
};

/** Calls `action` again and again, so many milliseconds apart. @returns ends it */
export function every(timers: Timers, milliseconds: number, action: () => void): () => void {
  let cancel = timers.after(milliseconds, beat);
  function beat() {
    cancel = timers.after(milliseconds, beat);
    action();
  }
  return () => cancel();
}

/** Waits so many milliseconds, or until `signal` aborts. Never rejects. */
export function rest(timers: Pick<Timers, "after">, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timers.after(milliseconds, done);
    if (signal?.aborted === true) {
      done();
    } else {
      signal?.addEventListener("abort", done, { once: true });
    }
  });
}

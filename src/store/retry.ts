import { ownTimers, rest } from "../core/timers.ts";

/** How long and how often something that may pass is tried again. */
export interface Patience {
  /** From the first failure to the last try, in milliseconds. */
  readonly totalMs: number;
  /** The first pause; each one after is twice as long, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** A number in [0, 1): processes that failed together must not come back together. */
  readonly random: () => number;
  /** Waits so many milliseconds; by the process's own timer unless told. */
  readonly pause?: (milliseconds: number) => Promise<void>;
}

/**
 * Runs `action` until it succeeds, `passes` says that its error stays, or patience ends; then throws the last error.
 * @param passes whether trying again may help
 */
export async function tryAgain<T>(
  patience: Patience,
  passes: (error: unknown) => boolean,
  action: (again: boolean) => Promise<T>,
): Promise<T> {
  const { pause: wait = (milliseconds: number) => rest(ownTimers, milliseconds) } = patience;
  let waited = 0;
  for (let attempt = 0; ; attempt++) {
    try {
      return await action(attempt > 0);
    } catch (error) {
      if (!passes(error) || waited >= patience.totalMs) {
        throw error;
      }
      const longest = Math.min(patience.longestMs, patience.firstMs * 2 ** Math.min(attempt, 20));
      const pause = longest * (0.5 + patience.random() / 2);
      waited += pause;
      await wait(pause);
    }
  }
}

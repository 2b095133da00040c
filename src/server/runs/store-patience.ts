import { ownTimers, rest, type Timers } from "../../core/timers.ts";
import { tryAgain } from "../../store/retry.ts";
import { lockPatience } from "../../store/runs/held-writer.ts";
import { isBusy, mayPass } from "../../store/sqlite-errors.ts";

/** Milliseconds after which a store that took nothing is tried again. */
const tryAgainAfter = 5000;

/** How a server waits for the store it shares with other processes, until it leaves. */
export class StorePatience {
  private readonly leaving: AbortSignal;
  private readonly timers: Pick<Timers, "after">;

  /** @param timers the process's own unless told */
  constructor(leaving: AbortSignal, timers: Pick<Timers, "after"> = ownTimers) {
    this.leaving = leaving;
    this.timers = timers;
  }

  /** Does it when no other process holds the store. @throws what the action throws */
  whenFree<T>(action: () => T): Promise<T> {
    return whenFree(action, () => this.leaving.aborted, this.timers);
  }

  /** Does it once the store takes it, also when its disk is full for long. @throws what the store refuses for good */
  async insist<T>(action: () => T): Promise<T> {
    for (;;) {
      try {
        return await this.whenFree(action);
      } catch (error) {
        if (this.leaving.aborted || !mayPass(error)) {
          throw error;
        }
        await rest(this.timers, tryAgainAfter, this.leaving);
      }
    }
  }
}

/**
 * Does what needs a run store that another process may hold: again and again, for a minute at most, without holding up
 * anything else. What is done must change nothing when the store refuses it.
 * @param stop asked before each new try: whether nobody wants it any more
 * @param timers the process's own unless told
 * @throws what the action throws; DataError when the store is not free by then
 */
export function whenFree<T>(
  action: () => T,
  stop: () => boolean = () => false,
  timers: Pick<Timers, "after"> = ownTimers,
): Promise<T> {
  const pause = (milliseconds: number) => rest(timers, milliseconds);
  const patience = { totalMs: lockPatience, firstMs: 50, longestMs: 500, random: () => 0.5, pause };
  return tryAgain(
    patience,
    (error) => isBusy(error) && !stop(),
    async () => action(),
  );
}

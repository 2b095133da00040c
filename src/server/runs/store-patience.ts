import { ownTimers, rest, type Timers } from "../../core/timers.ts";
import { whenFree } from "../../store/runs/when-free.ts";
import { mayPass } from "../../store/sqlite-errors.ts";

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

import type { TrialRecord } from "../../core/trial.ts";

/**
 * The finished trials of one study that this process has read, in the order in which they finished. They never change
 * again, so each is read once.
 */
export class FinishedCache {
  private trials: TrialRecord[] = [];

  /** The trials read until now; belongs to the cache. */
  get finished(): readonly TrialRecord[] {
    return this.trials;
  }

  /** @param order place among the finished, from 1; one that was read before is passed over */
  add(order: number, trial: TrialRecord): void {
    if (order === this.trials.length + 1) {
      this.trials.push(trial);
    }
  }

  /** Keeps what was read inside a transaction only if it is committed: elsewhere its places may be taken by others. */
  async within<T>(transaction: () => Promise<T>): Promise<T> {
    const before = this.trials.length;
    try {
      return await transaction();
    } catch (error) {
      // Readers may hold the array: theirs keeps what they saw.
      if (this.trials.length > before) {
        this.trials = this.trials.slice(0, before);
      }
      throw error;
    }
  }
}

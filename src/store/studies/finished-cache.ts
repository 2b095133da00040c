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

  /** What a transaction reads it reads into this: until it is committed, its places may be taken by other trials. */
  branch(): FinishedCache {
    const branch = new FinishedCache();
    branch.trials = this.trials.slice();
    return branch;
  }

  /** Keeps what a branch has read; its transaction is committed. */
  adopt(branch: FinishedCache): void {
    if (branch.trials.length > this.trials.length) {
      // Readers may hold the array: theirs keeps what they saw.
      this.trials = branch.trials;
    }
  }
}

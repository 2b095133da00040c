import type { Direction } from "../../core/trial.ts";
import { betterOf, type Completed } from "../../search/ranking.ts";
import type { KnownTrials } from "../../store/studies/study-store.ts";

/** How far a study is, in every process that works on it. */
export interface StudyProgress {
  /** Trials asked for. */
  readonly total: number;
  readonly running: number;
  readonly complete: number;
  readonly pruned: number;
  readonly failed: number;
  /** The best complete and feasible trial until now. */
  readonly best: Completed | null;
}

/** Counts a study's trials as they finish, each once. */
export class ProgressCounter {
  private readonly direction: Direction;
  private read = 0;
  private readonly counts = { complete: 0, pruned: 0, failed: 0 };
  private best: Completed | undefined;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  /** @param upTo how many of the finished trials count  @param total trials asked for */
  look({ finished, running }: KnownTrials, upTo: number, total: number): StudyProgress {
    for (; this.read < upTo; this.read++) {
      const trial = finished[this.read];
      if (trial.state === "complete" || trial.state === "pruned" || trial.state === "failed") {
        this.counts[trial.state]++;
      }
      this.best = betterOf(this.best, trial, this.direction);
    }
    return {
      total: Math.max(total, finished.length + running.length),
      running: running.length,
      ...this.counts,
      best: this.best ?? null,
    };
  }
}

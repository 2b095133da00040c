import type { Direction, TrialRecord } from "../core/trial.ts";
import { isFeasible } from "../search/ranking.ts";
import type { StudyView } from "../store/study-store.ts";

/** How far a study is, in every process that works on it. */
export interface StudyProgress {
  /** Trials asked for. */
  readonly total: number;
  readonly running: number;
  readonly complete: number;
  readonly pruned: number;
  readonly failed: number;
  /** The best complete and feasible trial until now. */
  readonly best: TrialRecord | null;
}

/** Counts a study's trials as they finish, each once. */
export class ProgressCounter {
  private readonly direction: Direction;
  private read = 0;
  private readonly counts = { complete: 0, pruned: 0, failed: 0 };
  private best: TrialRecord | null = null;

  constructor(direction: Direction) {
    this.direction = direction;
  }

  /** @param upTo how many of the finished trials count  @param total trials asked for */
  look({ finished, running }: StudyView, upTo: number, total: number): StudyProgress {
    for (; this.read < upTo; this.read++) {
      const trial = finished[this.read];
      if (trial.state === "complete" || trial.state === "pruned" || trial.state === "failed") {
        this.counts[trial.state]++;
      }
      if (trial.state === "complete" && isFeasible(trial) && this.better(trial)) {
        this.best = trial;
      }
    }
    return {
      total: Math.max(total, finished.length + running.length),
      running: running.length,
      ...this.counts,
      best: this.best,
    };
  }

  private better(trial: TrialRecord): boolean {
    const sign = this.direction === "minimize" ? 1 : -1;
    return this.best === null || sign * (trial.value! - this.best.value!) < 0;
  }
}

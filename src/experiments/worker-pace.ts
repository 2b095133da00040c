import type { Pace } from "./experiment.ts";

/** How fast the tasks of a worker may go. */
export interface PaceState {
  /** Nothing goes on but what is stepped. */
  readonly held: boolean;
  /** Iterations a second, or null for full speed. */
  readonly speed: number | null;
}

export interface WorkerPaceOptions {
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  /** Returns to the event loop once. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds of work after which the worker must return to its event loop; 12 when absent. */
  readonly slice?: number;
}

/**
 * The pace of a worker whose commands come as messages: it returns to the event loop every some milliseconds to let them
 * in, and grants one iteration after the other as pause, steps and speed allow.
 */
export class WorkerPace implements Pace {
  private readonly options: Required<WorkerPaceOptions>;
  private state: PaceState = { held: false, speed: null };
  private steps = 0;
  private breathedAt = 0;
  /** When the next iteration is due, where speed is limited. */
  private due = 0;
  private stopped = false;
  private asked = false;
  private wake: (() => void) | null = null;

  constructor(options: WorkerPaceOptions) {
    this.options = { slice: 12, ...options };
  }

  /** A new task begins. Resolves when its first iteration may. */
  async begin(): Promise<void> {
    this.stopped = false;
    this.asked = false;
    this.steps = 0;
    this.due = this.options.now();
    await this.pass();
  }

  set(state: PaceState): void {
    this.state = state;
    this.steps = 0;
    this.due = this.options.now();
    this.wake?.();
  }

  /** Grants so many iterations of a held task. */
  step(iterations: number): void {
    this.steps += iterations;
    this.wake?.();
  }

  /** Lets a held task go on to its end: it is being cancelled. */
  stop(): void {
    this.stopped = true;
    this.wake?.();
  }

  get open(): boolean {
    this.asked = true;
    return this.grantNow();
  }

  get held(): boolean {
    return this.state.held;
  }

  async pass(): Promise<void> {
    for (;;) {
      await this.options.breathe();
      const now = this.options.now();
      this.breathedAt = now;
      if (this.grant(now)) {
        return;
      }
      await this.changeOrTimeout(this.state.held ? null : this.due - now);
    }
  }

  /** After an event of a task: one that never asks between iterations is paced by its events. */
  async afterEvent(): Promise<void> {
    if (!this.asked && !this.grantNow()) {
      await this.pass();
    }
  }

  private grantNow(): boolean {
    const now = this.options.now();
    return now - this.breathedAt < this.options.slice && this.grant(now);
  }

  private grant(now: number): boolean {
    if (this.stopped) {
      return true;
    }
    if (this.state.held) {
      if (this.steps === 0) {
        return false;
      }
      this.steps--;
      return true;
    }
    const { speed } = this.state;
    if (speed === null) {
      return true;
    }
    if (now < this.due) {
      return false;
    }
    // A worker that fell behind does not catch up in a burst.
    this.due = Math.max(this.due + 1000 / speed, now);
    return true;
  }

  private changeOrTimeout(milliseconds: number | null): Promise<void> {
    return new Promise((resolve) => {
      const timer = milliseconds === null ? undefined : setTimeout(() => this.wake?.(), milliseconds);
      this.wake = () => {
        clearTimeout(timer);
        this.wake = null;
        resolve();
      };
    });
  }
}

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
  /** Told whenever a task stops for a moment: to take turns, to breathe, because it is held. */
  readonly onRest?: () => void;
}

/** Share of its iterations that a task makes before another of the same worker has its turn. */
const turn = 0.01;
/** Milliseconds after which a turn is over, however little that share is done. */
const longestTurn = 200;

/**
 * The pace of a worker whose commands come as messages. Its tasks take turns, the least advanced first, so that they come
 * along together; it returns to the event loop every some milliseconds to let messages in, and grants one iteration after
 * the other as pause, steps, speed and the {@link WorkerPace.lead limit} of its gang allow.
 */
export class WorkerPace {
  private readonly options: Required<WorkerPaceOptions>;
  private readonly tasks = new Set<TaskPace>();
  private state: PaceState = { held: false, speed: null };
  private limit = Number.POSITIVE_INFINITY;
  private stopped = false;
  /** Whose turn it is, and whether it is at work. */
  private current: TaskPace | null = null;
  private working = false;
  private breathing = false;
  private breathedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: WorkerPaceOptions) {
    const { slice = 12, onRest = () => {} } = options;
    this.options = { ...options, slice, onRest };
  }

  /** New tasks begin, so many of them in step with tasks of other workers up to a limit (Infinity: with none). */
  begin(count: number, limit: number): TaskPace[] {
    this.stopped = false;
    this.limit = limit;
    this.tasks.clear();
    this.current = null;
    this.working = false;
    const tasks = Array.from({ length: count }, () => new TaskPace(this, this.options.now()));
    for (const task of tasks) {
      this.tasks.add(task);
    }
    return tasks;
  }

  set(state: PaceState): void {
    this.state = state;
    for (const task of this.tasks) {
      task.steps = 0;
      task.due = this.options.now();
    }
    this.pump();
  }

  /** Grants so many iterations of each held task. */
  step(iterations: number): void {
    for (const task of this.tasks) {
      task.steps += iterations;
    }
    this.pump();
  }

  /** Lets tasks go no further than this share of their iterations for now. */
  lead(limit: number): void {
    this.limit = limit;
    this.pump();
  }

  /** Lets held tasks go on to their end: they are being cancelled. */
  stop(): void {
    this.stopped = true;
    this.pump();
  }

  get held(): boolean {
    return this.state.held;
  }

  /** Whether the task at work may begin another iteration at once. */
  grantNow(task: TaskPace): boolean {
    const now = this.options.now();
    return (
      this.working &&
      this.current === task &&
      now - this.breathedAt < this.options.slice &&
      !this.isTurnOver(task, now) &&
      this.grant(task, now)
    );
  }

  /** The task at work stops for a moment; what resumes it is called when its next iteration may begin. */
  async rest(task: TaskPace): Promise<void> {
    if (this.current === task) {
      this.working = false;
    }
    this.options.onRest();
    if (!this.breathing) {
      this.breathing = true;
      await this.options.breathe();
      this.breathing = false;
      this.breathedAt = this.options.now();
      this.pump();
    }
  }

  /** A task has ended. */
  leave(task: TaskPace): void {
    this.tasks.delete(task);
    if (this.current === task) {
      this.current = null;
      this.working = false;
      this.pump();
    }
  }

  /** Gives the turn to the least advanced task that may go on; when none may, waits for a change or for the time. */
  private pump(): void {
    if (this.working || this.breathing) {
      return;
    }
    clearTimeout(this.timer);
    const now = this.options.now();
    const waiting = [...this.tasks].filter(({ resume }) => resume !== null).sort((a, b) => a.share - b.share);
    const { current } = this;
    const goesOn = current !== null && waiting.includes(current) && !this.isTurnOver(current, now);
    const next = (goesOn ? [current, ...waiting] : waiting).find((task) => this.grant(task, now));
    if (next !== undefined) {
      if (next !== current || !goesOn) {
        this.current = next;
        next.turnBegan = next.done - 1;
        next.turnBeganAt = now;
      }
      this.working = true;
      const resume = next.resume!;
      next.resume = null;
      resume();
    } else if (!this.state.held && waiting.length > 0) {
      const due = Math.min(...waiting.filter((task) => this.mayLead(task)).map((task) => task.due));
      if (Number.isFinite(due)) {
        this.timer = setTimeout(() => this.pump(), Math.max(0, due - now));
      }
    }
  }

  private isTurnOver({ done, total, turnBegan, turnBeganAt }: TaskPace, now: number): boolean {
    if (this.tasks.size === 1 && this.limit === Number.POSITIVE_INFINITY) {
      return false;
    }
    return now - turnBeganAt >= longestTurn || (total !== null && done - turnBegan >= turn * total);
  }

  private mayLead({ done, total, asks }: TaskPace): boolean {
    return !asks || total === null || done + 1 <= this.limit * total + 1e-9;
  }

  private grant(task: TaskPace, now: number): boolean {
    if (this.mayGo(task, now)) {
      task.done++;
      return true;
    }
    return false;
  }

  private mayGo(task: TaskPace, now: number): boolean {
    if (this.stopped) {
      return true;
    }
    if (!this.mayLead(task)) {
      return false;
    }
    if (this.state.held) {
      if (task.steps === 0) {
        return false;
      }
      task.steps--;
      return true;
    }
    const { speed } = this.state;
    if (speed === null) {
      return true;
    }
    if (now < task.due) {
      return false;
    }
    // A worker that fell behind does not catch up in a burst.
    task.due = Math.max(task.due + 1000 / speed, now);
    return true;
  }
}

/** The pace of one task among those of its worker. */
export class TaskPace implements Pace {
  private readonly worker: WorkerPace;
  private asked = false;
  /** Iterations granted so far; all but the one under way are made. */
  done = 0;
  /** Iterations it will make; null until it says so. */
  total: number | null = null;
  /** What `done` was when its turn began, and when that was. */
  turnBegan = 0;
  turnBeganAt = 0;
  /** Iterations it may make though it is held. */
  steps = 0;
  /** When the next iteration is due, where speed is limited. */
  due: number;
  /** Lets it go on; null while it works. */
  resume: (() => void) | null = null;

  constructor(worker: WorkerPace, now: number) {
    this.worker = worker;
    this.due = now;
  }

  get open(): boolean {
    this.asked = true;
    return this.worker.grantNow(this);
  }

  get held(): boolean {
    return this.worker.held;
  }

  /** Whether it asks between its iterations, as it should. */
  get asks(): boolean {
    return this.asked;
  }

  /** A fraction of its iterations, 0–1. */
  get share(): number {
    return this.total === null ? 0 : this.done / this.total;
  }

  pass(): Promise<void> {
    const granted = new Promise<void>((resolve) => {
      this.resume = resolve;
    });
    void this.worker.rest(this);
    return granted;
  }

  /** After an event of the task: one that never asks between iterations is paced by its events. */
  async afterEvent(): Promise<void> {
    if (!this.asked && !this.worker.grantNow(this)) {
      await this.pass();
    }
  }

  /** The task has ended. */
  end(): void {
    this.worker.leave(this);
  }
}

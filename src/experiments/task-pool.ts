import { EventQueue } from "../core/event-queue.ts";
import type { RunEvent, TaskEvent } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import type { Task } from "./experiment.ts";

/** How a worker ended a task. One that died (`lives` false) is not given another. */
export type TaskEnd =
  | { readonly kind: "done" }
  | { readonly kind: "cancelled"; readonly lives: boolean }
  | {
      readonly kind: "failed";
      readonly message: string;
      /** The message in both languages, where there is one. */
      readonly text?: Text;
      readonly stack?: string;
      readonly lives: boolean;
    };

/** A thread or Web Worker that runs one task at a time. */
export interface TaskWorker {
  /** Whether it died: it is given no other task. */
  readonly gone?: boolean;
  /** Runs a task to its end, or until `signal` aborts, telling its events as they come. Never rejects. */
  perform(experiment: string, task: Task, tell: (event: TaskEvent) => void, signal: AbortSignal): Promise<TaskEnd>;
}

export interface TaskPoolOptions<W extends TaskWorker> {
  /** At most so many tasks at a time. */
  readonly workers: number;
  /** Starts another worker. */
  readonly start: () => W;
}

/**
 * Gives tasks to workers, one at a time to each. Workers are kept between runs; one that dies takes only its own task with
 * it (a note of kind `failed`) and is replaced.
 */
export class TaskPool<W extends TaskWorker> {
  private readonly idle: W[] = [];
  private readonly options: TaskPoolOptions<W>;

  constructor(options: TaskPoolOptions<W>) {
    this.options = options;
  }

  /** As `TaskRunner.run`. Tasks under way when `signal` aborts, or when nobody pulls any longer, are cancelled. */
  async *run(experiment: string, tasks: readonly Task[], signal: AbortSignal): AsyncGenerator<RunEvent, void, void> {
    const queue = new EventQueue<RunEvent>();
    let next = 0;
    let running = 0;
    const abandoned = new AbortController();
    const either = AbortSignal.any([signal, abandoned.signal]);

    const perform = async (worker: W, index: number): Promise<W | undefined> => {
      const task = tasks[index];
      const end = await worker.perform(experiment, task, (event) => queue.push({ task: index, event }), either);
      if (end.kind !== "failed") {
        return end.kind === "done" || end.lives ? worker : undefined;
      }
      const { message, text, stack } = end;
      const more = { ...(text ? { text } : {}), ...(stack ? { stack } : {}) };
      const note = { kind: "failed", run: task.run, tags: task.tags, message, ...more };
      queue.push({ task: index, event: { kind: "note", note } });
      return end.lives ? worker : undefined;
    };

    /** Performs tasks until none is left, on this worker as long as it lives. */
    const work = async () => {
      running++;
      let worker = this.idle.pop();
      while (next < tasks.length && !either.aborted) {
        if (worker?.gone) {
          worker = undefined;
        }
        worker = await perform(worker ?? this.options.start(), next++);
      }
      if (worker !== undefined) {
        this.idle.push(worker);
      }
      running--;
      if (running === 0) {
        queue.close();
      }
    };

    for (let i = 0; i < Math.max(1, Math.min(this.options.workers, tasks.length)); i++) {
      work().catch((error) => queue.fail(error));
    }
    try {
      yield* queue;
    } finally {
      abandoned.abort();
    }
  }
}

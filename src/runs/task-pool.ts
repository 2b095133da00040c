import { EventQueue } from "../core/event-queue.ts";
import type { RunEvent, TaskEvent } from "../core/record.ts";
import { inLanguage, type Text } from "../core/text.ts";
import type { Task } from "./experiment.ts";
import { type Gang, gangsOf } from "./gangs.ts";
import { type Limit, Lockstep, unlimited } from "./lockstep.ts";

/** How a worker ended a task. */
export type TaskEnd =
  | { readonly kind: "done" }
  | { readonly kind: "cancelled" }
  | {
      readonly kind: "failed";
      /** In both languages, where there is one. */
      readonly text: Text;
      readonly stack?: string;
    };

/** Tasks for one worker, and where what becomes of them is told. */
export interface Work {
  readonly experiment: string;
  /** They take turns. */
  readonly tasks: readonly Task[];
  readonly limit: Limit;
  /** An event of a task, by its place in `tasks`. */
  readonly tell: (task: number, event: TaskEvent) => void;
  /** A task has ended; told once of each. */
  readonly ended: (task: number, end: TaskEnd) => void;
}

/** A thread or Web Worker. */
export interface TaskWorker {
  /** Whether it died: it is given no other work. */
  readonly gone?: boolean;
  /** Runs tasks to their ends, or until `signal` aborts. Resolves when all are told as ended; never rejects. */
  perform(work: Work, signal: AbortSignal): Promise<void>;
}

export interface TaskPoolOptions<W extends TaskWorker> {
  /** At most so many workers at a time. */
  readonly workers: number;
  /** Starts another worker. */
  readonly start: () => W;
}

/**
 * Gives tasks to workers, as gangs.ts shares them out. Workers are kept between runs; one that dies takes only its own
 * tasks with it (a note of kind `failed` each) and is replaced.
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
    const abandoned = new AbortController();
    const either = AbortSignal.any([signal, abandoned.signal]);
    const workers = Math.max(1, this.options.workers);
    const gangs = gangsOf(tasks, workers);
    let next = 0;
    let free = workers;

    const perform = async (numbers: readonly number[], lockstep: Lockstep | null) => {
      const work: Work = {
        experiment,
        tasks: numbers.map((i) => tasks[i]),
        limit: lockstep ?? unlimited,
        tell: (place, event) => {
          if (event.kind === "progress") {
            lockstep?.saw(numbers[place], event);
          }
          queue.push({ task: numbers[place], event });
        },
        ended: (place, end) => {
          lockstep?.ended(numbers[place]);
          if (end.kind === "failed") {
            queue.push({ task: numbers[place], event: failedNote(tasks[numbers[place]], end) });
          }
        },
      };
      await this.lend((worker) => worker.perform(work, either));
      free++;
      fill();
    };

    /** Starts gangs in their order, each as soon as all its workers are free. */
    const fill = () => {
      while (next < gangs.length && gangs[next].length <= free && !either.aborted) {
        start(gangs[next++]);
      }
      if (free === workers) {
        queue.close();
      }
    };

    const start = (gang: Gang) => {
      const lockstep = gang.length > 1 ? new Lockstep(gang.flat()) : null;
      free -= gang.length;
      for (const numbers of gang) {
        perform(numbers, lockstep).catch((error) => queue.fail(error));
      }
    };

    fill();
    try {
      yield* queue;
    } finally {
      abandoned.abort();
    }
  }

  /** Has a worker do something: an idle one, or another, which is idle after it. */
  async lend<T>(job: (worker: W) => Promise<T>): Promise<T> {
    const worker = this.take();
    try {
      return await job(worker);
    } finally {
      this.idle.push(worker);
    }
  }

  private take(): W {
    let worker = this.idle.pop();
    while (worker?.gone) {
      worker = this.idle.pop();
    }
    return worker ?? this.options.start();
  }
}

function failedNote({ run, tags }: Task, { text, stack }: TaskEnd & { kind: "failed" }): TaskEvent {
  const message = inLanguage(text, "en");
  const more = { ...(typeof text === "string" ? {} : { text }), ...(stack ? { stack } : {}) };
  return { kind: "note", note: { kind: "failed", run, tags, message, ...more } };
}

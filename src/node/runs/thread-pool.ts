import { Worker } from "node:worker_threads";
import { DataError } from "../../core/errors.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Dataset } from "../../data/dataset.ts";
import { originOf } from "../../data/fingerprint.ts";
import type { Backend } from "../../kernels/kernels.ts";
import type { DataShape, Settings, Task } from "../../runs/experiment.ts";
import type { FromHost } from "../../runs/protocol.ts";
import { TaskPool, type Work } from "../../runs/task-pool.ts";
import type { RunnerOptions, TaskRunner } from "../../runs/task-runner.ts";
import { selectKernels } from "../native-kernels.ts";
import { RunControl } from "./control.ts";
import { sendDataset } from "./shared-datasets.ts";
import type { ToThread } from "./thread-protocol.ts";

/** Tasks that take turns on one thread, and everything it needs to run them. */
export interface Job extends Work {
  readonly backend: Backend;
  readonly dtype: Dtype;
  readonly datasets: readonly Dataset[];
  readonly control: RunControl;
}

interface Waiting {
  readonly control: RunControl;
  readonly begin: (thread: Worker) => void;
  /** It is stopped before it has a thread. */
  readonly cancel: () => void;
}

/** From source or built, the module beside this one. */
const threadModule = new URL(import.meta.url.endsWith(".ts") ? "./thread.ts" : "./thread.js", import.meta.url);

/**
 * Milliseconds a thread has to end a task that is stopped, before it is ended itself. It looks for the stop every 50 ms,
 * but in the middle of one calculation: a layer's worth of a histogram may take a second.
 */
const patience = 700;

const closedPool = {
  en: "worker: the threads that run tasks must be there, got a runner that is closed. Open another.",
  ja: "worker: タスクを実行するスレッドがすでに閉じられています。ランナーを新しく開いてください。",
};

/**
 * Worker threads that any number of runs share: tasks of all runs wait in one line, first come first served, whatever
 * their kernels. A run that a person holds steps aside: its threads do not count, others are started in their place.
 */
export class ThreadPool {
  /** Tasks that train at a time. */
  readonly threads: number;
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly waiting: Waiting[] = [];
  private readonly busy = new Set<RunControl[]>();
  /** Told to end: what they still say must not give them to others. */
  private readonly ending = new WeakSet<Worker>();
  private closed = false;

  constructor(threads: number) {
    this.threads = threads;
  }

  /**
   * Runs tasks when a thread is free. A thread that dies takes only its own tasks with it. Resolves when all are told as
   * ended; never rejects. Those that wait for one another (a gang) must be asked for one right after the other, and be no
   * more than there are threads.
   */
  perform(job: Job): Promise<void> {
    const { control, tasks, limit } = job;
    const going = new Set(tasks.keys());
    const ended: Job["ended"] = (task, how) => {
      if (going.delete(task)) {
        job.ended(task, how);
      }
    };
    const rest = (how: Parameters<Job["ended"]>[1]) => {
      for (const task of [...going]) {
        ended(task, how);
      }
    };
    const begin = (thread: Worker, end: (result: undefined, lives: boolean) => void) => {
      let timer: NodeJS.Timeout | undefined;
      const post = (message: ToThread) => {
        thread.postMessage(message);
        if (message.kind === "stop") {
          timer ??= setTimeout(() => this.end(thread), patience);
        }
      };
      const silences = [
        control.listen(post),
        limit.listen((now) => post({ kind: "limit", limit: now })),
        hook(thread, {
          message: (message) => {
            if (message.kind === "events") {
              for (const { task, event } of message.events) {
                job.tell(task, event);
              }
            } else if (message.kind === "ended") {
              ended(message.task, { kind: "done" });
            } else if (message.kind === "failed") {
              ended(message.task, { kind: "failed", text: message.text, stack: message.stack });
            } else if (message.kind === "done") {
              end(undefined, true);
            }
          },
          exit: (reason) => {
            for (const task of [...going]) {
              const text = {
                en: `worker: the thread of ${tasks[task].run} must live until its task ends, got ${reason}. Run it again.`,
                ja: `worker: ${tasks[task].run} のスレッドがタスクの途中で終わりました(${reason})。もう一度実行してください。`,
              };
              // A stopped task has nothing more to lose.
              ended(task, control.stopped ? { kind: "done" } : { kind: "failed", text });
            }
            end(undefined, false);
          },
        }),
      ];
      thread.postMessage(orderOf(job));
      return () => {
        clearTimeout(timer);
        for (const silence of silences) {
          silence();
        }
      };
    };
    return this.withThread(control, undefined, begin).then(() =>
      // Those that never got a thread: nobody wants them any longer, or nobody can run them.
      rest(this.closed && !control.stopped ? { kind: "failed", text: closedPool } : { kind: "done" }),
    );
  }

  /**
   * The tasks of a run, planned on a thread: finding each task's place in the random stream may take long.
   * @throws DataError when it is stopped or its thread dies, or what the experiment says of the settings
   */
  async plan(
    experiment: string,
    { settings, seed, data }: { readonly settings: Settings; readonly seed: number; readonly data?: DataShape },
    control: RunControl,
  ): Promise<readonly Task[]> {
    if (this.closed) {
      throw new DataError(closedPool);
    }
    const stopped = new DataError({
      en: "run: must go on to be planned, got a stop. Run it again.",
      ja: "run: 計画の途中で止められました。もう一度実行してください。",
    });
    const answer = await this.withThread<readonly Task[] | Error>(control, stopped, (thread, end) => {
      const silence = control.listen(({ kind }) => {
        if (kind === "stop") {
          this.end(thread);
        }
      });
      const unhook = hook(thread, {
        message: (message) => {
          if (message.kind === "planned") {
            end(message.tasks, true);
          } else if (message.kind === "unplanned") {
            end(new DataError(message.text), true);
          }
        },
        exit: (reason) =>
          end(
            new DataError({
              en: `worker: a plan needs its thread, got ${reason}. Run it again.`,
              ja: `worker: 計画の途中でスレッドが終わりました(${reason})。もう一度実行してください。`,
            }),
            false,
          ),
      });
      thread.postMessage({ kind: "plan", experiment, settings, seed, data } satisfies ToThread);
      return () => {
        silence();
        unhook();
      };
    });
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  }

  /** Ends all threads. Tasks under way or waiting are told of as failed, or as done when they were stopped before. */
  async close(): Promise<void> {
    this.closed = true;
    for (const { cancel } of this.waiting.splice(0)) {
      cancel();
    }
    await Promise.all([...this.all].map((thread) => thread.terminate()));
  }

  private withThread<T>(
    control: RunControl,
    stopped: T,
    use: (thread: Worker, end: (result: T, lives: boolean) => void) => () => void,
  ): Promise<T> {
    if (this.closed) {
      return Promise.resolve(stopped);
    }
    return new Promise((resolve) => {
      const silence = control.listen(() => this.fill());
      const begin = (thread: Worker) => {
        const place = [control];
        this.busy.add(place);
        let ended = false;
        const release = use(thread, (result, lives) => {
          if (ended) {
            return;
          }
          ended = true;
          release();
          silence();
          this.busy.delete(place);
          if (lives && !this.ending.has(thread)) {
            this.idle.push(thread);
          }
          resolve(result);
          this.fill();
        });
      };
      const cancel = () => {
        silence();
        resolve(stopped);
      };
      this.waiting.push({ control, begin, cancel });
      this.fill();
    });
  }

  /** Gives threads to those who wait, as many as may train at a time. */
  private fill(): void {
    while (!this.closed) {
      const working = [...this.busy].filter(([control]) => !control.held).length;
      const next = this.waiting.findIndex(({ control }) => control.held || control.stopped || working < this.threads);
      if (next === -1) {
        return;
      }
      const [{ control, begin, cancel }] = this.waiting.splice(next, 1);
      if (control.stopped) {
        cancel();
      } else {
        begin(this.idle.pop() ?? this.start());
      }
    }
  }

  private end(thread: Worker): void {
    this.ending.add(thread);
    void thread.terminate();
  }

  private start(): Worker {
    const thread = new Worker(threadModule);
    this.all.add(thread);
    thread.on("error", () => {});
    thread.once("exit", () => {
      this.all.delete(thread);
      const at = this.idle.indexOf(thread);
      if (at !== -1) {
        this.idle.splice(at, 1);
      }
    });
    return thread;
  }
}

/** What a thread is started with. */
function orderOf({ experiment, tasks, limit, backend, dtype, datasets, control }: Job): ToThread {
  const { pace, watch } = control;
  return {
    kind: "start",
    experiment,
    tasks,
    limit: limit.now,
    backend,
    dtype,
    datasets: datasets.map(sendDataset),
    pace,
    watch,
  };
}

function hook(
  thread: Worker,
  on: { message: (message: FromHost) => void; exit: (reason: string) => void },
): () => void {
  let reason = "";
  const onError = (error: Error) => {
    reason = `: ${error.message}`;
  };
  const onExit = (code: number) => on.exit(`exit ${code}${reason}`);
  thread.on("message", on.message).on("error", onError).on("exit", onExit);
  return () => void thread.off("message", on.message).off("error", onError).off("exit", onExit);
}

/**
 * Runs the tasks of one run on a shared pool, on at most `options.workers` of its threads. A task that came to its end
 * gives an event `ended`, so that a resumed run does not repeat it.
 * @throws DataError when the backend asked for is not available
 */
export function openPooledRunner(
  pool: ThreadPool,
  options: RunnerOptions,
  datasets: readonly Dataset[],
  control: RunControl = new RunControl(),
): TaskRunner {
  const { backend, dtype, workers } = options;
  // The pool replaces threads; this place in its line lives on.
  const start = () => ({
    async perform(work: Work, signal: AbortSignal) {
      const stop = () => control.stop();
      // Aborted too when nobody hears the run any longer.
      signal.addEventListener("abort", stop, { once: true });
      await pool.perform({
        ...work,
        backend,
        dtype,
        datasets,
        control,
        ended: (task, end) => {
          if (end.kind === "done" && !control.stopped) {
            work.tell(task, { kind: "ended" });
          }
          // A stack tells of this machine's folders.
          work.ended(task, end.kind === "failed" ? { kind: "failed", text: end.text } : end);
        },
      });
      signal.removeEventListener("abort", stop);
    },
  });
  return {
    kernels: selectKernels({ backend, dtype }).name,
    dtype,
    workers,
    origins: async (names) => datasets.filter(({ name }) => names.includes(name)).map(originOf),
    run: (experiment, tasks, signal) =>
      new TaskPool({ workers: Math.min(workers, pool.threads), start }).run(experiment, tasks, signal),
    async close() {
      control.stop();
    },
  };
}

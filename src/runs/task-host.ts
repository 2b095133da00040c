import { saidBy } from "../core/errors.ts";
import type { TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import { ArenaScope } from "../kernels/arena-scope.ts";
import type { Experiment, Task, TaskContext } from "./experiment.ts";
import { type TaskPace, WorkerPace } from "./pace.ts";
import type { FromHost, Order, PlanAsked, Steering } from "./protocol.ts";

export interface TaskHostOptions {
  readonly say: (message: FromHost) => void;
  readonly experimentNamed: (id: string) => Experiment;
  /** Milliseconds, from anywhere. */
  readonly now: () => number;
  /** Returns to the event loop once. */
  readonly breathe: () => Promise<void>;
  /** Milliseconds of work after which the host must return to its event loop. */
  readonly slice?: number;
}

/** What a task may use that depends on the platform. */
export type HostContext = Pick<TaskContext, "kernels" | "kernelsIn" | "dataset" | "now">;

/** @param tell says something beside what the task itself says */
type ContextOf = (signal: AbortSignal, tell: (event: TaskEvent) => void) => HostContext;

/** What goes on in a thread or Web Worker: the tasks of one order after the other, steered by messages. */
export class TaskHost {
  private readonly options: TaskHostOptions;
  private readonly pace: WorkerPace;
  private controller = new AbortController();
  private watch: Watch | null = null;
  /** What has not been posted yet: many small messages cost more than the training between them. */
  private outbox: { task: number; event: TaskEvent }[] = [];

  constructor(options: TaskHostOptions) {
    const { now, breathe, slice } = options;
    this.options = options;
    this.pace = new WorkerPace({ now, breathe, slice, onRest: () => this.post() });
  }

  /** Runs the tasks of an order to their ends, each told as it comes. Never rejects. */
  async perform({ experiment, tasks, limit }: Order, contextOf: ContextOf): Promise<void> {
    this.controller = new AbortController();
    const paces = this.pace.begin(tasks.length, limit);
    await Promise.all(tasks.map((task, i) => this.run(experiment, task, i, paces[i], contextOf)));
    this.options.say({ kind: "done" });
  }

  /** Tells the tasks of a run, or why there are none. Never throws. */
  plan({ experiment, settings, seed, data }: PlanAsked): void {
    const { say, experimentNamed } = this.options;
    try {
      say({ kind: "planned", tasks: experimentNamed(experiment).plan(settings, seed, data) });
    } catch (error) {
      say({ kind: "unplanned", text: saidBy(error) });
    }
  }

  steer(message: Steering): void {
    switch (message.kind) {
      case "stop":
        this.controller.abort();
        this.pace.stop();
        break;
      case "pace":
        this.pace.set(message.pace);
        break;
      case "step":
        this.pace.step(message.iterations);
        break;
      case "limit":
        this.pace.lead(message.limit);
        break;
      case "watch":
        this.watch = message.watch;
        break;
    }
  }

  private async run(
    experiment: string,
    task: Task,
    number: number,
    pace: TaskPace,
    contextOf: ContextOf,
  ): Promise<void> {
    const { signal } = this.controller;
    const { say, experimentNamed } = this.options;
    const tell = (event: TaskEvent) => this.outbox.push({ task: number, event });
    const scope = new ArenaScope();
    try {
      await pace.pass();
      if (!signal.aborted) {
        const { kernels, kernelsIn, ...others } = contextOf(signal, tell);
        const context: TaskContext = {
          ...others,
          kernels: scope.within(kernels),
          kernelsIn: (dtype) => scope.within(kernelsIn(dtype)),
          signal,
          pace,
          watch: () => this.watch,
        };
        for await (const event of experimentNamed(experiment).execute(task, context)) {
          tell(event);
          if (event.kind === "progress") {
            pace.total = event.total;
          }
          if (!pace.asks) {
            // It may be long until it says more.
            this.post();
          }
          if (event.kind === "points" || event.kind === "histogram" || event.kind === "check") {
            await pace.afterEvent();
          }
          if (signal.aborted) {
            break;
          }
        }
      }
      this.post();
      say({ kind: "ended", task: number });
    } catch (error) {
      this.post();
      if (signal.aborted) {
        say({ kind: "ended", task: number });
      } else {
        say({ kind: "failed", task: number, text: saidBy(error), stack: (error as Error).stack ?? "" });
      }
    } finally {
      pace.end();
      // What was told of the run has been posted, and so copied.
      scope.end();
    }
  }

  private post(): void {
    if (this.outbox.length > 0) {
      const events = this.outbox;
      this.outbox = [];
      this.options.say({ kind: "events", events });
    }
  }
}

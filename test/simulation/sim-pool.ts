import { DataError } from "../../src/core/errors.ts";
import type { TaskEvent } from "../../src/core/record.ts";
import { rest } from "../../src/core/timers.ts";
import type { RunControl } from "../../src/node/runs/control.ts";
import type { Job, ThreadPool } from "../../src/node/runs/thread-pool.ts";
import type { Task } from "../../src/runs/experiment.ts";
import type { SimProcess } from "./world.ts";

interface Wanted {
  readonly tasks: number;
  readonly events: number;
  readonly pace: number;
}

const named = (task: number) => ({ run: `task ${task}`, tags: {} });

/** What a task says that is recorded, every time it is run: so many points, and its end. */
export function taskEvents(task: number, count: number): TaskEvent[] {
  const points = Array.from({ length: count }, (_, i): TaskEvent => ({ ...pointOf(task, i) }));
  return [...points, { kind: "ended" }];
}

function pointOf(task: number, i: number): TaskEvent {
  return { kind: "points", ...named(task), metric: "loss", x: [i], y: [i / 8] };
}

/** Threads of a simulated server: tasks say what they always say, in a time of their own. */
export function simPool(
  process: SimProcess,
  { tasks, events, pace }: Wanted,
): Pick<ThreadPool, "threads" | "plan" | "perform"> {
  const { timers, chance } = process;
  return {
    threads: 2,
    async plan(_experiment, _what, control) {
      await rest(timers, pace * chance.next());
      if (control.stopped) {
        throw new DataError({ en: "run: stopped", ja: "run: 停止" });
      }
      return Array.from({ length: tasks }, (_, task): Task => named(task) as Task);
    },
    perform: (job) =>
      new Promise((resolve) => {
        const left = job.tasks.map(({ run }, i) => ({ i, task: Number((run as string).slice(5)), next: 0 }));
        const step = () => {
          const [one] = left.sort((a, b) => a.next - b.next);
          if (one === undefined || job.control.stopped) {
            for (const { i } of left) {
              job.ended(i, { kind: "done" });
            }
            resolve();
            return;
          }
          if (one.next < events) {
            job.tell(one.i, pointOf(one.task, one.next++));
            job.tell(one.i, { kind: "progress", ...named(one.task), loss: null, done: one.next, total: events });
          } else {
            left.shift();
            job.ended(one.i, { kind: "done" });
          }
          later();
        };
        const later = () => timers.after(pace * chance.next(), () => whenGoing(job.control, step));
        later();
      }),
  };
}

/** Does it now, or as soon as the run is no longer held. */
function whenGoing(control: Job["control"], action: () => void): void {
  if (!control.held) {
    action();
    return;
  }
  const silence = control.listen(() => {
    if (!(control as RunControl).held) {
      silence();
      action();
    }
  });
}

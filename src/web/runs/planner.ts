import type { Told } from "../../core/text.ts";
import type { Settings, Task } from "../../runs/experiment.ts";
import { noLoader } from "../data/remote-dataset.ts";
import { ToldError } from "../told-error.ts";

/** To the worker that plans. */
export interface ToPlanWorker {
  readonly id: number;
  readonly experiment: string;
  readonly settings: Settings;
  readonly seed: number;
}

export type FromPlanWorker =
  | { readonly id: number; readonly tasks: Task[] }
  | { readonly id: number; readonly failed: Told };

/** Plans runs in a worker of its own. */
export interface Planner {
  /** The experiment's tasks, as `Experiment.plan` gives them. @throws ToldError */
  plan(experiment: string, settings: Settings, seed: number): Promise<Task[]>;
}

export function openPlanner(): Planner {
  const waiting = new Map<number, { resolve: (tasks: Task[]) => void; reject: (error: Error) => void }>();
  let worker: Worker | null = null;
  let next = 0;

  const start = () => {
    const started = new Worker(new URL("./plan-worker.ts", import.meta.url), { type: "module", name: "tanren-plan" });
    started.onmessage = ({ data: answer }: MessageEvent<FromPlanWorker>) => {
      const asked = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ("failed" in answer) {
        asked?.reject(new ToldError(answer.failed));
      } else {
        asked?.resolve(answer.tasks);
      }
    };
    started.onerror = (event) => {
      event.preventDefault();
      started.terminate();
      worker = null;
      for (const { reject } of waiting.values()) {
        reject(new ToldError(noLoader));
      }
      waiting.clear();
    };
    return started;
  };

  return {
    plan(experiment, settings, seed) {
      return new Promise((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve, reject });
        worker ??= start();
        worker.postMessage({ id, experiment, settings, seed } satisfies ToPlanWorker);
      });
    },
  };
}

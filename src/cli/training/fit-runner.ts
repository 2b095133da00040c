import type { DataOrigin } from "../../core/data-origin.ts";
import { DivergedError } from "../../core/errors.ts";
import type { TaskEvent } from "../../core/record.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import type { Fit } from "../../model/fit.ts";
import type { TaskRunner } from "../../runs/task-runner.ts";

/** One of a run's trainings, by the name it has there. */
export interface Training {
  readonly run: string;
  events(): AsyncGenerator<TaskEvent, void, void>;
}

/** Trainings in order, each as a task of a run; one that diverges is the last. */
export function fitRunner(kernels: KernelSet, origin: DataOrigin, trainings: readonly Training[]): TaskRunner {
  return {
    kernels: kernels.name,
    dtype: kernels.dtype,
    workers: 1,
    origins: async () => [origin],
    async *run(_, __, signal) {
      for (const [task, { run, events }] of trainings.entries()) {
        if (signal.aborted) {
          return;
        }
        try {
          for await (const event of events()) {
            yield { task, event };
          }
        } catch (error) {
          if (!(error instanceof DivergedError)) {
            throw error;
          }
          // What was measured until then is a record too.
          const { step, layer, message } = error;
          yield { task, event: { kind: "note", note: { kind: "failed", run, tags: {}, step, layer, message } } };
          return;
        }
      }
    },
    close: async () => {},
  };
}

/** What a fit says, as a run is told of it. */
export async function* runEvents(fit: Fit, run: string, onEpoch: () => void): AsyncGenerator<TaskEvent, void, void> {
  for await (const event of fit) {
    if (event.kind === "step") {
      const done = event.step + 1;
      if (done === 1 || done % 20 === 0 || done === event.steps) {
        yield { kind: "progress", run, tags: {}, done, total: event.steps, loss: event.loss };
      }
    } else if (event.kind === "epoch") {
      onEpoch();
      for (const [metric, value] of Object.entries(event.metrics)) {
        yield { kind: "points", run, tags: {}, metric, x: [event.epoch], y: [Number.isFinite(value) ? value : null] };
      }
    }
  }
}

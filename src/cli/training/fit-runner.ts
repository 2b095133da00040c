import type { DataOrigin } from "../../core/data-origin.ts";
import { DivergedError } from "../../core/errors.ts";
import type { TaskEvent } from "../../core/record.ts";
import type { KernelSet } from "../../kernels/kernels.ts";
import type { TaskRunner } from "../../runs/task-runner.ts";

/** One training as the one task of a run. */
export function fitRunner(
  kernels: KernelSet,
  origin: DataOrigin,
  label: string,
  events: () => AsyncGenerator<TaskEvent, void, void>,
): TaskRunner {
  return {
    kernels: kernels.name,
    dtype: kernels.dtype,
    workers: 1,
    origins: async () => [origin],
    async *run() {
      try {
        for await (const event of events()) {
          yield { task: 0, event };
        }
      } catch (error) {
        if (!(error instanceof DivergedError)) {
          throw error;
        }
        // What was measured until then is a record too.
        const { step, layer, message } = error;
        yield {
          task: 0,
          event: { kind: "note", note: { kind: "failed", run: label, tags: {}, step, layer, message } },
        };
      }
    },
    close: async () => {},
  };
}

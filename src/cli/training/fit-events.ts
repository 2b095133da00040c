import type { TaskEvent } from "../../core/record.ts";
import type { Fit } from "../../model/fit.ts";

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

import type { RunEvent } from "../../src/core/record.ts";

/**
 * By how much the most advanced of a run's tasks ever led the least advanced, by what they told: a share of the
 * iterations.
 */
export function largestLead(events: readonly RunEvent[], tasks: number, iterations: number): number {
  const done = new Array<number>(tasks).fill(0);
  const recorded = new Array<number>(tasks).fill(0);
  let lead = 0;
  for (const { task, event } of events) {
    if (event.kind === "progress") {
      done[task] = event.done;
    } else if (event.kind === "points") {
      recorded[task] += event.metric === "loss" ? event.x.length : 0;
    }
    for (const each of [done, recorded]) {
      lead = Math.max(lead, Math.max(...each) - Math.min(...each));
    }
  }
  return lead / iterations;
}

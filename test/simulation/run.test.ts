import { holdSchedules } from "./hold-schedules.ts";
import { run } from "./kinds.ts";
import type { RunPlan } from "./run-schedule.ts";

const unknown = { kind: "trouble", trouble: { kind: "unknown" } } as const;

const found: readonly (readonly [mended: string, plan: RunPlan])[] = [
  [
    "events whose writing failed, though they were kept, are kept once",
    { seed: 308, events: 3, pace: 300, faults: [{ at: 20, ...unknown }] },
  ],
  [
    "a run whose end was kept is not said to be lost",
    { seed: 308, events: 3, pace: 300, faults: [{ at: 391, ...unknown }] },
  ],
  [
    "what the disk refuses after a long lock is told again, as without the lock",
    {
      seed: 17957762390633,
      events: 3,
      pace: 300,
      faults: [
        { at: 550, ...unknown },
        { at: 644, kind: "lock", ms: 20000 },
      ],
    },
  ],
];

holdSchedules({ name: "run", kind: run, found, count: 1000 });

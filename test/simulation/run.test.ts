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
  [
    "a run whose end was kept is not said to be lost because the store is locked for longer than it waits",
    {
      seed: 10009230,
      events: 6,
      pace: 80,
      faults: [
        { at: 254, ...unknown },
        { at: 284, kind: "lock", ms: 70000 },
      ],
    },
  ],
  [
    "a run whose end was kept by the last try of all is not said to be lost",
    {
      seed: 10099883,
      events: 12,
      pace: 300,
      faults: [
        { at: 1880, kind: "full", ms: 700 },
        { at: 2190, ...unknown },
        { at: 2368, kind: "full", ms: 700 },
        { at: 2903, kind: "freeze", ms: 84 },
      ],
    },
  ],
];

holdSchedules({ name: "run", kind: run, found, count: 1000 });

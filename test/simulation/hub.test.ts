import { holdSchedules } from "./hold-schedules.ts";
import type { HubPlan } from "./hub-plan.ts";
import { hub } from "./kinds.ts";

const page = { at: 0, begins: true };

const found: readonly (readonly [mended: string, plan: HubPlan])[] = [
  [
    "a page that asks while a run is about to be gone on with is not told that it has ended",
    {
      ...{ seed: 29, tasks: 1, events: 4, pace: 400, pages: [page] },
      faults: [
        { at: 537, kind: "pause", who: 0, ms: 2000 },
        { at: 3304, kind: "kill", ms: 700 },
        { at: 3774, kind: "lock", ms: 20_000 },
      ],
    },
  ],
  [
    "a page whose connection was dead is told how a run stands, not that it was once found dead",
    {
      ...{ seed: 52, tasks: 1, events: 5, pace: 400 },
      pages: [page, ...[501, 3957, 4355].map((at) => ({ at, begins: false }))],
      faults: [
        { at: 30, kind: "leave", ms: 700 },
        { at: 175, kind: "lock", ms: 20_000 },
        { at: 1354, kind: "cut" },
      ],
    },
  ],
  [
    "a run is gone on with once a disk that was full when the server began takes something again",
    {
      ...{ seed: 96, tasks: 1, events: 1, pace: 100, pages: [page] },
      faults: [
        { at: 51, kind: "leave", ms: 700 },
        { at: 398, kind: "full", ms: 700 },
      ],
    },
  ],
  [
    "a run whose beginning was kept without being heard of is carried out",
    {
      ...{ seed: 170, tasks: 1, events: 1, pace: 100, pages: [page, { at: 698, begins: true }] },
      faults: [{ at: 676, kind: "trouble", trouble: { kind: "unknown" } }],
    },
  ],
  [
    "the end of a run that is stopped while the disk is full is kept once there is room",
    {
      ...{ seed: 2157, tasks: 1, events: 6, pace: 100, pages: [page, { at: 1254, begins: true }] },
      faults: [
        { at: 1779, kind: "full", ms: 700 },
        { at: 2114, kind: "stop", who: 1 },
      ],
    },
  ],
];

holdSchedules({ name: "hub", kind: hub, found, count: 100 });

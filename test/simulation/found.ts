import type { Plan } from "./plan.ts";

const plain = {
  objective: { steps: 1, checkpointEvery: 0, pace: 60, prunes: false },
  sampler: "random",
  declared: false,
  leaseMs: 600,
  maxAttempts: 5,
  sees: false,
} as const;

/** Schedules that once failed, as small as they came, and what was mended. Seeds alone would mean others one day. */
export const found: readonly (readonly [mended: string, plan: Plan])[] = [
  [
    "a second attempt draws what the first had not drawn yet as the first would have",
    {
      ...plain,
      seed: 20,
      trials: 1,
      objective: { steps: 1, checkpointEvery: 0, pace: 20, prunes: false },
      processes: [
        { kind: "search", threads: 0, at: 0 },
        { kind: "search", threads: 1, at: 252 },
      ],
      faults: [{ at: 272, kind: "thread", who: 1 }],
    },
  ],
  [
    "a clock set forward by less than a lease takes no trial from a worker that has just prolonged it",
    {
      ...plain,
      seed: 599,
      trials: 2,
      objective: { steps: 1, checkpointEvery: 0, pace: 200, prunes: true },
      declared: true,
      maxAttempts: 2,
      sees: true,
      processes: [{ kind: "search", threads: 1, at: 0 }],
      faults: [
        { at: 111, kind: "freeze", who: 0, ms: 1791 },
        { at: 146, kind: "full", ms: 4000 },
        { at: 1579, kind: "skew", who: 0, by: 498 },
      ],
    },
  ],
  [
    "TPE draws for each trial by what that trial saw, whichever others begin meanwhile",
    {
      ...plain,
      seed: 1204,
      trials: 4,
      objective: { steps: 1, checkpointEvery: 1, pace: 60, prunes: false },
      sampler: "tpe",
      maxAttempts: 2,
      processes: [
        { kind: "search", threads: 2, at: 0 },
        { kind: "worker", threads: 1, at: 161 },
      ],
      faults: [],
    },
  ],
  [
    "after a report that could not be written, no checkpoint says that it is kept",
    {
      ...plain,
      seed: 2555,
      trials: 1,
      objective: { steps: 2, checkpointEvery: 1, pace: 200, prunes: false },
      processes: [{ kind: "search", threads: 2, at: 0 }],
      faults: [{ at: 49, kind: "lock", ms: 4000 }],
    },
  ],
  [
    "a search that only watches ends when its store is deleted",
    {
      ...plain,
      seed: 2670,
      trials: 2,
      processes: [{ kind: "search", threads: 0, at: 0 }],
      faults: [{ at: 24, kind: "replace" }],
    },
  ],
  [
    "a trial that is taken back by a claim counts its lost attempts by the search's own limit",
    {
      ...plain,
      seed: 12,
      trials: 1,
      maxAttempts: 1,
      processes: [{ kind: "search", threads: 1, at: 0 }],
      faults: [{ at: 40, kind: "kill", who: 0, backMs: null }],
    },
  ],
  [
    "a trial that another has drawn, while a claim of it could not be committed, goes on as that one drew it",
    {
      ...plain,
      seed: 2116,
      trials: 2,
      sampler: "tpe",
      objective: { steps: 2, checkpointEvery: 1, pace: 60, prunes: false },
      processes: [
        { kind: "search", threads: 1, at: 0 },
        { kind: "search", threads: 1, at: 97 },
      ],
      faults: [
        { at: 1920, kind: "kill", who: 0, backMs: null, on: { what: "claim", nth: 2 } },
        { at: 1920, kind: "full", ms: 300, on: { what: "draw", nth: 4 } },
      ],
    },
  ],
  [
    "the lease of a claim that was not heard of begins when it is",
    {
      seed: 3088686,
      trials: 2,
      objective: { steps: 1, checkpointEvery: 1, pace: 200, prunes: false },
      sampler: "random",
      declared: true,
      leaseMs: 600,
      maxAttempts: 2,
      sees: false,
      processes: [
        { kind: "search", threads: 2, at: 0 },
        { kind: "worker", threads: 2, at: 291 },
        { kind: "worker", threads: 1, at: 752 },
      ],
      faults: [
        { at: 119, kind: "trouble", who: 2, trouble: { kind: "unknown" }, on: { what: "draw", nth: 1 } },
        { on: { what: "claim", nth: 1 }, at: 6400, who: 0, kind: "freeze", ms: 600 },
      ],
      calmMs: 0,
    },
  ],
  [
    "what the objective of an attempt left is not kept as that of the next, which the same process runs by now",
    {
      ...plain,
      seed: 31252162,
      trials: 2,
      objective: { steps: 3, checkpointEvery: 1, pace: 200, prunes: true },
      declared: true,
      processes: [
        { kind: "search", threads: 1, at: 0 },
        { kind: "search", threads: 2, at: 78 },
      ],
      faults: [
        { at: 500, kind: "freeze", who: 1, ms: 608 },
        { at: 728, kind: "kill", who: 0, backMs: null },
        { at: 1142, kind: "full", ms: 4000 },
      ],
      calmMs: 700,
    },
  ],
  [
    "a lease is as old as its claim, not as the moment when its worker, asleep meanwhile, hears of it",
    {
      ...plain,
      seed: 30317809,
      trials: 1,
      objective: { steps: 1, checkpointEvery: 2, pace: 60, prunes: false },
      declared: true,
      sees: true,
      processes: [{ kind: "search", threads: 2, at: 0 }],
      faults: [
        { at: 20, kind: "clock", by: -602 },
        { at: 46, kind: "trouble", who: 0, trouble: { kind: "fails", at: 1, how: "disk" } },
        { on: { what: "claim", nth: 1 }, at: 1440, who: 0, kind: "freeze", ms: 600 },
      ],
      calmMs: 0,
    },
  ],
];

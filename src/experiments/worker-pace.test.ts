import { beforeEach, expect, test } from "vitest";
import { WorkerPace } from "./worker-pace.ts";

let now = 0;
let breaths = 0;
const make = (slice = 10) =>
  new WorkerPace({
    now: () => now,
    breathe: async () => {
      breaths++;
    },
    slice,
  });

beforeEach(() => {
  now = 0;
  breaths = 0;
});

/** Runs iterations of 1 ms until all are made or the pace holds them; gives how many were made. */
async function iterate(pace: WorkerPace, count: number): Promise<number> {
  for (let made = 0; made < count; made++) {
    now++;
    if (!pace.open) {
      const held = new Promise<boolean>((resolve) => setTimeout(resolve, 2, true));
      if (await Promise.race([pace.pass().then(() => false), held])) {
        return made;
      }
    }
  }
  return count;
}

test("at full speed the worker returns to its event loop once a slice, not once an iteration", async () => {
  const pace = make();
  await pace.begin();
  breaths = 0;
  expect(await iterate(pace, 100)).toBe(100);
  expect(breaths).toBe(10);
});

test("a held task makes as many iterations as are stepped, and no more", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  pace.step(100);
  const beginning = pace.begin();
  // What was stepped before a task does not count for it.
  pace.step(4);
  await beginning;
  expect(await iterate(pace, 100)).toBe(3);
  pace.step(2);
  expect(await iterate(pace, 100)).toBe(2);
});

test("resuming forgets the steps that were left", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  pace.step(1000);
  pace.set({ held: false, speed: null });
  pace.set({ held: true, speed: null });
  await Promise.race([pace.begin(), new Promise((resolve) => setTimeout(resolve, 5))]);
  expect(pace.open).toBe(false);
});

test("a task that is being cancelled is never held back", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  const beginning = pace.begin();
  pace.stop();
  await beginning;
  expect(await iterate(pace, 50)).toBe(50);
});

test("limited speed grants one iteration a period, without a burst after a delay", async () => {
  const pace = make(1e9);
  pace.set({ held: false, speed: 100 });
  await pace.begin();
  const granted: number[] = [];
  for (now = 0; now <= 50; now++) {
    if (pace.open) {
      granted.push(now);
    }
  }
  expect(granted).toEqual([10, 20, 30, 40, 50]);
  now = 1000;
  const burst = Array.from({ length: 20 }, () => pace.open).filter(Boolean);
  expect(burst).toHaveLength(2);
});

test("a task that never asks between iterations is held by its events", async () => {
  const pace = make();
  await pace.begin();
  pace.set({ held: true, speed: null });
  let passed = false;
  const passing = pace.afterEvent().then(() => {
    passed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(passed).toBe(false);
  pace.step(1);
  await passing;
});

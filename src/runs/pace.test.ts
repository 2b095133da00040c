import { beforeEach, expect, test } from "vitest";
import { type TaskPace, WorkerPace } from "./pace.ts";

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

/** One task whose first iteration may begin, if it may. */
async function begin(worker: WorkerPace): Promise<TaskPace> {
  const [task] = worker.begin(1, Number.POSITIVE_INFINITY);
  await Promise.race([task.pass(), new Promise((resolve) => setTimeout(resolve, 2))]);
  return task;
}

/** Runs iterations of 1 ms until all are made or the pace holds them; gives how many were made. */
async function iterate(pace: TaskPace, count: number): Promise<number> {
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

/** Makes `total` iterations of 1 ms; tells of each turn how many it made. */
async function work(pace: TaskPace, name: string, total: number, turns: string[]): Promise<void> {
  await pace.pass();
  pace.total = total;
  let made = 0;
  for (let done = 1; done <= total; done++) {
    now++;
    made++;
    if (!pace.open && done < total) {
      turns.push(`${name}${made}`);
      made = 0;
      await pace.pass();
    }
  }
  pace.end();
}

test("at full speed the worker returns to its event loop once a slice, not once an iteration", async () => {
  const task = await begin(make());
  breaths = 0;
  expect(await iterate(task, 100)).toBe(100);
  expect(breaths).toBe(10);
});

test("who leaves the slice out, or passes on that nobody named one, gets slices of 12 ms", async () => {
  const task = await begin(new WorkerPace({ now: () => now, breathe: async () => void breaths++, slice: undefined }));
  breaths = 0;
  expect(await iterate(task, 120)).toBe(120);
  expect(breaths).toBe(10);
});

test("a held task makes as many iterations as are stepped, and no more", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  // What was stepped before a task does not count for it.
  pace.step(100);
  const [task] = pace.begin(1, Number.POSITIVE_INFINITY);
  const turns: string[] = [];
  void work(task, "a", 100, turns);
  const rest = () => new Promise((resolve) => setTimeout(resolve, 2));
  await rest();
  expect(turns).toEqual([]);
  pace.step(4);
  await rest();
  expect(turns).toEqual(["a4"]);
  pace.step(2);
  await rest();
  expect(turns).toEqual(["a4", "a2"]);
});

test("resuming forgets the steps that were left", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  const task = await begin(pace);
  pace.step(1000);
  pace.set({ held: false, speed: null });
  pace.set({ held: true, speed: null });
  expect(task.open).toBe(false);
});

test("a task that is being cancelled is never held back, not even by those it is in step with", async () => {
  const pace = make();
  pace.set({ held: true, speed: null });
  const [task] = pace.begin(1, 0);
  task.total = 50;
  const beginning = task.pass();
  pace.stop();
  await beginning;
  expect(await iterate(task, 50)).toBe(50);
});

test("limited speed grants one iteration a period, without a burst after a delay", async () => {
  const pace = make(1e9);
  pace.set({ held: false, speed: 100 });
  const task = await begin(pace);
  const granted: number[] = [];
  for (now = 0; now <= 50; now++) {
    if (task.open) {
      granted.push(now);
    }
  }
  expect(granted).toEqual([10, 20, 30, 40, 50]);
  now = 1000;
  const burst = Array.from({ length: 20 }, () => task.open).filter(Boolean);
  expect(burst).toHaveLength(2);
});

test("a task that never asks between iterations is held by its events", async () => {
  const pace = make();
  const task = await begin(pace);
  pace.set({ held: true, speed: null });
  let passed = false;
  const passing = task.afterEvent().then(() => {
    passed = true;
  });
  await new Promise((resolve) => setTimeout(resolve, 2));
  expect(passed).toBe(false);
  pace.step(1);
  await passing;
});

test("tasks of one worker take turns of a hundredth of their iterations, and none is left behind", async () => {
  const pace = make(1000);
  const tasks = pace.begin(3, Number.POSITIVE_INFINITY);
  const turns: string[] = [];
  await Promise.all(tasks.map((task, i) => work(task, "abc"[i], 300, turns)));
  expect(turns.slice(0, 6)).toEqual(["a3", "b3", "c3", "a3", "b3", "c3"]);
  expect(turns).toHaveLength(3 * 99);
});

test("a turn of many iterations ends after a time, too", async () => {
  const pace = make(50);
  const tasks = pace.begin(2, Number.POSITIVE_INFINITY);
  const turns: string[] = [];
  await Promise.all(tasks.map((task, i) => work(task, "ab"[i], 10_000, turns)));
  // A hundredth are 100 iterations of 1 ms: two slices of 50, then the other's turn.
  expect(turns.slice(0, 4)).toEqual(["a50", "a50", "b50", "b50"]);
  const long = make(50);
  const slow = long.begin(2, Number.POSITIVE_INFINITY);
  const slowTurns: string[] = [];
  await Promise.all(slow.map((task, i) => work(task, "ab"[i], 100_000, slowTurns)));
  expect(slowTurns.slice(0, 8)).toEqual([...Array(4).fill("a50"), ...Array(4).fill("b50")]);
});

test("tasks in step with others wait at the limit until it grows", async () => {
  const pace = make(1000);
  const [task] = pace.begin(1, 0.1);
  const turns: string[] = [];
  let ended = false;
  const working = work(task, "a", 100, turns).then(() => {
    ended = true;
  });
  const rest = () => new Promise((resolve) => setTimeout(resolve, 2));
  await rest();
  expect(task.done).toBe(10);
  pace.lead(0.25);
  await rest();
  expect(task.done).toBe(25);
  // A share that 100 times is a little less than 29.
  pace.lead(0.29);
  await rest();
  expect(task.done).toBe(29);
  expect(ended).toBe(false);
  pace.lead(Number.POSITIVE_INFINITY);
  await working;
});

test("when the task at work ends, another has its turn at once", async () => {
  const pace = make(1000);
  const tasks = pace.begin(2, Number.POSITIVE_INFINITY);
  const turns: string[] = [];
  await Promise.all([work(tasks[0], "a", 10, turns), work(tasks[1], "b", 1000, turns)]);
  expect(turns.slice(-3)).toEqual(["b10", "b10", "b10"]);
});

test("a worker whose run was stopped holds the next one again", async () => {
  const pace = make();
  const stopped = await begin(pace);
  pace.set({ held: true, speed: null });
  pace.stop();
  expect(await iterate(stopped, 20)).toBe(20);
  stopped.end();
  const next = await begin(pace);
  expect(await iterate(next, 20)).toBe(0);
});

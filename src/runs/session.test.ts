import { expect, test } from "vitest";
import type { RunEvent } from "../core/record.ts";
import { openMemoryStore } from "../store/runs/memory.ts";
import type { Task } from "./experiment.ts";
import { OtherDataError, type RecordingOptions, recordRun, runInfo } from "./session.ts";
import type { TaskRunner } from "./task-runner.ts";

const tasks: readonly Task[] = ["a", "b"].map((run): Task => ({ run, tags: {} }));
const points = (task: number, x: number[]): RunEvent => ({
  task,
  event: { kind: "points", run: tasks[task].run, tags: {}, metric: "loss", x, y: x.map((at) => 1 / (1 + at)) },
});
const ended = (task: number): RunEvent => ({ task, event: { kind: "ended" } });

/** A runner that says these events, and takes two seconds for each. */
function runnerOf(events: readonly RunEvent[], clock: { now: number }, during?: () => void): TaskRunner {
  return {
    ...{ kernels: "reference", dtype: "float64", workers: 1 },
    origins: async () => [],
    async *run() {
      for (const event of events) {
        clock.now += 2000;
        yield event;
        during?.();
      }
    },
    close: async () => {},
  };
}

async function record(events: readonly RunEvent[], more: Partial<RecordingOptions> = {}, during?: () => void) {
  const clock = { now: 0 };
  const now = () => clock.now;
  const runner = runnerOf(events, clock, during);
  const what = { experiment: { id: "mine" }, preset: "book", settings: {}, seed: 0 } as never;
  const info = runInfo(what, runner, 0);
  const store = openMemoryStore({ now, random: () => 0.5 });
  const heard: RunEvent[] = [];
  const finished = await recordRun({
    ...{ info, tasks, data: [], runner, now, signal: new AbortController().signal },
    writer: () => store.begin(info),
    observer: () => ({ update: (event) => void heard.push(event), finish: () => {} }),
    ...more,
  });
  return { ...finished, heard, kept: store.get(finished.id as string) };
}

test("a run is done when its tasks are, and failed when one of them failed; the store says the same", async () => {
  const note: RunEvent = {
    task: 1,
    event: { kind: "note", note: { kind: "failed", run: "b", tags: {}, message: "no" } },
  };
  const whole = await record([points(0, [0, 1]), ended(0)]);
  expect([whole.status, whole.kept.status, whole.record.series[0].x]).toEqual(["done", "done", [0, 1]]);
  const broken = await record([points(0, [0, 1]), note]);
  expect([broken.status, broken.kept.status]).toEqual(["failed", "failed"]);
});

test("a run that is stopped says so, unless its end is left to another process", async () => {
  const stop = new AbortController();
  const stopped = await record([points(0, [0])], { signal: stop.signal }, () => stop.abort());
  expect([stopped.status, stopped.kept.status]).toEqual(["interrupted", "interrupted"]);
  expect(stopped.record.events.map(({ kind }) => kind)).toEqual(["interrupted"]);
  const left = await record([points(0, [0])], { signal: stop.signal, leave: () => true });
  expect([left.kept.status, left.record.events]).toEqual(["running", []]);
});

test("a run that goes on hands over only what is new, does not repeat what ended, and counts all its seconds", async () => {
  const asked: (readonly Task[])[] = [];
  const before = { events: [points(0, [0]), ended(0), points(1, [0, 1])], seconds: { total: 10, train: 7 } };
  const clock = { now: 0 };
  const runner = runnerOf([{ ...points(1, [0, 1, 2]), task: 0 }], clock);
  const { record: run, heard } = await record([], {
    before,
    now: () => clock.now,
    runner: {
      ...runner,
      run(id, some, signal) {
        asked.push(some);
        return runner.run(id, some, signal);
      },
    },
  });
  expect(asked).toEqual([[tasks[1]]]);
  expect(heard).toEqual([points(1, [2])]);
  expect(run.series.map(({ x }) => x)).toEqual([[0], [0, 1, 2]]);
  expect(run.seconds).toEqual({ total: 12, train: 9 });
});

test("a run is not gone on with on other data", async () => {
  const data = { name: "mnist", fingerprint: "one", trainRows: 1, testRows: 1, classes: 2 };
  const before = {
    events: [{ task: 0, event: { kind: "data", data: [data] } } satisfies RunEvent],
    seconds: { total: 1, train: 1 },
  };
  await expect(record([], { before, data: [{ ...data, fingerprint: "other" }] })).rejects.toThrow(OtherDataError);
});

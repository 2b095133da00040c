import { expect, test } from "vitest";
import type { RunEvent } from "../../core/record.ts";
import { GrowingRecord } from "./growing-record.ts";

const progress = (task: number, done: number) =>
  ({ task, event: { kind: "progress", run: "a", tags: {}, done, total: 10, loss: null } }) as const;
const points = (x: number): RunEvent => ({
  task: 0,
  event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [x], y: [x] },
});

test("a run's share is that of all its tasks, those among them that have not begun", () => {
  const growing = new GrowingRecord({ info: {} as never, tasks: 4 }, { index: 1, count: 3 });
  growing.add(progress(0, 10));
  growing.add(progress(1, 5));
  expect(growing.now.progress).toMatchObject({ done: 1 + 1.5 / 4, total: 3 });
  expect(growing.now.clock.map(([iteration]) => iteration)).toEqual([10]);
});

test("a look stays what it was while the record grows", () => {
  const growing = new GrowingRecord({ info: {} as never, tasks: 1 }, { index: 0, count: 1 });
  growing.add(points(0));
  const [series] = growing.now.record.series;
  growing.add(points(1));
  expect([series.x, series.y]).toEqual([[0], [0]]);
  expect(growing.now.record.series[0].x).toEqual([0, 1]);
});

test("a run that is come to late has taken the time before, evenly", () => {
  const growing = new GrowingRecord({ info: {} as never, tasks: 1 }, { index: 0, count: 1 }, 60);
  growing.add(progress(0, 1));
  growing.add(progress(0, 5));
  const { record, progress: told, clock } = growing.now;
  for (const seconds of [record.seconds.total, told.seconds, clock[0][1]]) {
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(90);
  }
  expect(clock.map(([iteration]) => iteration)).toEqual([5]);
});

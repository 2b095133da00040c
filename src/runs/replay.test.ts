import { expect, test } from "vitest";
import type { RunEvent } from "../core/record.ts";
import { Replay } from "./replay.ts";

const noted = (task: number, kind: "failed" | "interrupted"): RunEvent => ({
  task,
  event: { kind: "note", note: { kind, run: "a", tags: {}, message: "no" } },
});

test("a task that failed is not run again, one that was interrupted is", () => {
  const replay = new Replay([noted(0, "failed"), noted(1, "interrupted"), { task: 2, event: { kind: "ended" } }]);
  expect([0, 1, 2, 3].map((task) => replay.ended(task))).toEqual([true, false, true, false]);
});

test("the same numbers at other places are others", () => {
  const points = (x: number[], y: number[]): RunEvent => ({
    task: 0,
    event: { kind: "points", run: "a", tags: {}, metric: "loss", x, y },
  });
  const replay = new Replay([points([0, 1], [5, 6])]);
  expect(() => replay.rest(points([0, 2], [5, 6]))).toThrow(/must give the same numbers again.*loss at 2/);
});

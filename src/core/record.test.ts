import { expect, test } from "vitest";
import { Recorder } from "./record.ts";

test("a record has the order of the plan, whichever task speaks first", () => {
  const recorder = new Recorder();
  for (const task of [2, 0, 1]) {
    recorder.add({ task, event: { kind: "note", note: { kind: "interrupted", run: `run ${task}`, tags: {} } } });
  }
  expect(recorder.recorded().events.map(({ run }) => run)).toEqual(["run 0", "run 1", "run 2"]);
});

import { expect, test } from "vitest";
import type { Intermediate } from "../core/trial.ts";
import { StaleAttemptError } from "../store/studies/study-store.ts";
import type { StudyLog } from "./memory-study-log.ts";
import { none } from "./pruners/none.ts";
import { Trial, type TrialBacking } from "./trial.ts";
import { TrialRun } from "./trial-run.ts";
import { TrialWriter } from "./trial-writer.ts";

const lease = { study: 1, number: 0, attempt: 1 };

test("the first report of a step counts, in a trial and in one that goes on", () => {
  const heard: Intermediate[] = [];
  const run = new TrialRun({
    study: { name: "s", direction: "minimize", seed: 0 },
    ...{ number: 0, attempt: 2, signal: new AbortController().signal, others: () => [] },
    sampler: { suggest: () => 0 },
    pruner: none.open(),
    intermediate: [{ step: 0, value: 5 }],
    onReport: (entry) => heard.push(entry),
  });
  run.report({ step: 0, value: 7 });
  run.report({ step: 2, value: 3 });
  run.report({ step: 1, value: 4 });
  expect(heard.map(({ step }) => step)).toEqual([2, 1]);
  expect(run.live().intermediate.map(({ value }) => value)).toEqual([5, 4, 3]);

  const said: Intermediate[] = [];
  const trial = new Trial({ report: (entry: Intermediate) => said.push(entry) } as unknown as TrialBacking);
  trial.report(1, 0);
  trial.report(2, 0);
  expect(said).toEqual([{ step: 0, value: 1 }]);
});

/** A log that writes down what is asked of it. */
function logOf(refuse: (verb: string) => Error | undefined = () => undefined) {
  const asked: string[] = [];
  const verb = (name: string) => async () => {
    asked.push(name);
    const error = refuse(name);
    if (error !== undefined) {
      throw error;
    }
  };
  const names = ["suggest", "report", "checkpoint", "finish", "release"];
  const log = Object.fromEntries(names.map((name) => [name, verb(name)])) as unknown as StudyLog;
  return { log, asked };
}

test("a checkpoint is kept once all is that it says has been reported", async () => {
  const { log, asked } = logOf();
  const writer = new TrialWriter(log, lease, async () => {});
  writer.checkpointed(new Uint8Array(1));
  writer.reported({ step: 0, value: 1 });
  writer.noted("a", 1);
  await writer.flushed();
  await writer.finish({ state: "complete", value: 1 });
  expect(asked).toEqual(["suggest", "report", "checkpoint", "finish"]);
});

test("after a write that failed nothing is written any more, and whoever waits is told", async () => {
  const { log, asked } = logOf((verb) =>
    verb === "report" ? new StaleAttemptError(lease, { en: "gone", ja: "ありません" }) : undefined,
  );
  const writer = new TrialWriter(log, lease, async () => {});
  writer.reported({ step: 0, value: 1 });
  await expect(writer.flushed()).rejects.toThrow(StaleAttemptError);
  writer.checkpointed(new Uint8Array(1));
  await expect(writer.finish({ state: "complete", value: 1 })).rejects.toThrow(StaleAttemptError);
  expect(asked).toEqual(["report"]);
});

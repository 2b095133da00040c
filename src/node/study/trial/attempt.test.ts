import { expect, test } from "vitest";
import { ownTimers } from "../../../core/timers.ts";
import { openStudy } from "../../../search/study.ts";
import type { TrialRunner } from "../host.ts";
import { runAttempt } from "./attempt.ts";
import type { ThreadEnd } from "./thread.ts";

/** A thread whose objective ends by itself at once, where nobody has ended it before. */
function quick(): TrialRunner {
  let end: ThreadEnd = { kind: "value", result: 1 };
  return {
    alive: true,
    ready: async () => ({}),
    run: async () => end,
    abort() {},
    async terminate(reason) {
      end = { kind: "died", reason };
    },
  };
}

const never = new AbortController().signal;
const gone = AbortSignal.abort(new Error("another has it"));

test.each([
  ["a stop", { signal: gone, revoked: never }, "returned"],
  ["the loss of its lease", { signal: never, revoked: gone }, "throws"],
] as const)("%s that came while a trial waited for its thread ends it", async (_, signals, how) => {
  const study = await openStudy({ sampler: { name: "random" } });
  const trial = await study.ask();
  const end = runAttempt(study, trial, quick(), { timers: ownTimers, ...signals, onReport() {} });
  if (how === "throws") {
    await expect(end).rejects.toThrow("another has it");
  } else {
    expect(await end).toMatchObject({ kind: how });
  }
  expect(study.leases).toEqual([]);
});

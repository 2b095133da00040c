import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type InterleavedPlan,
  interleavedPlanOf,
  playInterleaved,
  serversChoice,
  smallerInterleavedPlans,
} from "./interleaved.ts";
import { openSessions } from "./open-sessions.ts";
import { shrink } from "./shrink.ts";

let opened: Awaited<ReturnType<typeof openSessions>>;
beforeAll(async () => {
  opened = await openSessions();
});
afterAll(() => opened.close());

test("workers whose statements PostgreSQL interleaves lose nothing and wait for nobody for ever, whatever the order", async () => {
  const count = 1000;
  const from = Math.floor(Date.now() / 1000) * 10_000;
  process.stdout.write(`interleaved studies: seeds ${from} to ${from + count - 1}\n`);
  const violation = async (plan: ReturnType<typeof interleavedPlanOf>) =>
    (await playInterleaved(opened.place, plan)).violation;
  for (let seed = from; seed < from + count; seed++) {
    const plan = interleavedPlanOf(seed);
    const found = await violation(plan);
    if (found !== null) {
      const least = await shrink(plan, smallerInterleavedPlans, async (smaller) => (await violation(smaller)) !== null);
      expect.fail(`npm run simulate -- --kind postgres --seed ${seed}: ${found}\nleast: ${JSON.stringify(least)}`);
    }
  }
});

/** Its third fault kills the only worker that is left: the one that finishes the study comes after it. */
const lastOneKilled: InterleavedPlan = {
  ...{ seed: 17957694670135, trials: 3, steps: 1, checkpointEvery: 1, maxAttempts: 2, workers: 2 },
  faults: [
    { after: 9, who: 1, kind: "kill", back: true },
    { after: 10, who: 0, kind: "kill", back: false },
    { after: 70, who: 1, kind: "kill", back: false },
  ],
};

/** Between the two reads of one look another process takes the trial as its second attempt, and reports. */
const replacedInALook: InterleavedPlan = {
  ...{ seed: 17958852230817, trials: 1, steps: 1, checkpointEvery: 0, maxAttempts: 5, workers: 3 },
  faults: [
    { after: 15, who: 1, kind: "trouble", trouble: "unknown" },
    { after: 33, who: 0, kind: "sleep", statements: 50, ms: 1800 },
    { after: 66, who: 2, kind: "kill", back: true },
  ],
};

test.each([
  ["a study whose last worker is killed is finished by the next one", lastOneKilled],
  ["a look that meets two attempts of a trial takes the reports of neither for the other's", replacedInALook],
])("%s", async (_, plan) => {
  expect((await playInterleaved(opened.place, plan)).violation).toBeNull();
});

test("a schedule that ends anywhere leaves every connection free for the next one", async () => {
  for (let steps = 0; steps <= 80; steps++) {
    await playInterleaved(opened.place, lastOneKilled, { steps });
  }
  expect((await playInterleaved(opened.place, lastOneKilled)).violation).toBeNull();
});

test("an interleaving played twice is the same, statement by statement, up to where several wait for one", async () => {
  let compared = 0;
  let whole = 0;
  for (let seed = 0; seed < 40; seed++) {
    const lines: string[][] = [[], []];
    for (const told of lines) {
      await playInterleaved(opened.place, interleavedPlanOf(seed), { trace: (line) => told.push(line) });
    }
    const [first, again] = lines.map((told) => {
      const end = told.findIndex((line) => line.endsWith(serversChoice));
      whole += Number(end < 0);
      return told.slice(0, end < 0 ? undefined : end + 1);
    });
    expect(again).toEqual(first);
    compared += first.length;
  }
  process.stdout.write(`compared ${compared} lines; ${whole / 2} of 40 schedules whole\n`);
  expect(compared).toBeGreaterThan(1000);
});

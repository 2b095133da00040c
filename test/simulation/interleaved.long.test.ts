import { afterAll, beforeAll, expect, test } from "vitest";
import { interleavedPlanOf, playInterleaved, smallerInterleavedPlans } from "./interleaved.ts";
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
}, 7_200_000);

test("an interleaving played twice is the same, statement by statement", async () => {
  for (let seed = 0; seed < 20; seed++) {
    const lines: string[][] = [[], []];
    for (const told of lines) {
      await playInterleaved(opened.place, interleavedPlanOf(seed), { trace: (line) => told.push(line) });
    }
    expect(lines[1]).toEqual(lines[0]);
  }
});

import { afterAll, beforeAll, expect, test } from "vitest";
import { found } from "./found.ts";
import { type Plan, planOf, smallerPlans } from "./plan.ts";
import { playStudy } from "./schedule.ts";
import { SharedFile } from "./shared-file.ts";
import { shrink } from "./shrink.ts";

let file: SharedFile;
beforeAll(async () => {
  file = await SharedFile.prepared();
});
afterAll(() => {
  for (const { base } of file.disks) {
    base.close();
  }
});

/** What a plan violates, with the least plan that still does. */
async function violation(plan: Plan): Promise<string | null> {
  const { violation } = await playStudy(file, plan);
  if (violation === null) {
    return null;
  }
  const fails = async (smaller: Plan) => (await playStudy(file, smaller)).violation !== null;
  const least = await shrink(plan, smallerPlans, fails);
  return `npm run simulate -- --seed ${plan.seed}: ${violation}\nleast: ${JSON.stringify(least)}`;
}

test.for(found)("%s", async ([, plan]) => {
  expect(await violation(plan)).toBeNull();
});

test("new schedules hold, whatever their seeds", async () => {
  const count = 2000;
  const from = Math.floor(Date.now() / 1000) * 10_000;
  process.stdout.write(`simulated studies: seeds ${from} to ${from + count - 1}\n`);
  for (let seed = from; seed < from + count; seed++) {
    expect(await violation(planOf(seed))).toBeNull();
  }
});

test("a schedule played twice is the same, event by event", async () => {
  for (let seed = 0; seed < 30; seed++) {
    const lines: string[][] = [[], []];
    const prints = [];
    for (const told of lines) {
      prints.push(await playStudy(file, planOf(seed), { trace: (line) => told.push(line) }));
    }
    expect(lines[1]).toEqual(lines[0]);
    expect(prints[1]).toEqual(prints[0]);
  }
});

import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { temporaryFolder } from "../support/cli.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { anyStudy, bestByHand, checkOutputs, kept } from "./any-number.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function open(where: string) {
  const store = await openStudyStore(where);
  onTestFinished(() => store.close());
  return store;
}

test("whatever numbers an objective returns, memory and SQLite keep the same, rank the same and every output is made", async () => {
  const folder = temporaryFolder();
  let files = 0;
  await fc.assert(
    fc.asyncProperty(anyStudy, async (one) => {
      const here = await kept(one, undefined);
      const store = await openStudyStore(join(folder, `${files++}.sqlite`));
      expect(await kept(one, store)).toEqual(here);
      const [summary] = await store.studies();
      await store.close();
      checkOutputs(here, one.direction);
      expect(summary.best?.number).toBe(bestByHand(here, one.direction)?.number);
    }),
    { numRuns: 8, endOnFailure: true },
  );
});

test("and PostgreSQL keeps them too", async () => {
  let databases = 0;
  await fc.assert(
    fc.asyncProperty(anyStudy, async (one) => {
      const store = await open(await postgres.database(`any_${databases++}`));
      const there = await kept(one, store);
      expect(there).toEqual(await kept(one, undefined));
      expect((await store.studies())[0].best?.number).toBe(bestByHand(there, one.direction)?.number);
    }),
    { numRuns: 2, endOnFailure: true },
  );
});

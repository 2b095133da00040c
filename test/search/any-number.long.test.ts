import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { temporaryFolder } from "../support/cli.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { anyStudy, bestByHand, checkOutputs, kept } from "./any-number.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test("300 studies of any numbers: memory, SQLite and PostgreSQL keep and rank the same, every output is made", async () => {
  const folder = temporaryFolder();
  let count = 0;
  await fc.assert(
    fc.asyncProperty(anyStudy, async (one) => {
      count++;
      const here = await kept(one, undefined);
      const places = [join(folder, `${count}.sqlite`)];
      if (count % 4 === 0) {
        places.push(await postgres.database(`any_${count}`));
      }
      for (const place of places) {
        const store = await openStudyStore(place);
        expect(await kept(one, store)).toEqual(here);
        expect((await store.studies())[0].best?.number).toBe(bestByHand(here, one.direction)?.number);
        await store.close();
      }
      checkOutputs(here, one.direction);
    }),
    { numRuns: 300, endOnFailure: true },
  );
});

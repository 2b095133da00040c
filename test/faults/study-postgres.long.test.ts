import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { startProxy } from "../support/tcp-proxy.ts";
import { expectWhole, freezeUntilLost, lostAttempts, makeStudy } from "./study-harness.ts";
import { Processes } from "./study-processes.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const trials = 300;
const name = "faults";
const patience = 90_000;
/** Long enough that whatever happens to a study happens in its middle. */
const trialMs = "120";

/** A study on a coordinator and two workers of two threads. */
async function shared(database: string, options: { port?: number; leaseMs?: number; trials?: number } = {}) {
  const url = await postgres.database(database, options.port);
  const direct = new URL(url);
  direct.port = String(postgres.port);
  const store = await makeStudy(direct.href, name);
  const task = { store: url, study: name, trials: options.trials ?? trials, leaseMs: options.leaseMs ?? 1500 };
  const processes = new Processes(task, { TRIAL_MS: trialMs });
  onTestFinished(async () => {
    await processes.close();
    await store.close();
  });
  processes.keep("coordinator", "coordinator");
  processes.keep("worker 1", "worker");
  processes.keep("worker 2", "worker");
  await Promise.all(processes.names.map((each) => processes.get(each).ready));
  return { store, processes };
}

/** Waits until so many trials have finished. */
async function finished(store: Awaited<ReturnType<typeof makeStudy>>, count: number): Promise<void> {
  for (let i = 0; i < 600; i++) {
    const [{ counts }] = await store.studies();
    if (counts.complete + counts.failed >= count) {
      return;
    }
    await wait(100);
  }
  throw new Error("the study does not move");
}

test("workers and the coordinator killed with -9 at random points: every trial is finished exactly once", async () => {
  const { store, processes } = await shared("killed");
  const random = RandomStream.seeded(7);
  const kills = await processes.killAtRandom(
    random,
    async () => (await store.studies())[0].counts.complete >= trials - 20,
  );
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(kills).toBeGreaterThan(5);
  expect(await lostAttempts(store, name)).toBeGreaterThan(0);
});

test("PostgreSQL stopped as by a crash and started again: the same processes finish the study", async () => {
  const { store, processes } = await shared("crashed");
  for (const at of [20, 120, 220]) {
    await finished(store, at);
    postgres.crash();
    await wait(1500);
    postgres.start();
  }
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(processes.deaths).toEqual([]);
});

test("a worker frozen past its lease and woken: its late results are refused", async () => {
  const { store, processes } = await shared("frozen", { leaseMs: 1000 });
  for (const at of [10, 60, 110]) {
    await finished(store, at);
    await freezeUntilLost(store, name, processes.get("worker 1"));
  }
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(await lostAttempts(store, name)).toBeGreaterThan(0);
  expect(processes.get("worker 1").output()).toMatch(/^refused$/m);
});

test("connections cut and frozen on their way: the same processes finish the study", async () => {
  const proxy = await startProxy(postgres.port);
  onTestFinished(() => proxy.close());
  const { store, processes } = await shared("cut", { port: proxy.port });
  const random = RandomStream.seeded(11);
  let cut = 0;
  for (let i = 0; i < 25; i++) {
    await wait(100 + 500 * random.double());
    cut += proxy.cut();
  }
  proxy.freeze();
  await wait(3000);
  proxy.thaw();
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(cut).toBeGreaterThan(10);
  expect(processes.deaths).toEqual([]);
});

test("every job delivered three times, and finished trials again: nothing runs twice in the record", async () => {
  const { store, processes } = await shared("twice");
  await finished(store, 5);
  const { id } = await store.study(name);
  for (const at of [5, 60, 150]) {
    await finished(store, at);
    await sql`
      insert into tanren_queue.job (name, data)
      select ${sql.lit(`study-${id}`)}, json_build_object('number', t.number)::jsonb
      from tanren.trials t, generate_series(1, 3) where t.study = ${id}
    `.execute(store.database.db);
  }
  await processes.ended(patience);
  await expectWhole(store, name, trials);
});

test("all jobs lost: workers find the waiting trials themselves", async () => {
  const { store, processes } = await shared("jobless", { trials: 100 });
  await finished(store, 5);
  await sql`delete from tanren_queue.job`.execute(store.database.db);
  await processes.ended(patience);
  await expectWhole(store, name, 100);
});

test("a disk that takes no more for a while: the same processes finish the study", async () => {
  const { store, processes } = await shared("full");
  const { db } = store.database;
  await sql`
    create function tanren.refuse() returns trigger language plpgsql as
    $$ begin raise exception 'could not extend file: No space left on device' using errcode = 'disk_full'; end $$
  `.execute(db);
  for (const at of [20, 120]) {
    await finished(store, at);
    for (const table of ["trials", "metrics", "attempts"]) {
      await sql`create trigger full_disk before insert or update on ${sql.table(`tanren.${table}`)}
        for each row execute function tanren.refuse()`.execute(db);
    }
    await wait(4000);
    for (const table of ["trials", "metrics", "attempts"]) {
      await sql`drop trigger full_disk on ${sql.table(`tanren.${table}`)}`.execute(db);
    }
  }
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(processes.deaths).toEqual([]);
});

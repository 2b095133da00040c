import { setTimeout as wait } from "node:timers/promises";
import { sql } from "kysely";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { runStudyPool } from "../../src/node/study/pool.ts";
import { StudyQueue } from "../../src/node/study/queue.ts";
import { runWorker } from "../../src/node/study/worker.ts";

/** What a process of a fault test is to do; its only argument, as JSON. */
export interface ProcessTask {
  readonly role: "coordinator" | "worker" | "pool";
  readonly store: string;
  readonly study: string;
  readonly trials: number;
  readonly leaseMs: number;
}

const task = JSON.parse(process.argv[2]) as ProcessTask;
const abort = new AbortController();
process.once("SIGINT", () => abort.abort());
process.once("SIGTERM", () => abort.abort());

const store = await openStudyStore(task.store);
const queue = task.role === "pool" ? undefined : await StudyQueue.open(store, task.store);
const { leaseMs, trials } = task;
const common = { store, leaseMs, maxAttempts: 1000, signal: abort.signal };
if (process.env.FULL_AFTER_MS !== undefined) {
  void fillUp(Number(process.env.FULL_AFTER_MS), Number(process.env.FULL_FOR_MS));
}
// The parent kills at random, counted from here.
process.stdout.write("ready\n");
if (task.role === "worker") {
  for await (const event of runWorker({ ...common, queue, threads: 2, study: task.study, untilDone: true })) {
    process.stdout.write(`${event.kind}\n`);
  }
} else {
  const study = await store.study(task.study);
  const threads = task.role === "pool" ? 2 : 0;
  for await (const event of runStudyPool({ ...common, study, threads, trials })) {
    process.stdout.write(`${event.kind}\n`);
  }
}
await queue?.close();
await store.close();
// What a dead connection may still wait for must not keep the process.
await wait(0);
process.exit(0);

/** For a while, SQLite may not add a page to the file and has none to spare: what it meets on a full disk. */
async function fillUp(afterMs: number, forMs: number): Promise<void> {
  const limit = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`);
  await wait(afterMs);
  await store.database.transact("kill", async (tx) => {
    const { rows } = await sql<{ freelist_count: number }>`pragma freelist_count`.execute(tx);
    await sql`create table if not exists filler (bytes blob)`.execute(tx);
    await sql`insert into filler values (zeroblob(${rows[0].freelist_count * 4000}))`.execute(tx);
    await limit(1).execute(tx);
  });
  process.stdout.write("full\n");
  await wait(forMs);
  await store.database.transact("kill", (tx) => limit(2 ** 31).execute(tx));
}

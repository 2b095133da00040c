import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { runInfo } from "../support/run-info.ts";
import { clock, type Heard, openServer, studioFolder } from "./support.ts";

const point = (i: number): RunEvent => ({
  task: 0,
  event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [i], y: [i / 7] },
});

/** Counts the reads of a store. */
function counted<S extends object>(store: S, counts: Map<string, number>): S {
  return new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") {
        return value;
      }
      return (...args: unknown[]) => {
        counts.set(String(name), (counts.get(String(name)) ?? 0) + 1);
        return value.apply(target, args);
      };
    },
  });
}

test("five hundred who watch a run, the store and a study hear everything, and the stores are read as for one", async () => {
  const folder = studioFolder();
  const reads = new Map<string, number>();
  const studyReads = new Map<string, number>();
  const server = await openServer({
    store: counted(openSqliteStore({ path: folder.store, ...clock }), reads),
    studies: counted(await openStudyStore(folder.store), studyReads),
  });
  const other = openSqliteStore({ path: folder.store, ...clock });
  const worker = await openStudyStore(folder.store);
  const writer = other.begin(runInfo());
  const { id, name } = await worker.createStudy({
    name: "watched",
    direction: "minimize",
    seed: 1,
    sampler: { name: "random" },
    pruner: null,
    space: { lr: { kind: "real", low: 1e-4, high: 1, scale: "log" } },
    objective: { name: "made up" },
    constraints: 0,
  });
  const chunks = 40;
  const trials = 20;
  const runs: Promise<Heard[]>[] = [];
  const stores: Promise<Heard[]>[] = [];
  const studies: Promise<Heard[]>[] = [];
  const done = ({ event, data }: Heard) => event === "run" && (data as { status: string }).status === "done";
  for (let i = 0; i < 250; i++) {
    runs.push(server.stream(`/api/runs/${writer.id}/events`).until(({ event }) => event === "end"));
  }
  for (let i = 0; i < 150; i++) {
    stores.push(server.stream("/api/events").until(done));
  }
  const finished = new Set<number>();
  for (let i = 0; i < 100; i++) {
    const own = new Set<number>();
    studies.push(
      server.stream(`/api/studies/${name}/events?from=0`).until(({ data }) => {
        for (const trial of (data as { trials: { number: number; state: string }[] }).trials) {
          if (trial.state === "complete") {
            own.add(trial.number);
            finished.add(trial.number);
          }
        }
        return own.size === trials;
      }),
    );
  }
  // All are connected before anything happens: what is counted is the work for news.
  await wait(2000);
  reads.clear();
  studyReads.clear();
  for (let i = 0; i < chunks; i++) {
    writer.append([point(i)]);
    if (i % 2 === 0) {
      const claimed = await worker.claim(id, {
        worker: "w",
        leaseMs: 60_000,
        create: true,
        sample: () => ({ params: { lr: 0.1 }, distributions: {} }),
      });
      await worker.finish(claimed!, { state: "complete", value: i });
    }
    await wait(50);
    expect((await server.ask("/api/info")).status).toBe(200);
  }
  writer.finish("done", { total: 1, train: 1 });
  for (const heard of await Promise.all(runs)) {
    const events = heard.filter(({ event }) => event === "chunk");
    expect(events.map(({ id }) => id)).toEqual(Array.from({ length: chunks }, (_, i) => i + 1));
  }
  await Promise.all([...stores, ...studies]);
  expect(finished.size).toBe(trials);
  // One for each look and each change at most; each watcher reading for itself would be some ten thousand.
  for (const [what, count] of [...reads, ...studyReads]) {
    expect([what, count, count < 1500]).toEqual([what, count, true]);
  }
  await worker.close();
  other.close();
});

// What keeping a study costs: ask and tell on SQLite beside 10,000 trials, and opening 10,000 trials of 50 steps.
//   node bench/search/store.ts [postgres]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { openStudy } from "../../src/search/study.ts";
import type { SqlStudyStore } from "../../src/store/studies/sql-study-store.ts";
import { startPostgres } from "../../test/support/postgres.ts";

const trials = 10_000;
const steps = 50;

/** Milliseconds: the middle and the 95th of a hundred. */
function summary(times: number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(2);
  return `median ${at(0.5)} ms, p95 ${at(0.95)} ms`;
}

async function fill(store: SqlStudyStore, study: number, number: number): Promise<void> {
  const space = { x: { kind: "real", low: 0, high: 1 } } as const;
  const trial = (await store.claim(study, {
    worker: "bench",
    leaseMs: 60_000,
    create: true,
    sample: () => ({ params: { x: number / trials }, distributions: space }),
  }))!;
  await store.report(
    trial,
    Array.from({ length: steps }, (_, step) => ({ step, value: Math.sin(number + step) })),
  );
  await store.finish(trial, { state: "complete", value: Math.cos(number) });
}

async function measure(where: string): Promise<void> {
  const store = await openStudyStore(where);
  const options = { name: "bench", sampler: "random", log: store } as const;
  const first = await openStudy(options);
  const { id } = first.record;
  const overhead = async (at: string) => {
    const study = await openStudy(options);
    const times: number[] = [];
    for (let i = 0; i < 220; i++) {
      const start = performance.now();
      const trial = await study.ask();
      trial.real("x", { min: 0, max: 1 });
      await study.tell(trial, 1);
      times.push(performance.now() - start);
    }
    console.log(`ask + tell, ${at}: ${summary(times.slice(20))}`);
  };
  await overhead("0 trials before");
  const start = performance.now();
  for (let number = 0; number < trials; number++) {
    await fill(store, id, number);
  }
  console.log(`filled with ${trials} trials of ${steps} steps in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  await overhead(`${trials} trials before`);
  await store.close();
  for (let i = 0; i < 3; i++) {
    const fresh = await openStudyStore(where);
    const before = performance.now();
    const loaded = await fresh.loadStudy("bench");
    console.log(`loadStudy, ${loaded.trials.length} trials: ${(performance.now() - before).toFixed(0)} ms`);
    await fresh.close();
  }
}

if (process.argv[2] === "postgres") {
  const postgres = await startPostgres();
  try {
    await measure(await postgres.database("bench"));
  } finally {
    postgres.stop();
  }
} else {
  const folder = mkdtempSync(join(tmpdir(), "tanren-bench-"));
  try {
    await measure(join(folder, "studies.sqlite"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

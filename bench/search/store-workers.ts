// How much of their time 8 workers on one PostgreSQL spend inside an objective that only waits.
//   node bench/search/store-workers.ts [workers] [seconds]
// A worker is a process of one thread, as on 8 machines. Its time counts from its first trial to the end of its last;
// inside is what the objective itself measured.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { StudyQueue } from "../../src/node/study/queue.ts";
import { runWorker } from "../../src/node/study/worker.ts";
import { startPostgres } from "../../test/support/postgres.ts";

const self = fileURLToPath(import.meta.url);

/** One worker: prints the milliseconds inside the objective and in all. */
async function work(url: string, study: string, folder: string): Promise<void> {
  const store = await openStudyStore(url);
  const queue = await StudyQueue.open(store, url);
  const signal = new AbortController().signal;
  let inside = 0;
  let first = Number.POSITIVE_INFINITY;
  let last = 0;
  const mine = new Set<number>();
  for await (const event of runWorker({ store, queue, study, folder, threads: 1, untilDone: true, signal })) {
    if (event.kind === "started") {
      mine.add(event.number);
      first = Math.min(first, performance.now());
    }
    if (event.kind === "finished" && mine.has(event.trial.number)) {
      inside += event.trial.value ?? 0;
      last = performance.now();
    }
  }
  await queue.close();
  await store.close();
  console.log(JSON.stringify({ inside, total: last - first, trials: mine.size }));
}

function startWorker(
  url: string,
  study: string,
  folder: string,
): Promise<{ inside: number; total: number; trials: number }> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", self, "work", url, study, folder], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.on("data", (data) => {
    output += data;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", () => resolve(JSON.parse(output)));
  });
}

async function measure(workers: number, seconds: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-bench-"));
  const postgres = await startPostgres();
  try {
    const url = await postgres.database("bench");
    const store = await openStudyStore(url);
    const queue = await StudyQueue.open(store, url);
    for (const [ms, goal] of [
      [1000, 0.95],
      [100, 0.8],
    ]) {
      writeFileSync(
        join(folder, "objective.mjs"),
        `const cell = new Int32Array(new SharedArrayBuffer(4));
         export function objective(trial) {
           const begun = performance.now();
           trial.real("x", { min: 0, max: 1 });
           Atomics.wait(cell, 0, 0, ${ms});
           return performance.now() - begun;
         }`,
      );
      const study = await store.createStudy({
        name: `${ms} ms`,
        direction: "minimize",
        seed: 0,
        sampler: { name: "random", settings: {} },
        pruner: { name: "none", settings: {} },
        space: { x: { kind: "real", low: 0, high: 1 } },
        objective: { kind: "module", path: "objective.mjs" },
        constraints: 0,
      });
      await store.request(study.id, Math.round((workers * seconds * 1000) / ms));
      const ended = await Promise.all(Array.from({ length: workers }, () => startWorker(url, study.name, folder)));
      const inside = ended.reduce((sum, each) => sum + each.inside, 0);
      const total = ended.reduce((sum, each) => sum + each.total, 0);
      const trials = ended.reduce((sum, each) => sum + each.trials, 0);
      console.log(
        `${workers} workers, ${trials} trials of ${ms} ms: ${((100 * inside) / total).toFixed(1)} % inside the objective (to hold: ${100 * goal} %)`,
      );
    }
    await queue.close();
    await store.close();
  } finally {
    postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[2] === "work") {
  await work(process.argv[3], process.argv[4], process.argv[5]);
} else {
  await measure(Number(process.argv[2] ?? 8), Number(process.argv[3] ?? 20));
}

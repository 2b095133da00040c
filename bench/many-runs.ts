// A store of many runs: how long opening, listing and finding take in it. Times are those of one process.
//   node --disable-warning=ExperimentalWarning bench/many-runs.ts [runs]
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { openSqliteStore } from "../src/node/store/sqlite-runs.ts";
import { makeRunId } from "../src/store/runs/run-id.ts";
import type { RunStore } from "../src/store/runs/run-store.ts";

const count = Number(process.argv[2] ?? 100_000);
const folder = mkdtempSync(join(tmpdir(), "tanren-many-runs-"));
const path = join(folder, "runs.sqlite");
const open = () => openSqliteStore({ path, now: Date.now, random: Math.random });

/** As a store would be after years: one run in ten was interrupted by the death of its process. */
function fill(): void {
  open().close();
  const db = new DatabaseSync(path);
  db.exec("BEGIN");
  const insertRun = db.prepare(
    `INSERT INTO runs (id, tanren, experiment, preset, seed, settings, engine, started_at, started_ms, status,
                       pid, host, birth, touched_ms, origin)
     VALUES (?, '0.1.0', ?, 'book', ?, ?, ?, ?, ?, ?, 1, 'elsewhere', '', ?, ?)`,
  );
  const insertChunk = db.prepare("INSERT INTO chunks (run, number, events) VALUES (?, 1, ?)");
  const settings = JSON.stringify({ iterations: 5, hiddenSizes: [100, 100], weightInit: "he", batchSize: 100 });
  const engine = JSON.stringify({ kernels: "native-avx2", dtype: "float32", workers: 2 });
  const x = [0, 1, 2, 3, 4];
  const points = (run: string) => [0, { kind: "points", run, tags: {}, metric: "loss", x, y: [2.3, 2.2, 2.1, 2, 1.9] }];
  const chunk = JSON.stringify(["SGD", "Momentum", "AdaGrad", "Adam"].map(points));
  for (let i = 0; i < count; i++) {
    const ms = Date.UTC(2024, 0, 1) + 1000 * i;
    const startedAt = new Date(ms).toISOString();
    const id = makeRunId(startedAt, () => (i % 65_536) / 65_536);
    const experiment = ["optimizer-comparison", "optimizer-paths", "weight-decay"][i % 3];
    const status = i % 10 === 9 ? "running" : i % 50 === 0 ? "failed" : "done";
    const origin = ["cli", "server", "page"][i % 3];
    const { lastInsertRowid } = insertRun.run(id, experiment, i, settings, engine, startedAt, ms, status, ms, origin);
    insertChunk.run(lastInsertRowid, chunk);
  }
  db.exec("COMMIT");
  db.close();
}

function time(what: string, action: () => unknown): void {
  const began = performance.now();
  const used = process.cpuUsage();
  action();
  const { user, system } = process.cpuUsage(used);
  const wall = (performance.now() - began).toFixed(1);
  process.stdout.write(`| ${what} | ${wall} | ${((user + system) / 1000).toFixed(1)} |\n`);
}

try {
  fill();
  let store: RunStore = open();
  store.close();
  process.stdout.write(`| ${count.toLocaleString("en")} runs | ms | ms of processor |\n|---|---|---|\n`);
  time("open", () => {
    store = open();
  });
  time("the last 20 (`show`)", () => store.list({ limit: 20 }));
  time("the studio's first page of 100", () => store.list({ limit: 101 }));
  const middle = store.list({ limit: Math.ceil(count / 2) }).at(-1)?.id;
  time("its page in the middle", () => store.list({ limit: 101, before: middle }));
  time("100 that failed", () => store.list({ limit: 101, status: "failed" }));
  time("all that still run (none)", () => store.list({ status: "running" }));
  time("an experiment without runs", () => store.list({ limit: 101, experiment: "dropout" }));
  time("`latest`", () => store.get("latest"));
  time("a run by its id", () => store.get(middle ?? ""));
  time("a run by the beginning of its id", () => store.get(middle?.slice(0, -1) ?? ""));
  time("what changed last", () => store.changes(store.revision() - 10));
  time("the server's runs without a process", () => store.abandoned("server"));
  time("all", () => store.list());
  store.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * `node bench/server.ts [watchers]`: how long the studio's other requests take while so many watch a run, the store and a
 * study, and a run and a study write. The server is a process of its own, and so are the watchers.
 */
import { fork } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { RunEvent } from "../src/core/record.ts";
import { openSqliteStore } from "../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../src/node/store/study-store.ts";
import { openStudioServer } from "../src/server/server.ts";

const clock = { now: () => Date.now(), random: () => Math.random() };
const [role, ...rest] = process.argv.slice(2);
const seconds = 15;

if (role === "serve") {
  const [home] = rest;
  const store = join(home, "runs.sqlite");
  const server = await openStudioServer({
    pages: home,
    store: openSqliteStore({ path: store, ...clock }),
    studies: await openStudyStore(store),
    port: 0,
    threads: 1,
    token: null,
    now: Date.now,
    log: () => {},
  });
  process.send?.(server.port);
  process.on("disconnect", () => process.exit(0));
} else if (role === "watch") {
  const [port, count, run] = rest;
  const agent = new Agent({ maxSockets: Number.POSITIVE_INFINITY, keepAlive: true });
  let open = 0;
  let bytes = 0;
  for (let i = 0; i < Number(count); i++) {
    const path = i % 2 === 0 ? `/api/runs/${run}/events` : i % 4 === 1 ? "/api/events" : "/api/studies/watched/events";
    get({ host: "127.0.0.1", port: Number(port), path, agent }, (answer) => {
      if (++open === Number(count)) {
        process.send?.("open");
      }
      answer.on("data", (part: Buffer) => {
        bytes += part.length;
      });
    });
  }
  process.on("message", () => process.send?.(bytes));
  process.on("disconnect", () => process.exit(0));
} else {
  await measure(Number(role ?? 500));
}

async function measure(watchers: number): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "tanren-bench-"));
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, "index.html"), "<!doctype html><title>Tanren</title>\n");
  const path = join(home, "runs.sqlite");
  const store = openSqliteStore({ path, ...clock });
  const studies = await openStudyStore(path);
  const engine = { kernels: "wasm-simd", dtype: "float32" as const, workers: 1 };
  const facts = { tanren: "0.1.0", experiment: "dropout", preset: "book", seed: 0, settings: {}, engine };
  for (let i = 0; i < 200; i++) {
    store.begin({ ...facts, startedAt: new Date().toISOString() }).finish("done", { total: 1, train: 1 });
  }
  const writer = store.begin({ ...facts, startedAt: new Date().toISOString() });
  const { id } = await studies.createStudy({
    name: "watched",
    direction: "minimize",
    seed: 1,
    sampler: { name: "random" },
    pruner: null,
    space: null,
    objective: { name: "made up" },
    constraints: 0,
  });
  const self = fileURLToPath(import.meta.url);
  const options = { execArgv: ["--disable-warning=ExperimentalWarning"] };
  const server = fork(self, ["serve", home], options);
  const port = await new Promise<number>((resolve) => server.once("message", (told) => resolve(Number(told))));
  const crowd = fork(self, ["watch", String(port), String(watchers), writer.id], options);
  await new Promise((resolve) => crowd.once("message", resolve));

  const taken: number[] = [];
  const ask = (url: string) =>
    new Promise<number>((resolve, reject) => {
      const began = performance.now();
      get({ host: "127.0.0.1", port, path: url, agent: false }, (answer) => {
        answer.resume().on("end", () => resolve(performance.now() - began));
      }).on("error", reject);
    });
  const end = performance.now() + seconds * 1000;
  const asking = (async () => {
    for (let i = 0; performance.now() < end; i++) {
      taken.push(await ask(["/api/runs?limit=100", "/api/info", `/api/runs/${writer.id}`, "/api/studies"][i % 4]));
      await wait(20);
    }
  })();
  const point = (at: number): RunEvent => ({
    task: 0,
    event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [at], y: [at / 7] },
  });
  let changes = 0;
  while (performance.now() < end) {
    writer.append([point(changes++)]);
    const sampled = { params: { lr: 0.1 }, distributions: {} };
    const lease = await studies.claim(id, { worker: "w", leaseMs: 60_000, create: true, sample: () => sampled });
    await studies.finish(lease!, { state: "complete", value: changes });
    await wait(100);
  }
  await asking;
  const bytes = new Promise<number>((resolve) => crowd.once("message", (told) => resolve(Number(told))));
  crowd.send("bytes");
  const sorted = taken.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(1);
  process.stdout.write(
    `${watchers} watchers, ${changes} changes in ${seconds} s, ${((await bytes) / 2 ** 20).toFixed(1)} MiB heard; ` +
      `${taken.length} other requests: median ${at(0.5)} ms, 95% within ${at(0.95)} ms, longest ${at(1)} ms\n`,
  );
  crowd.disconnect();
  server.disconnect();
  store.close();
  await studies.close();
  rmSync(home, { recursive: true, force: true });
}

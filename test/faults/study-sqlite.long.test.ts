import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { RandomStream } from "../../src/core/random.ts";
import { ended, temporaryFolder } from "../support/cli.ts";
import { expectWhole, freezeUntilLost, lostAttempts, makeStudy } from "./study-harness.ts";
import { Processes } from "./study-processes.ts";

const trials = 300;
const name = "faults";
const patience = 90_000;
/** Long enough that whatever happens to a study happens in its middle. */
const trialMs = "120";

/** A study in a file, on three processes of two threads. */
async function shared(options: { leaseMs?: number; env?: NodeJS.ProcessEnv; processes?: number } = {}) {
  const path = join(temporaryFolder(), "studies.sqlite");
  const store = await makeStudy(path, name);
  const task = { store: path, study: name, trials, leaseMs: options.leaseMs ?? 1500 };
  const processes = new Processes(task, { TRIAL_MS: trialMs, ...options.env });
  onTestFinished(async () => {
    await processes.close();
    await store.close();
  });
  for (let i = 0; i < (options.processes ?? 3); i++) {
    processes.keep(`search ${i}`, "pool");
  }
  await Promise.all(processes.names.map((each) => processes.get(each).ready));
  return { path, store, processes, task };
}

test("searches on one file killed with -9 at random points: every trial is finished exactly once", async () => {
  const { store, processes } = await shared();
  const random = RandomStream.seeded(3);
  const kills = await processes.killAtRandom(
    random,
    async () => (await store.studies())[0].counts.complete >= trials - 20,
  );
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(kills).toBeGreaterThan(5);
  expect(await lostAttempts(store, name)).toBeGreaterThan(0);
});

test("a search frozen past its lease and woken: its late results are refused", async () => {
  const { store, processes } = await shared({ leaseMs: 1000 });
  for (let i = 0; i < 3; i++) {
    await wait(1000);
    await freezeUntilLost(store, name, processes.get("search 0"));
  }
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(await lostAttempts(store, name)).toBeGreaterThan(0);
  expect(processes.get("search 0").output()).toMatch(/^refused$/m);
});

test("a disk that takes no more for a while: the same processes finish the study", async () => {
  // Each process finds the file full after a second of work, and free again 4 s later.
  const { store, processes } = await shared({ env: { FULL_AFTER_MS: "1000", FULL_FOR_MS: "5000" } });
  while (!processes.names.every((each) => /^full$/m.test(processes.get(each).output()))) {
    await wait(20);
  }
  await wait(1000);
  const [{ counts: stalled }] = await store.studies();
  await wait(1500);
  const [{ counts: later }] = await store.studies();
  expect(later.complete - stalled.complete).toBeLessThan(5);
  await processes.ended(patience);
  await expectWhole(store, name, trials);
  expect(processes.deaths).toEqual([]);
});

test("a file that may not grow ends a search with a sentence; another one finishes the study", async () => {
  const { store, task } = await shared({ processes: 0 });
  const script = fileURLToPath(new URL("./study-process.ts", import.meta.url));
  const json = JSON.stringify({ role: "pool", ...task });
  // In blocks of 512 bytes: the write-ahead log outgrows it within the study.
  const limited = spawn("sh", ["-c", 'ulimit -f 1200; exec "$0" "$@"', process.execPath, script, json], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const { status, stderr } = await ended(limited);
  expect(status).toBe(1);
  expect(stderr).toMatch(/run store .*must be .*got .*(disk|limit)/);
  const free = new Processes(task);
  onTestFinished(() => free.close());
  free.keep("search", "pool");
  await free.ended(patience);
  await expectWhole(store, name, trials);
});

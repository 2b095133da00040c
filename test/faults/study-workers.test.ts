import { setTimeout as wait } from "node:timers/promises";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startPostgres, type TestPostgres } from "../support/postgres.ts";
import { expectWhole, freezeInTrial, lostAttempts, makeStudy } from "./study-harness.ts";
import { Processes } from "./study-processes.ts";

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

test("a worker killed with -9, then the coordinator, then the server as by a crash: the study is finished whole", async () => {
  const url = await postgres.database("quick");
  const name = "quick";
  const store = await makeStudy(url, name);
  const task = { store: url, study: name, trials: 50, leaseMs: 1000 };
  const processes = new Processes(task, { TRIAL_MS: "150" });
  onTestFinished(async () => {
    await processes.close();
    await store.close();
  });
  const finished = async (count: number) => {
    while ((await store.studies())[0].counts.complete < count) {
      await wait(50);
    }
  };
  processes.keep("coordinator", "coordinator");
  processes.keep("worker 1", "worker");
  processes.keep("worker 2", "worker");
  await finished(6);
  // On a busy machine it may be between two trials.
  await freezeInTrial(store, name, processes.get("worker 1"));
  await processes.replace("worker 1");
  await finished(14);
  await processes.replace("coordinator");
  await finished(22);
  postgres.crash();
  postgres.start();
  await processes.ended(600_000);
  await expectWhole(store, name, 50);
  expect(await lostAttempts(store, name)).toBeGreaterThan(0);
  // Those that were killed; the crash of the server ended nobody.
  expect(processes.deaths.map((death) => death.split("\n")[0])).toEqual([
    "worker 1 ended with SIGKILL:",
    "coordinator ended with SIGKILL:",
  ]);
});

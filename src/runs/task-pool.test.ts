import { expect, test } from "vitest";
import type { RunEvent } from "../core/record.ts";
import type { Task } from "./experiment.ts";
import { TaskPool, type TaskWorker, type Work } from "./task-pool.ts";

const tasks = (count: number) => Array.from({ length: count }, (_, i): Task => ({ run: `run ${i}`, tags: {} }));
const never = new AbortController().signal;

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const heard: RunEvent[] = [];
  for await (const event of events) {
    heard.push(event);
  }
  return heard;
}

/** Ends each task as `how` says; a failure takes the worker with it. */
function workerThat(how: (task: Task) => "done" | "failed"): TaskWorker & { gone: boolean; did: string[] } {
  return {
    gone: false,
    did: [],
    async perform({ tasks, ended }: Work) {
      for (const [i, task] of tasks.entries()) {
        this.did.push(task.run);
        const kind = how(task);
        this.gone ||= kind === "failed";
        ended(i, kind === "done" ? { kind } : { kind, text: { en: "it died", ja: "終了しました" } });
      }
    },
  };
}

test("a worker is kept for the next task; one that died is replaced, and takes only its own task with it", async () => {
  const started: ReturnType<typeof workerThat>[] = [];
  const pool = new TaskPool({
    workers: 1,
    start: () => {
      started.push(workerThat(({ run }) => (run === "run 1" ? "failed" : "done")));
      return started[started.length - 1];
    },
  });
  const events = await all(pool.run("mine", tasks(4), never));
  expect(started.map(({ did }) => did)).toEqual([
    ["run 0", "run 1"],
    ["run 2", "run 3"],
  ]);
  expect(events).toMatchObject([{ task: 1, event: { note: { kind: "failed", run: "run 1", message: "it died" } } }]);
  await all(pool.run("mine", tasks(1), never));
  expect(started.length).toBe(2);
});

test("no more workers are at work than there may be, and none is started once the run is stopped", async () => {
  const stop = new AbortController();
  let [atWork, most, begun] = [0, 0, 0];
  const start = (): TaskWorker => ({
    async perform({ tasks, ended }) {
      most = Math.max(most, ++atWork);
      if (++begun === 4) {
        stop.abort();
      }
      await Promise.resolve();
      atWork--;
      tasks.forEach((_, i) => {
        ended(i, { kind: "done" });
      });
    },
  });
  expect(await all(new TaskPool({ workers: 2, start }).run("mine", tasks(9), stop.signal))).toEqual([]);
  expect([most, begun]).toEqual([2, 4]);
});

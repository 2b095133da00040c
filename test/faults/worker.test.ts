import { expect, test } from "vitest";
import { Recorder } from "../../src/core/record.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { loadDataset } from "../../src/node/datasets.ts";
import { openWorkerRunner } from "../../src/node/worker-runner.ts";

const experiment = experimentNamed("optimizer-comparison");
const settings = { iterations: 20, hiddenSizes: [10] };
const open = async () =>
  openWorkerRunner({ backend: "wasm", dtype: "float32", workers: 2 }, [await loadDataset("mnist")]);

test("a worker that dies takes only its own task with it", async () => {
  const runner = await open();
  const tasks = experiment.plan(settings, 0);
  // No kernels can hold a batch of so many rows: the thread runs out of memory or the task fails, whichever comes first.
  const broken = tasks.map((task, i) => (i === 1 ? { ...task, optimizer: "no such rule" } : task));
  const recorder = new Recorder();
  for await (const event of runner.run(experiment.id, broken, new AbortController().signal)) {
    recorder.add(event);
  }
  const { events, series } = recorder.recorded();
  expect(events).toHaveLength(1);
  expect(events[0]).toMatchObject({ kind: "failed", run: "Momentum", message: expect.stringMatching(/no such rule/) });
  expect(series.map(({ run, y }) => [run, y.length])).toEqual([
    ["SGD", 20],
    ["AdaGrad", 20],
    ["Adam", 20],
  ]);
  await runner.close();
});

test("a thread that ends in the middle of its task is told of and replaced", async () => {
  const runner = openWorkerRunner({ backend: "wasm", dtype: "float32", workers: 1 }, []);
  const recorder = new Recorder();
  const tasks = experiment.plan(settings, 0);
  const events = runner.run(experiment.id, tasks, new AbortController().signal);
  // Without the data set each task fails in its thread; the thread itself lives and takes the next.
  for await (const event of events) {
    recorder.add(event);
  }
  expect(recorder.recorded().events.map(({ kind, run }) => [kind, run])).toEqual([
    ["failed", "SGD"],
    ["failed", "Momentum"],
    ["failed", "AdaGrad"],
    ["failed", "Adam"],
  ]);
  await runner.close();
});

test("an abort ends the run early without an error", async () => {
  const runner = await open();
  const controller = new AbortController();
  const counts = new Map<number, number>();
  for await (const { task, event } of runner.run(
    experiment.id,
    experiment.plan({ iterations: 100_000 }, 0),
    controller.signal,
  )) {
    if (event.kind === "progress") {
      counts.set(task, event.done);
      if (event.done >= 40) {
        controller.abort();
      }
    }
  }
  expect(Math.max(...counts.values())).toBeLessThan(100_000);
  await runner.close();
});

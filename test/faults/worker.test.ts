import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import { expect, test, vi } from "vitest";
import { notesOf } from "../../src/core/note.ts";
import { Recorder } from "../../src/core/record.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { openWorkerRunner } from "../../src/node/runs/worker-runner.ts";
import { mnist } from "../support/mnist.ts";

const experiment = experimentNamed("optimizer-comparison");
const settings = { iterations: 20, hiddenSizes: [10] };
const original = Worker.prototype.postMessage;
const open = async () => openWorkerRunner({ backend: "wasm", dtype: "float32", workers: 2 }, [await mnist()]);

test("workers are one on each core when absent, and refused when they are no whole number from 1 up", async () => {
  const runner = openWorkerRunner({ backend: "wasm", dtype: "float32" });
  expect(runner.workers).toBe(availableParallelism());
  await runner.close();
  for (const workers of [0, -1, 1.5, Number.NaN]) {
    expect(() => openWorkerRunner({ backend: "wasm", dtype: "float32", workers })).toThrow(
      `workers: must be a whole number ≥ 1, got ${workers}. Leave it out for one on each core.`,
    );
  }
});

test("a task that fails takes no other with it", async () => {
  const runner = await open();
  const tasks = experiment.plan(settings, 0);
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

test("a thread that dies in the middle of its tasks is told of, and the tasks of other threads go on", async () => {
  const threads: Worker[] = [];
  const post = vi.spyOn(Worker.prototype, "postMessage").mockImplementation(function (this: Worker, ...args) {
    threads.push(this);
    return original.apply(this, args);
  });
  const runner = await open();
  const recorder = new Recorder();
  let killed = false;
  for await (const event of runner.run(
    experiment.id,
    experiment.plan({ ...settings, iterations: 400 }, 0),
    new AbortController().signal,
  )) {
    recorder.add(event);
    if (!killed && event.task === 2 && event.event.kind === "points") {
      killed = true;
      await threads[0].terminate();
    }
  }
  post.mockRestore();
  const recorded = recorder.recorded();
  const { events, series } = recorded;
  expect(events.map(({ kind, run }) => [kind, run])).toEqual([
    ["failed", "SGD"],
    ["failed", "AdaGrad"],
  ]);
  expect(notesOf(recorded, "failed")[0].message).toMatch(/must live until its task ends/);
  expect(series.map(({ run, y }) => [run, y.length === 400])).toEqual([
    ["SGD", false],
    ["Momentum", true],
    ["AdaGrad", false],
    ["Adam", true],
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

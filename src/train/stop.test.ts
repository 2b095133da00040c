import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { expect, onTestFinished, test, vi } from "vitest";
import { smallTraining, trainUntil } from "../../test/support/endless-training.ts";
import { Breather, breathe } from "../core/breathe.ts";
import { RandomStream } from "../core/random.ts";
import { train } from "./train.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

test("a timer's abort ends training that asks for nothing but the next event", async () => {
  expect(await trainUntil(AbortSignal.timeout(50))).toBeGreaterThan(0);
});

test("a message that arrives while training runs in the same thread is handled", async () => {
  const { port1, port2 } = new MessageChannel();
  const controller = new AbortController();
  port1.on("message", () => controller.abort());
  setTimeout(() => port2.postMessage("stop"), 20);
  expect(await trainUntil(controller.signal)).toBeGreaterThan(0);
  port1.close();
});

test("two trainings in one thread advance together", async () => {
  const controller = new AbortController();
  const first = trainUntil(controller.signal);
  // Were the first never to give way, the second would never begin.
  const options = { rows: 64, batchSize: 10, iterations: 500, stream: RandomStream.seeded(2) };
  for await (const _event of train({ ...smallTraining(), ...options })) {
    // Nothing but the next one.
  }
  controller.abort();
  expect(await first).toBeGreaterThan(0);
});

test("Deno stops at a timer too", { timeout: 600_000 }, () => {
  const script = fileURLToPath(new URL("../../test/support/stop-in-deno.ts", import.meta.url));
  const deno = `${root}node_modules/.bin/deno`;
  const flags = ["run", "--no-check", "--no-remote", "--allow-read", "--allow-env", "--quiet"];
  const { stdout, stderr, status } = spawnSync(deno, [...flags, script], { cwd: root, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(Number(stdout)).toBeGreaterThan(0);
  expect(status).toBe(0);
});

test("breathing is due after some milliseconds of work, and not again right after", async () => {
  let now = 1000;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => now);
  onTestFinished(() => clock.mockRestore());
  const breather = new Breather();
  expect(breather.due).toBe(false);
  now += 23;
  expect(breather.due).toBe(false);
  now += 1;
  expect(breather.due).toBe(true);
  await breather.breathe();
  expect(breather.due).toBe(false);
});

test("a breath lets in what waited before it, with messages to oneself as with setImmediate", async () => {
  const { setImmediate: own } = globalThis;
  for (const immediate of [own, undefined]) {
    globalThis.setImmediate = immediate as typeof setImmediate;
    try {
      const said: string[] = [];
      setTimeout(() => said.push("timer"));
      while (!said.includes("timer")) {
        await breathe();
      }
      await Promise.all([breathe(), breathe()]);
      expect(said).toEqual(["timer"]);
    } finally {
      globalThis.setImmediate = own;
    }
  }
});

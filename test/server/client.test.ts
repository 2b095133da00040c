import { parseHTML } from "linkedom";
import { expect, test, vi } from "vitest";
import { Recorder, type RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import type { RunDetail } from "../../src/server/api.ts";
import { apiOf, openServerClient, serverInfo } from "../../src/web/served/client.ts";
import { parts } from "../../src/web/served/recording.ts";
import { openServerRunner } from "../../src/web/served/runner.ts";
import { openServerShelf } from "../../src/web/served/shelf.ts";
import { temporaryFolder } from "../support/cli.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { clock, type Opened, openServer, startStudio } from "./support.ts";

const never = new AbortController().signal;
const book = { preset: "book", seed: 0, dtype: "float32", backend: "wasm-simd" } as const;
const request = {
  ...book,
  experiment: { id: "optimizer-comparison" },
  settings: { iterations: 60, hiddenSizes: [20], trainRows: 600 },
};
const endless = { ...request, settings: { iterations: 1_000_000, hiddenSizes: [20], trainRows: 600 } };

const clientOf = (server: Pick<Opened, "port">, fetcher?: typeof fetch) =>
  openServerClient(`http://127.0.0.1:${server.port}/api/`, fetcher);

async function shelfOf(server: Pick<Opened, "port">) {
  const client = clientOf(server);
  return openServerShelf({ client, info: await serverInfo(client) });
}

function recordOf(events: readonly RunEvent[]) {
  const recorder = new Recorder();
  for (const event of events) {
    recorder.add(event);
  }
  return recorder.recorded();
}

async function all(events: AsyncIterable<RunEvent>): Promise<RunEvent[]> {
  const heard: RunEvent[] = [];
  for await (const event of events) {
    heard.push(event);
  }
  return heard;
}

test("a page knows by itself whether it has a server", async () => {
  const server = await openServer();
  const { document } = parseHTML(await (await server.ask("/")).text());
  const at = (baseURI: string) => Object.defineProperty(document, "baseURI", { value: baseURI, configurable: true });
  expect(apiOf(at("http://127.0.0.1:6464/") as never)).toBe("http://127.0.0.1:6464/api/");
  expect(apiOf(parseHTML("<!doctype html><title>Tanren</title>").document as never)).toBeNull();
});

test("a run on the server gives its events here, the same bits, and looks inside its networks", async () => {
  const server = await openServer();
  const run = await openServerRunner(clientOf(server)).start(request, { signal: never, watch: true });
  expect(run.info).toMatchObject({ experiment: "optimizer-comparison", engine: { kernels: "wasm-simd" } });
  const heard = await all(run.events);
  expect(run.summary.status).toBe("done");
  expect([run.tasks, run.trouble]).toEqual([4, null]);
  const set = ["iterations=60", "hiddenSizes=20", "trainRows=600"];
  const theirs = await runExperiment("optimizer-comparison", { set, backend: "wasm-simd", dtype: "float32" });
  expect(recordOf(heard).series).toEqual(theirs.series);
  const kinds = new Set(heard.map(({ event }) => event.kind));
  expect(kinds).toContain("progress");
  const snapshot = heard.find(({ event }) => event.kind === "snapshot")?.event;
  expect(snapshot).toMatchObject({ snapshot: { run: expect.any(String), layers: expect.any(Array) } });
  expect((snapshot as { snapshot: { weights: { pixels: unknown } } }).snapshot.weights.pixels).toBeInstanceOf(
    Int8Array,
  );
});

test("connections that break all the time, and a server that is killed and started again, lose nothing", async () => {
  const killed = await startStudio(temporaryFolder());
  // Wide enough that no machine ends the run before the server is killed.
  const settings = { iterations: 250, hiddenSizes: [300], trainRows: 600, optimizers: ["SGD", "Adam"] };
  let connections = 0;
  // Every stream breaks after a while, as on a bad network.
  const broken: typeof fetch = async (input, init) => {
    const answer = await fetch(input, init);
    if (!String(input).endsWith("/events") || answer.body === null) {
      return answer;
    }
    connections++;
    let left = 3000 + 2000 * connections;
    const cut = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        left -= bytes.length;
        if (left < 0) {
          controller.error(new TypeError("network error"));
        } else {
          controller.enqueue(bytes);
        }
      },
    });
    return new Response(answer.body.pipeThrough(cut), { status: answer.status, headers: answer.headers });
  };
  const run = await openServerRunner(clientOf(killed, broken)).start({ ...request, settings }, { signal: never });
  const heard: RunEvent[] = [];
  let again: Opened | null = null;
  for await (const event of run.events) {
    heard.push(event);
    if (again === null && event.event.kind === "points") {
      killed.child.kill("SIGKILL");
      await killed.end;
      again = await openServer({ port: killed.port, store: openSqliteStore({ path: killed.store, ...clock }) });
    }
  }
  expect(connections).toBeGreaterThan(2);
  expect(again?.resumed).toEqual([run.id]);
  expect([run.summary.status, run.trouble]).toEqual(["done", null]);
  const set = ["iterations=250", "hiddenSizes=300", "trainRows=600", "optimizers=SGD,Adam"];
  const theirs = await runExperiment("optimizer-comparison", { set, backend: "wasm-simd", dtype: "float32" });
  expect(recordOf(heard).series).toEqual(theirs.series);
});

test("an abort stops the run; breaking off leaves it going, and another page may follow it", async () => {
  const server = await openServer();
  const runner = openServerRunner(clientOf(server));
  const stopping = new AbortController();
  const run = await runner.start(endless, { signal: stopping.signal });
  run.pace.speed(500);
  for await (const { event } of run.events) {
    if (event.kind === "points") {
      break;
    }
  }
  const shelf = await shelfOf(server);
  const record: RunDetail = await shelf.get(run.id);
  expect(record).toMatchObject({ status: "running", live: { state: "running" } });
  const leaving = new AbortController();
  const followed = runner.follow(record, record.upTo, leaving.signal);
  const { value } = await followed.events.next();
  expect(value).toBeDefined();
  leaving.abort();
  await followed.events.return();
  expect((await shelf.get(run.id)).status).toBe("running");
  await followed.stop();
  await vi.waitFor(async () => expect((await shelf.get(run.id)).status).toBe("interrupted"), { timeout: 300_000 });

  const other = await runner.start(endless, { signal: stopping.signal });
  const events = all(other.events);
  stopping.abort();
  await events;
  expect(other.summary.status).toBe("interrupted");
});

test("what the server refuses is said in a sentence, and so is a server that does not answer", async () => {
  const server = await openServer();
  const client = clientOf(server);
  const runner = openServerRunner(client);
  const wrong = { ...request, settings: { iterations: -1 } };
  await expect(runner.start(wrong, { signal: never })).rejects.toThrow(/iterations: must be/);
  await expect(client.ask("GET", "runs/20261124-053012-3f2a")).rejects.toMatchObject({
    kind: "missing",
    text: { en: expect.stringMatching(/must be the id/), ja: expect.stringMatching(/記録にありません/) },
  });
  await server.close();
  await expect(client.ask("GET", "runs")).rejects.toMatchObject({
    name: "UnreachableError",
    text: { ja: expect.stringMatching(/応答がない/) },
  });
});

test("the shelf lists, marks, deletes, and calls back when anything changes", async () => {
  const server = await openServer();
  const shelf = await shelfOf(server);
  let called = 0;
  const unsubscribe = shelf.subscribe(() => {
    called++;
  });
  const run = await openServerRunner(clientOf(server)).start(
    { ...book, experiment: { id: "optimizer-paths" }, settings: { iterations: 3 } },
    { signal: never },
  );
  await all(run.events);
  await vi.waitFor(() => expect(called).toBeGreaterThan(0), { timeout: 300_000 });
  expect(await shelf.list({ experiment: "optimizer-paths" })).toMatchObject([{ id: run.id, status: "done" }]);
  await shelf.mark(run.id, { label: "mine", pinned: true });
  expect(await shelf.get(run.id)).toMatchObject({ label: "mine", pinned: true });
  await shelf.delete(run.id);
  expect(await shelf.list()).toEqual([]);
  await expect(shelf.get(run.id)).rejects.toThrow(/must be the id/);
  unsubscribe();
});

test("a run that the page itself executes is recorded on the server, also when the server goes away for a while", async () => {
  const first = await startStudio(temporaryFolder());
  const shelf = await shelfOf(first);
  const theirs = await runExperiment("optimizer-paths", { set: ["iterations=30"], backend: "wasm-simd" });
  const { series, histograms: _h, checks: _c, events: _e, seconds, ...info } = theirs;
  const writer = await shelf.begin(info);
  const point = (from: number, to: number): RunEvent[] =>
    series.map(({ x, y, ...one }) => ({
      task: 0,
      event: { kind: "points", ...one, x: x.slice(from, to), y: y.slice(from, to) },
    }));
  writer.append(point(0, 10));
  await vi.waitFor(async () => expect((await shelf.get(writer.id)).series.length).toBeGreaterThan(0), {
    timeout: 300_000,
  });
  expect(await shelf.list()).toMatchObject([{ id: writer.id, status: "running", origin: "page" }]);
  first.child.kill("SIGKILL");
  await first.end;
  writer.append(point(10, 20));
  await vi.waitFor(() => expect(JSON.stringify(shelf.warning)).toMatch(/does not answer/), { timeout: 300_000 });
  await openServer({ port: first.port, store: openSqliteStore({ path: first.store, ...clock }) });
  writer.append(point(20, 31));
  await writer.finish("done", seconds);
  await vi.waitFor(async () => expect((await shelf.get(writer.id)).status).toBe("done"), { timeout: 300_000 });
  expect((await shelf.get(writer.id)).series).toEqual(series);
  expect(shelf.warning).toBeNull();
});

test("exported runs come back whole on another server, once", async () => {
  const server = await openServer();
  const shelf = await shelfOf(server);
  const run = await openServerRunner(clientOf(server)).start(
    { ...book, experiment: { id: "optimizer-paths" }, settings: { iterations: 2000 } },
    { signal: never },
  );
  await all(run.events);
  await shelf.mark(run.id, { label: "to be kept", pinned: true });
  const text = await shelf.export([run.id]);
  expect(text.length).toBeGreaterThan(100_000);
  const elsewhere = await shelfOf(await openServer());
  expect(await elsewhere.import(text)).toEqual([run.id]);
  expect(await elsewhere.import(text)).toEqual([run.id]);
  const [before, after] = [await shelf.get(run.id), await elsewhere.get(run.id)];
  expect(after).toEqual({ ...before, origin: "page", upTo: after.upTo });
  expect((await elsewhere.list()).length).toBe(1);
  await expect(elsewhere.import("{}")).rejects.toThrow(/import: /);
});

test("recorded events are cut into requests that the server takes, and nothing of them is lost", () => {
  const count = 50_000;
  const event: RunEvent = {
    task: 3,
    event: {
      kind: "points",
      run: "a",
      tags: {},
      metric: "loss",
      x: Array.from({ length: count }, (_, i) => i),
      y: Array.from({ length: count }, (_, i) => (i % 7 === 0 ? Number.NaN : -Math.PI / (i + 1e-7))),
    },
  };
  const groups = parts([event]);
  expect(Math.max(...groups.map((group) => JSON.stringify(group).length))).toBeLessThan(60_000);
  const y = groups.flat().flatMap(({ event: part }) => (part.kind === "points" ? part.y : []));
  expect(y).toEqual((event.event as { y: number[] }).y.map((value) => (Number.isFinite(value) ? value : null)));
  expect(parts([])).toEqual([]);
});

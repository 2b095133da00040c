import { hostname } from "node:os";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { runInfo } from "../support/run-info.ts";
import { chunksOf, clock, type Heard, openServer, type SseReader, studioFolder } from "./support.ts";

const point = (i: number, more = 0): RunEvent => ({
  task: 0,
  event: {
    kind: "points",
    run: "a",
    tags: {},
    metric: "loss",
    x: Array.from({ length: 1 + more }, (_, k) => i * (1 + more) + k),
    y: Array.from({ length: 1 + more }, (_, k) => k / 7),
  },
});
const counting = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

test("fifty who watch at once, some slowly and some from the middle, lose no event and get none twice", async () => {
  const server = await openServer();
  const other = openSqliteStore({ path: server.folder.store, ...clock });
  const writer = other.begin(runInfo());
  const chunks = 120;
  const watching: Promise<Heard[]>[] = [];
  for (let client = 0; client < 50; client++) {
    const from = client % 5 === 4 ? 10 : 0;
    const slow = client % 10 === 0 ? 8 : 0;
    const reader = server.stream(`/api/runs/${writer.id}/events?from=${from}`);
    watching.push(reader.until(({ event }) => event === "end", slow));
  }
  for (let i = 0; i < chunks; i++) {
    writer.append([point(i)]);
    if (i % 10 === 0) {
      await wait(30);
    }
  }
  writer.finish("done", { total: 1, train: 1 });
  const all = await Promise.all(watching);
  for (const [client, heard] of all.entries()) {
    const { numbers, events } = chunksOf(heard);
    const from = client % 5 === 4 ? 10 : 0;
    expect(numbers).toEqual(counting(chunks).slice(from));
    expect(events).toEqual(
      counting(chunks)
        .map((i) => point(i - 1))
        .slice(from),
    );
    expect(heard[0].event).toBe("state");
    expect(heard.at(-1)?.data).toMatchObject({ status: "done" });
  }
  other.close();
});

test("who loses the connection again and again hears everything once, by Last-Event-ID", async () => {
  const server = await openServer();
  const other = openSqliteStore({ path: server.folder.store, ...clock });
  const writer = other.begin(runInfo());
  const writing = (async () => {
    for (let i = 0; i < 60; i++) {
      writer.append([point(i)]);
      await wait(10);
    }
    writer.finish("done", { total: 1, train: 1 });
  })();
  const numbers: number[] = [];
  let last: Record<string, string> = {};
  let ended = false;
  for (let connection = 0; connection < 100 && !ended; connection++) {
    let heard = 0;
    for await (const { event, id } of server.stream(`/api/runs/${writer.id}/events?from=0`, last).events()) {
      ended ||= event === "end";
      if (event === "chunk") {
        numbers.push(id as number);
        last = { "last-event-id": String(id) };
        if (++heard === 7) {
          break;
        }
      }
    }
  }
  await writing;
  expect(numbers).toEqual(counting(60));
  other.close();
});

test("for one who does not read, no more is taken from the store than the connection holds, and nobody else waits", async () => {
  const folder = studioFolder();
  const store = openSqliteStore({ path: folder.store, ...clock });
  let taken = 0;
  const counted = new Proxy(store, {
    get(target, name) {
      const value = Reflect.get(target, name);
      if (typeof value !== "function") {
        return value;
      }
      return (...args: unknown[]) => {
        const result = value.apply(target, args);
        taken += name === "chunks" ? result.length : 0;
        return result;
      };
    },
  });
  const server = await openServer({ store: counted });
  const writer = store.begin(runInfo());
  // Some 30 MB, which the sockets' buffers cannot hold.
  const chunks = 150;
  for (let i = 0; i < chunks; i++) {
    writer.append([point(i, 10_000)]);
  }
  writer.finish("done", { total: 1, train: 1 });
  const sleepers = await Promise.all(
    counting(5).map(() => {
      const stopped = new AbortController();
      return server.ask(`/api/runs/${writer.id}/events`, { signal: stopped.signal }).then(() => stopped);
    }),
  );
  await wait(500);
  expect(taken).toBeLessThan(sleepers.length * chunks * 0.8);
  const heard = await server.stream(`/api/runs/${writer.id}/events`).until(({ event }) => event === "end");
  expect(chunksOf(heard).numbers).toEqual(counting(chunks));
  expect(taken).toBeLessThan((sleepers.length * 0.8 + 1) * chunks);
  for (const stopped of sleepers) {
    stopped.abort();
  }
});

test("closing the server ends every stream, and a reader of a deleted run is let go", async () => {
  const server = await openServer();
  const other = openSqliteStore({ path: server.folder.store, ...clock });
  const [gone, kept] = [other.begin(runInfo()), other.begin(runInfo())];
  let connected = 0;
  const drain = async (reader: SseReader) => {
    let count = 0;
    for await (const _ of reader.events()) {
      connected += count === 0 ? 1 : 0;
      count++;
    }
    return count;
  };
  const ofGone = drain(server.stream(`/api/runs/${gone.id}/events`));
  const others = [...counting(10).map(() => `/api/runs/${kept.id}/events`), "/api/events"].map((path) =>
    drain(server.stream(path)),
  );
  await expect.poll(() => connected, { timeout: 300_000 }).toBe(12);
  gone.finish("failed", { total: 1, train: 1 });
  other.delete(gone.id);
  await ofGone;
  await server.close();
  await Promise.all(others);
  other.close();
});

test("a run that was found dead and then deleted ends nobody's stream", async () => {
  const server = await openServer();
  const gone = openSqliteStore({
    path: server.folder.store,
    ...clock,
    owner: { pid: 2 ** 22 + 1, host: hostname(), birth: "" },
  });
  const { id } = gone.begin(runInfo());
  const found = await server.stream("/api/events").until(({ event, data }) => {
    const run = data as { id?: string; status?: string };
    return event === "run" && run.id === id && run.status === "interrupted";
  });
  expect(found.length).toBeGreaterThan(0);
  expect((await server.send("DELETE", `/api/runs/${id}`)).status).toBe(204);
  const later = server.stream("/api/events").until(({ event, data }) => {
    return event === "run" && (data as { id: string }).id !== id;
  });
  await wait(300);
  gone.begin(runInfo());
  expect((await later).some(({ event }) => event === "run")).toBe(true);
});

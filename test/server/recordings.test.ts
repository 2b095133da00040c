import { afterEach, expect, test, vi } from "vitest";
import { PageRecordings } from "../../src/server/runs/page-recordings.ts";
import { openMemoryStore } from "../../src/store/runs/memory.ts";
import { openServer } from "./support.ts";

const info = {
  tanren: "0.1.0",
  experiment: "sandbox",
  preset: "book",
  seed: 0,
  settings: { iterations: 3, "Adam.lr": 0.1, hiddenSizes: [3, 4], names: ["a"] },
  engine: { kernels: "wasm-simd", dtype: "float32" as const, workers: 1 },
  startedAt: "2026-11-24T05:30:12.000Z",
};
const events = (x: number[]) => [
  { task: 0, event: { kind: "points" as const, run: "a", tags: {}, metric: "loss", x, y: x.map(() => 1) } },
];

afterEach(() => void vi.useRealTimers());

test("what comes twice is taken once, what comes too early or after the end is refused", async () => {
  const server = await openServer();
  const { id } = (await (await server.send("POST", "/api/recordings", { info })).json()) as { id: string };
  const send = async (number: number, x: number[]) =>
    (await server.send("POST", `/api/recordings/${id}/events`, { number, events: events(x) })).status;
  expect(await send(1, [0, 1])).toBe(204);
  expect(await send(1, [0, 1])).toBe(204);
  expect(await send(3, [9])).toBe(409);
  expect(await send(2, [2])).toBe(204);
  expect(await (await server.ask(`/api/runs/${id}`)).json()).toMatchObject({
    origin: "page",
    status: "running",
    settings: info.settings,
    series: [{ x: [0, 1, 2] }],
  });
  const finish = async () =>
    (await server.send("POST", `/api/recordings/${id}/finish`, { status: "done", seconds: { total: 2, train: 1 } }))
      .status;
  expect(await finish()).toBe(200);
  expect(await finish()).toBe(200);
  expect(await send(3, [3])).toBe(409);
  expect((await server.send("POST", "/api/recordings", { info, id })).status).toBe(409);
});

test("a recording that is no record is refused, and a run of the server is no recording", async () => {
  const server = await openServer();
  for (const wrong of [
    {},
    { info: { ...info, startedAt: "yesterday" } },
    { info: { ...info, experiment: "../x" } },
    { info: { ...info, settings: { a: { b: 1 } } } },
    { info, id: "latest" },
  ]) {
    expect((await server.send("POST", "/api/recordings", wrong)).status).toBe(400);
  }
  const { id } = (await (await server.send("POST", "/api/recordings", { info })).json()) as { id: string };
  for (const wrong of [
    { number: 1, events: [{ task: 0, event: { kind: "points", run: "a", tags: {}, metric: "m", x: [0], y: [] } }] },
    { number: 1, events: [{ task: 0, event: { kind: "points", run: "a", tags: {}, metric: "m", x: [null], y: [1] } }] },
    { number: 1, events: [{ task: 0, event: { kind: "progress" } }] },
    { number: 1, events: [{ task: 0, event: { kind: "note", note: "words" } }] },
  ]) {
    expect((await server.send("POST", `/api/recordings/${id}/events`, wrong)).status).toBe(400);
  }
  expect(await (await server.ask(`/api/runs/${id}`)).json()).toMatchObject({ series: [], upTo: 0 });
  const run = await server.start({ experiment: "optimizer-paths", settings: { iterations: 2 } });
  const body = { status: "done", seconds: { total: 1, train: 1 } };
  expect((await server.send("POST", `/api/recordings/${run.id}/finish`, body)).status).toBe(409);
  expect(
    (await server.send("POST", `/api/recordings/${run.id}/events`, { number: 1, events: events([0]) })).status,
  ).toBe(409);
});

test("a page that says nothing for two minutes is taken for closed, one that lives is not", () => {
  vi.useFakeTimers();
  const store = openMemoryStore({ now: () => Date.now(), random: Math.random });
  const recordings = new PageRecordings(store, () => Date.now());
  const [quiet, alive] = [recordings.begin(info), recordings.begin(info)];
  for (let i = 0; i < 6; i++) {
    vi.advanceTimersByTime(30_000);
    recordings.append(alive.id, 0, []);
  }
  expect(store.summary(quiet.id).status).toBe("interrupted");
  expect(store.summary(alive.id).status).toBe("running");
  expect(() => recordings.append(quiet.id, 1, events([0]))).toThrow(/must be one that a page records/);
  recordings.close();
});

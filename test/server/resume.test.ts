import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { Replay } from "../../src/runs/replay.ts";
import type { RunDetail, RunSummary } from "../../src/server/api.ts";
import { temporaryFolder } from "../support/cli.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { runInfo } from "../support/run-info.ts";
import { chunksOf, clock, openServer, SseReader, startStudio } from "./support.ts";

async function startRun(url: string, body: object): Promise<RunSummary> {
  const answer = await fetch(`${url}/api/runs`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(201);
  return (await answer.json()) as RunSummary;
}

const detailOf = async (url: string, id: string) => (await (await fetch(`${url}/api/runs/${id}`)).json()) as RunDetail;

test("kill -9 in mid-run and start again: every run is intact, and the one that went on ends with the same bits", async () => {
  const home = temporaryFolder();
  const settings = { iterations: 200, scales: 4, hiddenSizes: [30], trainRows: 2000 };
  const set = ["iterations=200", "scales=4", "hiddenSizes=30", "trainRows=2000"];
  const first = await startStudio(home);
  const before = await startRun(first.url, { experiment: "optimizer-paths", settings: { iterations: 5 } });
  await new SseReader(`${first.url}/api/runs/${before.id}/events`).until(({ event }) => event === "end");
  const whole = await detailOf(first.url, before.id);

  const { id } = await startRun(first.url, { experiment: "batchnorm-scales", settings, backend: "wasm-simd" });
  // Killed when the first tasks have ended and others go on.
  const heard = await new SseReader(`${first.url}/api/runs/${id}/events`).until(
    ({ event, data }) => event === "chunk" && (data as RunEvent[]).some((one) => one.event.kind === "ended"),
  );
  first.child.kill("SIGKILL");
  await first.end;
  const store = openSqliteStore({ path: join(home, "tanren.sqlite"), ...clock });
  expect(store.summary(id).status).toBe("interrupted");
  const left = store.get(id);
  expect(left.series.length).toBeGreaterThan(0);
  expect(left.series.some(({ y }) => y.length < 20) || left.series.length < 8).toBe(true);
  store.close();

  const second = await startStudio(home);
  expect(await detailOf(second.url, before.id)).toEqual(whole);
  // A page that was watching goes on where it was.
  const from = chunksOf(heard).numbers.at(-1) as number;
  const rest = await new SseReader(`${second.url}/api/runs/${id}/events`, { "last-event-id": String(from) }).until(
    ({ event }) => event === "end",
  );
  const numbers = [...chunksOf(heard).numbers, ...chunksOf(rest).numbers];
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  const done = await detailOf(second.url, id);
  expect(done).toMatchObject({ status: "done", id, upTo: numbers.length });
  const theirs = await runExperiment("batchnorm-scales", { set, backend: "wasm-simd", dtype: "float32" });
  expect(done.series).toEqual(theirs.series);
  const all = [...chunksOf(heard).events, ...chunksOf(rest).events];
  expect(
    all
      .filter(({ event }) => event.kind === "ended")
      .map(({ task }) => task)
      .sort((a, b) => a - b),
  ).toEqual(Array.from({ length: 8 }, (_, task) => task));

  second.child.kill("SIGINT");
  const { status, stdout, stderr } = await second.end;
  expect(status).toBe(0);
  expect(stderr).toMatch(/^Without a token.*\n$/);
  expect(stdout).toContain(`goes on with run ${id}`);
});

test("Ctrl-C ends with 0 and leaves what trains to be gone on with; a run that a person stopped is not", async () => {
  const home = temporaryFolder();
  const first = await startStudio(home);
  const settings = { iterations: 1_000_000, hiddenSizes: [20], trainRows: 600, optimizers: ["SGD"] };
  const stopped = await startRun(first.url, { experiment: "optimizer-comparison", settings });
  const kept = await startRun(first.url, { experiment: "optimizer-comparison", settings, seed: 1 });
  for (const { id } of [stopped, kept]) {
    await new SseReader(`${first.url}/api/runs/${id}/events`).until(({ event }) => event === "chunk");
  }
  await fetch(`${first.url}/api/runs/${stopped.id}/stop`, { method: "POST" });
  await new SseReader(`${first.url}/api/runs/${stopped.id}/events`).until(({ event }) => event === "end");
  const watching = new SseReader(`${first.url}/api/events`).until(() => false).catch((error: Error) => error.message);
  await wait(200);
  first.child.kill("SIGINT");
  expect((await first.end).status).toBe(0);
  expect(await watching).toMatch(/the stream ended/);

  const second = await startStudio(home);
  expect((await detailOf(second.url, stopped.id)).status).toBe("interrupted");
  const { status, events } = await detailOf(second.url, kept.id);
  expect(status).toBe("running");
  expect(events).toEqual([]);
  const { live } = await detailOf(second.url, kept.id);
  expect(live).not.toBeNull();
  second.child.kill("SIGTERM");
  expect((await second.end).status).toBe(0);
});

test("a run that this engine would not repeat to the bit is not gone on with, and says why", async () => {
  const home = temporaryFolder();
  const path = join(home, "runs.sqlite");
  const dead = { pid: 2 ** 22 - 7, host: (await import("node:os")).hostname(), birth: "never" };
  const store = openSqliteStore({ path, ...clock, owner: dead });
  const info = {
    ...runInfo(),
    tanren: "0.0.1",
    experiment: "optimizer-paths",
    origin: "server" as const,
  };
  const old = store.begin(info);
  const current = { ...info, tanren: (await import("../../src/core/version.ts")).version };
  const elsewhere = store.begin({ ...current, engine: { ...info.engine, kernels: "native-sve" } });
  const ofCli = store.begin({ ...current, origin: "cli" });
  // Begun on this engine, but what was recorded is not what it computes.
  const other = store.begin(current);
  other.append([{ task: 0, event: { kind: "points", run: "SGD", tags: {}, metric: "x", x: [0], y: [123] } }]);
  store.close();
  const server = await openServer({ store: openSqliteStore({ path, ...clock }) });
  expect(server.resumed).toEqual([other.id]);
  const found = async (id: string) => (await (await server.ask(`/api/runs/${id}`)).json()) as RunDetail;
  expect(await found(old.id)).toMatchObject({
    status: "interrupted",
    events: [{ message: expect.stringMatching(/0\.0\.1/) }],
  });
  expect(await found(elsewhere.id)).toMatchObject({
    status: "interrupted",
    events: [{ message: expect.stringMatching(/native-sve/) }],
  });
  expect((await found(ofCli.id)).status).toBe("interrupted");
  await server.stream(`/api/runs/${other.id}/events`).until(({ event }) => event === "end");
  expect(await found(other.id)).toMatchObject({
    status: "failed",
    events: [{ message: expect.stringMatching(/must give the same numbers again/) }],
  });
});

test("a repetition passes on only what was not recorded, however it is cut into pieces", () => {
  const points = (x: number[], run = "a"): RunEvent => ({
    task: 0,
    event: { kind: "points", run, tags: {}, metric: "loss", x, y: x.map((at) => (at === 2 ? null : at / 3)) },
  });
  const note = (step: number): RunEvent => ({
    task: 0,
    event: { kind: "note", note: { kind: "continued", run: "a", tags: {}, step } },
  });
  const replay = new Replay([points([0, 1]), note(0), points([2]), { task: 1, event: { kind: "ended" } }]);
  expect([replay.ended(0), replay.ended(1)]).toEqual([false, true]);
  expect(replay.rest(points([0]))).toBeNull();
  expect(replay.rest(points([0, 1], "b"))).toEqual(points([0, 1], "b"));
  expect(replay.rest(note(0))).toBeNull();
  expect(replay.rest(points([1, 2, 3, 4]))).toEqual(points([3, 4]));
  expect(replay.rest(note(1))).toEqual(note(1));
  expect(replay.rest(points([5]))).toEqual(points([5]));
  const strict = new Replay([points([0, 1]), note(0)]);
  expect(() => strict.rest(note(7))).toThrow(/same numbers/);
  expect(() => strict.rest(points([0, 1.5]))).toThrow(/same numbers/);
});

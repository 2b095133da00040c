import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { Recorder } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import type { RunDetail, RunList, RunSummary } from "../../src/server/api.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { runInfo } from "../support/run-info.ts";
import { chunksOf, clock, openServer } from "./support.ts";

const small = { iterations: 60, hiddenSizes: [20], trainRows: 600 };
const endless = { iterations: 1_000_000, hiddenSizes: [20], trainRows: 600 };

test("a run started by a page gives the same bits as the command line's, and is drawn and exported", async () => {
  const server = await openServer();
  const run = await server.start({
    experiment: "optimizer-comparison",
    settings: small,
    seed: 3,
    backend: "wasm-simd",
  });
  expect(run).toMatchObject({ status: "running", origin: "server", live: { state: "queued" } });
  const heard = await server.stream(`/api/runs/${run.id}/events`).until(({ event }) => event === "end");
  expect(heard.at(-1)?.data).toMatchObject({ status: "done", live: null });

  const set = ["iterations=60", "hiddenSizes=20", "trainRows=600"];
  const theirs = await runExperiment("optimizer-comparison", { set, seed: 3, backend: "wasm-simd", dtype: "float32" });
  const recorder = new Recorder();
  for (const event of chunksOf(heard).events) {
    recorder.add(event);
  }
  expect(recorder.recorded().series).toEqual(theirs.series);
  const detail = (await (await server.ask(`/api/runs/${run.id}`)).json()) as RunDetail;
  expect(detail.series).toEqual(theirs.series);
  expect(detail.upTo).toBe(chunksOf(heard).numbers.at(-1));

  const exported = await server.ask(`/api/runs/${run.id}/run.json`);
  expect(exported.headers.get("content-disposition")).toContain(`${run.id}-run.json`);
  const record = await exported.json();
  expect(record).toMatchObject({ experiment: "optimizer-comparison", seed: 3, settings: small });
  expect(Object.keys(record)).not.toContain("origin");
  expect(await (await server.ask(`/api/runs/${run.id}/series.csv`)).text()).toMatch(/^run,metric,x,y\nSGD,loss,0,/);
  const svg = await (await server.ask(`/api/runs/${run.id}/figure.svg?lang=ja&width=500`)).text();
  expect(svg).toMatch(/^<svg .*更新/s);
  expect((await server.ask(`/api/runs/${run.id}/figure.svg?figure=nothing`)).status).toBe(404);
});

test("a run that waits for a thread is queued, though it is planned and its data are told", async () => {
  const server = await openServer({ threads: 1 });
  const settings = { ...endless, optimizers: ["SGD"] };
  const start = () => server.start({ experiment: "optimizer-comparison", settings });
  const heard = ({ id }: RunSummary, wanted: string) =>
    server.stream(`/api/runs/${id}/events`).until(({ event }) => event === wanted);
  const first = await start();
  await heard(first, "progress");
  // Both wait to be planned; both are, before one of them trains.
  const [second, third] = [await start(), await start()];
  await server.send("POST", `/api/runs/${first.id}/stop`);
  await heard(second, "progress");
  await heard(third, "chunk");
  const detail = (await (await server.ask(`/api/runs/${third.id}`)).json()) as RunDetail;
  expect(detail.live).toMatchObject({ state: "queued", tasks: 1, share: 0 });
  const training = (await (await server.ask(`/api/runs/${second.id}`)).json()) as RunDetail;
  expect(training.live?.share).toBeGreaterThan(0);
  expect(training.live?.share).toBeLessThan(0.9);
});

test("pause holds a run, step lets one iteration through, resume goes on, stop keeps what was recorded", async () => {
  const server = await openServer();
  const settings = { ...endless, optimizers: ["SGD"] };
  const { id } = await server.start({ experiment: "optimizer-comparison", settings });
  const points = async () =>
    ((await (await server.ask(`/api/runs/${id}`)).json()) as RunDetail).series[0]?.y.length ?? 0;
  const until = async (fits: (count: number) => boolean) => {
    for (let i = 0; i < 100; i++) {
      const count = await points();
      if (fits(count)) {
        return count;
      }
      await wait(50);
    }
    throw new Error("not in 5 s");
  };
  await until((count) => count > 0);
  const paused = (await (await server.send("POST", `/api/runs/${id}/pause`)).json()) as RunSummary;
  expect(paused.live?.state).toBe("paused");
  await wait(400);
  const held = await points();
  await wait(300);
  expect(await points()).toBe(held);
  await server.send("POST", `/api/runs/${id}/step`, { iterations: 3 });
  expect(await until((count) => count > held)).toBeLessThanOrEqual(held + 3);
  expect(await until((count) => count >= held + 3)).toBe(held + 3);

  // A held run keeps nobody waiting.
  const other = await server.start({ experiment: "optimizer-paths", settings: { iterations: 3 } });
  await server.stream(`/api/runs/${other.id}/events`).until(({ event }) => event === "end");

  await server.send("POST", `/api/runs/${id}/resume`);
  await until((count) => count > held + 100);
  await server.send("POST", `/api/runs/${id}/speed`, { perSecond: 20 });
  expect((await server.send("DELETE", `/api/runs/${id}`)).status).toBe(409);
  expect((await server.send("POST", `/api/runs/${id}/stop`)).status).toBe(200);
  const heard = await server.stream(`/api/runs/${id}/events?from=1`).until(({ event }) => event === "end");
  expect(heard.at(-1)?.data).toMatchObject({ status: "interrupted" });
  expect(chunksOf(heard).numbers[0]).toBe(2);
  expect(await points()).toBeGreaterThan(held + 100);
  for (const action of ["stop", "pause", "resume"]) {
    expect((await server.send("POST", `/api/runs/${id}/${action}`)).status).toBe(409);
  }
});

test("a run that is held and stopped before its first iteration ends all the same", async () => {
  const server = await openServer({ threads: 1 });
  const runs = [];
  for (let i = 0; i < 3; i++) {
    runs.push(await server.start({ experiment: "optimizer-comparison", settings: endless }));
  }
  await server.send("POST", `/api/runs/${runs[1].id}/pause`);
  for (const { id } of runs.reverse()) {
    expect((await server.send("POST", `/api/runs/${id}/stop`)).status).toBe(200);
  }
  for (const { id } of runs) {
    const heard = await server.stream(`/api/runs/${id}/events`).until(({ event }) => event === "end");
    expect(heard.at(-1)?.data).toMatchObject({ status: "interrupted" });
  }
});

test("names, pins, lists by pages and deletes", async () => {
  const server = await openServer();
  const ids: string[] = [];
  for (let seed = 0; seed < 3; seed++) {
    const { id } = await server.start({ experiment: "optimizer-paths", settings: { iterations: 2 }, seed });
    await server.stream(`/api/runs/${id}/events`).until(({ event }) => event === "end");
    ids.unshift(id);
  }
  const marked = await server.send("PATCH", `/api/runs/${ids[2]}`, { label: "  the first <b>  ", pinned: true });
  expect(await marked.json()).toMatchObject({ id: ids[2], label: "the first <b>", pinned: true });
  expect(await (await server.send("PATCH", `/api/runs/${ids[2]}`, { label: "  " })).json()).toMatchObject({
    label: null,
  });
  expect((await server.send("PATCH", `/api/runs/${ids[2]}`, { label: 7 })).status).toBe(400);
  expect((await server.send("PATCH", `/api/runs/${ids[2]}`, { status: "done" })).status).toBe(400);

  const page = (await (await server.ask("/api/runs?limit=2")).json()) as RunList;
  expect([page.runs.map(({ id }) => id), page.more]).toEqual([ids.slice(0, 2), true]);
  const rest = (await (await server.ask(`/api/runs?limit=2&before=${ids[1]}`)).json()) as RunList;
  expect([rest.runs.map(({ id }) => id), rest.more]).toEqual([ids.slice(2), false]);
  const none = (await (await server.ask("/api/runs?experiment=dropout&status=done")).json()) as RunList;
  expect(none.runs).toEqual([]);

  expect((await server.send("DELETE", `/api/runs/${ids[0]}`)).status).toBe(204);
  expect((await server.ask(`/api/runs/${ids[0]}`)).status).toBe(404);
  expect((await server.send("DELETE", `/api/runs/${ids[0]}`)).status).toBe(404);
});

test("whoever watches hears of runs begun, changed and deleted, by the command line too", async () => {
  const server = await openServer();
  const other = openSqliteStore({ path: server.folder.store, ...clock });
  const watching = server.stream("/api/events").events();
  const { value: first } = await watching.next();
  expect(first).toMatchObject({ event: "revision" });
  const info = runInfo();
  const told = async (wanted: string) => {
    for (let i = 0; i < 20; i++) {
      const { value } = await watching.next();
      if (value?.event === wanted) {
        return value;
      }
    }
    throw new Error(`no ${wanted}`);
  };
  const writer = other.begin(info);
  expect((await told("run")).data).toMatchObject({ id: writer.id, status: "running", origin: "cli", live: null });
  expect((await server.send("POST", `/api/runs/${writer.id}/stop`)).status).toBe(409);
  writer.finish("done", { total: 1, train: 1 });
  expect((await told("run")).data).toMatchObject({ id: writer.id, status: "done" });
  const revision = await told("revision");
  other.delete(writer.id);
  expect((await told("deleted")).data).toEqual({ id: writer.id });
  await watching.return();
  // Who was away hears of it afterwards.
  const again = server.stream("/api/events", { "last-event-id": String(revision.id) });
  expect((await again.until(({ event }) => event === "deleted")).at(-1)?.data).toEqual({ id: writer.id });
  // A revision of another store counts for nothing.
  const lost = server.stream("/api/events", { "last-event-id": "99999999" });
  expect((await lost.until(() => true))[0].id).toBeLessThan(100);
  other.close();
});

test("a data set that is not there, or a task that fails, ends the run as failed and tells no path", async () => {
  const server = await openServer({ data: "/nowhere/at/all" });
  const { id } = await server.start({ experiment: "optimizer-comparison", settings: small });
  const heard = await server.stream(`/api/runs/${id}/events`).until(({ event }) => event === "end");
  expect(heard.at(-1)?.data).toMatchObject({ status: "failed" });
  const text = JSON.stringify(heard);
  expect(text).toMatch(/mnist must be there/);
  expect(text).not.toMatch(/nowhere/);
  expect(server.lines.join()).toMatch(/nowhere/);
});

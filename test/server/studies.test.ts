import { expect, onTestFinished, test } from "vitest";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { resumeStudy } from "../../src/node/study/resume.ts";
import type { StudyDetail, StudyList } from "../../src/server/api.ts";
import type { StudySpec } from "../../src/store/studies/study-store.ts";
import { clock, openServer, studioFolder } from "./support.ts";

const spec: StudySpec = {
  name: "ravine / 谷",
  direction: "minimize",
  seed: 1,
  sampler: { name: "random" },
  pruner: null,
  space: { lr: { kind: "real", low: 1e-4, high: 1, scale: "log" } },
  objective: { name: "made up" },
  constraints: 0,
};

/** A network given by flags: what a page may go on with. */
const network = {
  kind: "builtin",
  name: "network",
  settings: {
    ...{ data: "mnist", model: "mlp", fixed: { epochs: 1, trainRows: 200, hiddenSizes: [5] } },
    ...{
      space: { lr: { kind: "real", low: 1e-3, high: 1, scale: "log" } },
      seed: 0,
      backend: "wasm",
      dtype: "float32",
    },
  },
};

test("searches are listed, read whole and watched while others work on them", async () => {
  const folder = studioFolder();
  const server = await openServer({
    store: openSqliteStore({ path: folder.store, ...clock }),
    studies: await openStudyStore(folder.store),
  });
  expect(await (await server.ask("/api/studies")).json()).toEqual({ studies: [] });
  // Another process, as far as the store can tell.
  const worker = await openStudyStore(folder.store);
  const { id } = await worker.createStudy(spec);
  await worker.request(id, 2);
  const { studies } = (await (await server.ask("/api/studies")).json()) as StudyList;
  expect(studies).toMatchObject([{ name: spec.name, counts: { waiting: 2 }, best: null }]);
  const path = `/api/studies/${encodeURIComponent(spec.name)}`;
  const detail = (await (await server.ask(path)).json()) as StudyDetail;
  expect(detail.study).toMatchObject(spec);
  expect(detail.trials.map(({ state }) => state)).toEqual(["waiting", "waiting"]);

  const watching = server.stream(`${path}/events?from=${detail.revision}`).events();
  const next = async () => {
    const { value } = await watching.next();
    return value as unknown as { id: number; data: Pick<StudyDetail, "trials"> };
  };
  const sampled = { params: { lr: 0.1 }, distributions: spec.space! };
  const claimed = await worker.claim(id, { worker: "w", leaseMs: 60_000, sample: () => sampled });
  const begun = await next();
  expect(begun.data.trials).toMatchObject([{ number: 0, state: "running", params: { lr: 0.1 } }]);
  await worker.report(claimed!, [{ step: 0, value: 3 }]);
  expect((await next()).data.trials).toMatchObject([{ number: 0, intermediate: [{ step: 0, value: 3 }] }]);
  await worker.finish(claimed!, { state: "complete", value: 2 });
  expect((await next()).data.trials).toMatchObject([{ number: 0, state: "complete", value: 2 }]);
  await watching.return();

  const again = server.stream(`${path}/events`, { "last-event-id": String(begun.id) });
  expect((await again.until(() => true))[0].data).toMatchObject({ trials: [{ number: 0, state: "complete" }] });
  expect((await server.ask("/api/studies/nothing")).status).toBe(404);
  expect((await server.ask(`/api/studies/${"x".repeat(2000)}/events`)).status).toBe(404);
  expect((await server.ask(`${path}/events?from=x`)).status).toBe(400);
  await worker.close();
});

test("a server without a store of studies has none", async () => {
  const server = await openServer();
  expect(await (await server.ask("/api/studies")).json()).toEqual({ studies: [] });
  expect((await server.ask("/api/studies/any")).status).toBe(404);
});

test("a network's search is gone on with from a page; a program's is refused; one that has ended can be deleted", async () => {
  const folder = studioFolder();
  const studies = await openStudyStore(folder.store);
  const server = await openServer({ store: openSqliteStore({ path: folder.store, ...clock }), studies });
  const { id, name } = await studies.createStudy({
    ...spec,
    name: "network",
    space: null,
    objective: network,
  } as StudySpec);
  await studies.createStudy({ ...spec, name: "program", objective: { kind: "module", path: "objective.ts" } });
  const post = (path: string, body: unknown) =>
    server.ask(path, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json" },
    });
  expect((await post("/api/studies/program/resume", { trials: 1 })).status).toBe(403);
  expect((await post("/api/studies/network/resume", { trials: 0 })).status).toBe(400);
  expect((await post("/api/studies/nothing/resume", { trials: 1 })).status).toBe(404);
  expect((await post("/api/studies/network/stop", {})).status).toBe(409);
  expect((await post("/api/studies/network/resume", { trials: 2 })).status).toBe(204);
  await expect
    .poll(async () => (await studies.trials(id)).trials.filter(({ state }) => state === "complete").length, {
      timeout: 300_000,
    })
    .toBe(2);
  const path = `/api/studies/${name}`;
  await expect.poll(async () => (await server.ask(path, { method: "DELETE" })).status, { timeout: 300_000 }).toBe(204);
  expect((await server.ask(path)).status).toBe(404);
});

test("a hundred thousand trials asked for from a page are stopped from a page, and nothing is left running", async () => {
  const folder = studioFolder();
  const studies = await openStudyStore(folder.store);
  const server = await openServer({ store: openSqliteStore({ path: folder.store, ...clock }), studies });
  const { id } = await studies.createStudy({ ...spec, name: "long", space: null, objective: network } as StudySpec);
  const ask = (what: string) => server.send("POST", `/api/studies/long/${what}`, { trials: 100_000 });
  const both = await Promise.all([ask("resume"), ask("resume")]);
  expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
  const listed = async () => ((await (await server.ask("/api/studies")).json()) as StudyList).studies[0];
  expect(await listed()).toMatchObject({ here: true });
  await expect.poll(async () => (await listed()).counts.running, { timeout: 300_000 }).toBeGreaterThan(0);
  expect((await ask("stop")).status).toBe(204);
  expect(await listed()).toMatchObject({ here: false, counts: { running: 0 } });
  const { trials } = await studies.trials(id);
  expect(trials.length).toBeLessThan(1000);
  expect((await ask("stop")).status).toBe(409);
  expect((await server.ask("/api/studies/long", { method: "DELETE" })).status).toBe(204);
});

test("a study whose process died with a trial under way can be deleted; one that is worked on cannot", async () => {
  const folder = studioFolder();
  const studies = await openStudyStore(folder.store);
  const server = await openServer({ store: openSqliteStore({ path: folder.store, ...clock }), studies });
  const remove = (name: string) => server.ask(`/api/studies/${name}`, { method: "DELETE" });
  const yesterday = await openStudyStore(folder.store, { now: () => Date.now() - 86_400_000 });
  onTestFinished(() => yesterday.close());
  for (const [name, store] of [
    ["dead", yesterday],
    ["live", studies],
  ] as const) {
    const record = await store.createStudy({ ...spec, name, space: null, objective: network } as StudySpec);
    await (await resumeStudy(store, record, { worker: "elsewhere", leaseMs: 60_000 })).ask();
  }
  const refused = await remove("live");
  expect(refused.status).toBe(409);
  expect(await refused.text()).toContain("got trial 0 at work. Stop its workers first.");
  expect((await remove("dead")).status).toBe(204);
});

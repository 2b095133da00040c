import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { inLanguage } from "../../src/core/text.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import type { RunList, ServerInfo, StudyList } from "../../src/server/api.ts";
import { openServerClient } from "../../src/web/served/client.ts";
import { openServerShelf } from "../../src/web/served/shelf.ts";
import { openServerStudies } from "../../src/web/served/studies.ts";
import { runInfo } from "../support/run-info.ts";
import { chunksOf, clock, openServer, studioFolder } from "./support.ts";

test.each([
  ["settings", "{"],
  ["settings", "null"],
  ["engine", "[]"],
  ["engine", "{}"],
  ["started_at", "yesterday"],
])(
  "a run whose %s are %s is named and set aside; the others are shown, and it can be deleted",
  async (column, text) => {
    const server = await openServer();
    const store = openSqliteStore({ path: server.folder.store, ...clock });
    const ids = [0, 1, 2].map(() => {
      const writer = store.begin(runInfo());
      writer.finish("done", { total: 1, train: 1 });
      return writer.id;
    });
    store.close();
    const [, bad] = ids;
    const sound = [ids[2], ids[0]];
    const db = new DatabaseSync(server.folder.store);
    db.prepare(`UPDATE runs SET ${column} = ? WHERE id = ?`).run(text, bad);
    db.close();

    const list = (await (await server.ask("/api/runs")).json()) as RunList;
    expect(list.runs.map(({ id }) => id)).toEqual(sound);
    expect(list.damaged).toEqual([{ id: bad, reason: expect.any(String) }]);
    for (const path of [`/api/runs/${bad}`, `/api/runs/${bad}/run.json`, `/api/runs/${bad}/figure.svg`]) {
      const answer = await server.ask(path);
      const said = await answer.text();
      expect([path, answer.status]).toEqual([path, 500]);
      expect(said).toMatch(/must be readable, got .*Restore a copy/);
      expect(said).not.toContain(server.folder.home);
    }

    const client = openServerClient(`http://127.0.0.1:${server.port}/api/`);
    const shelf = openServerShelf({ client, info: await client.ask<ServerInfo>("GET", "info") });
    expect((await shelf.list()).map(({ id }) => id)).toEqual(sound);
    expect(inLanguage(shelf.warning!, "en")).toContain(bad);
    expect(inLanguage(shelf.warning!, "ja")).toMatch(/壊れていて読めません/);
    await shelf.delete(bad);
    expect((await shelf.list()).map(({ id }) => id)).toEqual(sound);
    expect(shelf.warning).toBeNull();
    expect(server.lines).toEqual([]);
  },
);

test("a run of whose record a part is missing is streamed to its end, with a note in the place of what is missing", async () => {
  const server = await openServer();
  const store = openSqliteStore({ path: server.folder.store, ...clock });
  const writer = store.begin(runInfo());
  for (const x of [1, 2, 3, 4, 5]) {
    writer.append([{ task: 0, event: { kind: "points", run: "a", tags: {}, metric: "loss", x: [x], y: [x] } }]);
  }
  writer.finish("done", { total: 1, train: 1 });
  store.close();
  const db = new DatabaseSync(server.folder.store);
  db.prepare("DELETE FROM chunks WHERE number IN (2, 3)").run();
  db.close();
  const heard = await server.stream(`/api/runs/${writer.id}/events`).until(({ event }) => event === "end");
  const { numbers, events } = chunksOf(heard);
  expect(numbers).toEqual([1, 3, 4, 5]);
  expect(events[1].event).toMatchObject({ kind: "note", note: { kind: "damaged" } });
});

test("a study whose row is damaged is named beside the others, in both languages, and can be deleted", async () => {
  const path = join(studioFolder().home, "studies.sqlite");
  const studies = await openStudyStore(path);
  for (const name of ["first", "second"]) {
    const spec = { name, direction: "minimize", seed: 0, sampler: { name: "random" }, pruner: null } as const;
    await studies.createStudy({ ...spec, space: null, objective: "x", constraints: 0 });
  }
  const db = new DatabaseSync(path);
  db.prepare("UPDATE studies SET sampler = '{' WHERE name = 'first'").run();
  db.close();
  const server = await openServer({ studies });
  const list = (await (await server.ask("/api/studies")).json()) as StudyList;
  expect(list.studies.map(({ name }) => name)).toEqual(["second"]);
  expect(list.damaged).toEqual([{ name: "first", reason: "a sampler that is no JSON" }]);
  for (const path of ["/api/studies/first", "/api/studies/first/events"]) {
    const answer = await server.ask(path);
    expect([path, answer.status]).toEqual([path, 500]);
    expect(await answer.text()).toMatch(/must be readable, got .*Restore a copy.*壊れていて読めません/);
  }
  const source = openServerStudies(openServerClient(`http://127.0.0.1:${server.port}/api/`));
  expect((await source.list()).map(({ name }) => name)).toEqual(["second"]);
  expect(inLanguage(source.warning!, "en")).toContain("study first");
  await source.delete!("first");
  expect((await source.list()).map(({ name }) => name)).toEqual(["second"]);
  expect(source.warning).toBeNull();
  expect(server.lines).toEqual([]);
});

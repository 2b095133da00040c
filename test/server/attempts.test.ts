import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { version } from "../../src/core/version.ts";
import { noteText } from "../../src/experiments/note-text.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import type { RunDetail } from "../../src/server/api.ts";
import type { Owner } from "../../src/store/runs/run-rows.ts";
import type { RunInfo } from "../../src/store/runs/run-store.ts";
import { temporaryFolder } from "../support/cli.ts";
import { clock, openServer } from "./support.ts";

const info = {
  tanren: version,
  experiment: "optimizer-paths",
  preset: "book",
  seed: 0,
  settings: { iterations: 5 },
  engine: { kernels: "wasm-simd", dtype: "float32" as const, workers: 1 },
  startedAt: new Date().toISOString(),
  origin: "server" as const,
};

/** A process that is gone by the time anybody looks. */
const dead = (number: number): Owner => ({ pid: 2 ** 22 - 7 - number, host: hostname(), birth: "never" });

/** Runs whose process died while they went on for the so-manieth time. */
function leftBehind(attempts: readonly number[], what: RunInfo = info) {
  const path = join(temporaryFolder(), "runs.sqlite");
  const store = openSqliteStore({ path, ...clock, owner: dead(0) });
  const ids = attempts.map((count) => {
    const writer = store.begin(what);
    for (let i = 0; i < count; i++) {
      writer.attempt();
    }
    return writer.id;
  });
  store.close();
  return { ids, open: (owner?: Owner) => openSqliteStore({ path, ...clock, owner }) };
}

test("a run that ended its process three times in a row is given up, and says why in both languages", async () => {
  const { ids, open } = leftBehind([3, 2, 0]);
  const server = await openServer({ store: open() });
  expect(server.resumed).toEqual(ids.slice(1));
  const given = (await (await server.ask(`/api/runs/${ids[0]}`)).json()) as RunDetail;
  expect(given.status).toBe("failed");
  expect(noteText(given.events[0])).toEqual({
    en: expect.stringMatching(/ended without a word 3 times in a row.*smaller network or smaller batches/),
    ja: expect.stringMatching(/3回続けて.*バッチを小さくして/),
  });
  expect(server.lines.join("\n")).toMatch(new RegExp(`${ids[0]} cannot be gone on with: .* 3 times in a row`));
  for (const id of ids.slice(1)) {
    await server.stream(`/api/runs/${id}/events`).until(({ event }) => event === "end");
    expect(((await (await server.ask(`/api/runs/${id}`)).json()) as RunDetail).status).toBe("done");
  }
});

test("the bound is an option, and suspects go one at a time", async () => {
  const { ids, open } = leftBehind([5, 5, 5]);
  const server = await openServer({ store: open(), attempts: 6 });
  expect(server.resumed).toEqual(ids);
  await Promise.all(ids.map((id) => server.stream(`/api/runs/${id}/events`).until(({ event }) => event === "end")));
  const store = open();
  for (const id of ids) {
    expect(store.summary(id).status).toBe("done");
  }
  store.close();
});

test("a server that ends in good order counts nothing, neither for what trained nor for what was in line", async () => {
  const long = { iterations: 1_000_000, hiddenSizes: [20], trainRows: 600, optimizers: ["SGD"] };
  const { ids, open } = leftBehind([2, 2], { ...info, experiment: "optimizer-comparison", settings: long });
  for (let life = 0; life < 3; life++) {
    const server = await openServer({ store: open(dead(life + 1)) });
    expect(server.resumed).toEqual(ids);
    await server.close();
  }
  const store = open();
  expect(store.abandoned("server").map(({ id }) => id)).toEqual(ids);
  for (const id of ids) {
    expect(store.resume(id).attempts).toBeLessThanOrEqual(2);
  }
  store.close();
});

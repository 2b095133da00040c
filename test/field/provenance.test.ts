import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { RunRecord } from "../../src/core/record.ts";
import { experimentNamed } from "../../src/experiments/registry.ts";
import { recordRun, runInfo } from "../../src/runs/session.ts";
import { openMemoryStore } from "../../src/store/runs/memory.ts";
import { importedRuns } from "../../src/web/shelf/transfer.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";
import { writeIdxFolder } from "../support/idx.ts";

const small = [
  "--set",
  "iterations=3",
  "--set",
  "hiddenSizes=8",
  "--set",
  "trainRows=200",
  "--backend",
  "wasm",
  "--quiet",
];

test("a run says which data it read, and two runs on different data are said to differ by name", async () => {
  const home = temporaryFolder();
  const other = writeIdxFolder(join(home, "other set"));
  const run = (name: string, more: string[]) =>
    tanren(["run", "optimizer-comparison", ...small, "--out", join(home, name), ...more], { home });
  for (const [name, more] of [
    ["a", []],
    ["b", ["--data", other]],
  ] as const) {
    expect(await run(name, [...more])).toMatchObject({ status: 0 });
  }
  const recordOf = (name: string) => JSON.parse(readFileSync(join(home, name, "run.json"), "utf8")) as RunRecord;
  expect(recordOf("a").data).toEqual([
    { name: "mnist", fingerprint: "f5a4ea9a7523584b", trainRows: 60_000, testRows: 10_000, classes: 10, inputs: 784 },
  ]);
  const [origin] = recordOf("b").data ?? [];
  expect(origin).toMatchObject({ name: "other set", folder: other, trainRows: 1200, testRows: 300, classes: 10 });

  const report = readFileSync(join(home, "b", "report.html"), "utf8");
  expect([report.includes(`--data '${other}'`), report.includes(origin.fingerprint.slice(0, 8))]).toEqual([true, true]);
  const shown = await tanren(["show", "latest"], { home });
  expect(shown.stdout).toContain(`--data '${other}'`);
  expect(shown.stdout).toContain(`other set ${origin.fingerprint.slice(0, 8)} (1,200 + 300 rows, 10 classes)`);

  const ids = (JSON.parse((await tanren(["show", "--json"], { home })).stdout) as { id: string }[]).map(({ id }) => id);
  const compared = await tanren(["compare", ...ids], { home });
  expect(compared.stdout).toMatch(/data +other set [0-9a-f]{8} +mnist f5a4ea9a/);

  // What the record says survives export and import.
  const [imported] = importedRuns(readFileSync(join(home, "b", "run.json"), "utf8"), () => 0);
  expect(imported.events[0].event).toEqual({ kind: "data", data: [origin] });
});

test("a run that is gone on with on other data refuses before anything is trained, naming both", async () => {
  const experiment = experimentNamed("optimizer-comparison");
  const origin = { name: "mnist", fingerprint: "f5a4ea9a7523584b", trainRows: 60_000, testRows: 10_000, classes: 10 };
  const found = { ...origin, name: "fashion", folder: "/data/fashion", fingerprint: "0011223344556677" };
  const runner = {
    kernels: "reference",
    dtype: "float64",
    workers: 1,
    origins: async () => [found],
    run: () => {
      throw new Error("trained");
    },
    close: async () => {},
  } as const;
  const now = () => 0;
  const info = runInfo({ experiment, preset: "book", settings: {}, seed: 0 }, runner, 0);
  const writer = openMemoryStore({ now, random: () => 0 }).begin(info);
  const events = [{ task: 0, event: { kind: "data", data: [origin] } }] as const;
  const resumed = recordRun({
    info,
    tasks: [],
    data: [found],
    runner,
    writer: () => writer,
    observer: () => ({ update() {}, finish() {} }),
    signal: new AbortController().signal,
    now,
    before: { events, seconds: { total: 0, train: 0 } },
  });
  await expect(resumed).rejects.toThrow(
    `run ${writer.id}: must go on with the data it began with, mnist f5a4ea9a (60,000 + 10,000 rows, 10 classes), got fashion 00112233 (60,000 + 10,000 rows, 10 classes), /data/fashion. Leave out --data and TANREN_DATA, or begin anew.`,
  );
});

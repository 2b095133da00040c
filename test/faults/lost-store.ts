import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { ended, startTanren, temporaryFolder } from "../support/cli.ts";

const clock = { now: Date.now, random: Math.random };

/** A run of one network, for as long as it is asked to. */
export const run = (iterations: number) => [
  ...["run", "optimizer-comparison", "--set", `iterations=${iterations}`, "--set", "optimizers=SGD"],
  ...["--quiet", "--out", "out"],
];

/** Waits until a store holds points of a run. */
export async function recording(path: string, child: ChildProcess): Promise<void> {
  for (let i = 0; i < 6000; i++) {
    expect(child.exitCode).toBeNull();
    if (existsSync(path)) {
      try {
        const store = openSqliteStore({ path, ...clock, mustWrite: false });
        const [first] = store.list();
        const points = first?.status === "running" ? store.get(first.id).series.length : 0;
        store.close();
        if (points > 0) {
          return;
        }
      } catch {
        // It is being made.
      }
    }
    await wait(100);
  }
  throw new Error("the run has recorded nothing in ten minutes");
}

/** How the folder of a store loses it. */
export const losses = {
  deleted: (folder: string) => rmSync(join(folder, "runs.sqlite")),
  "deleted with its folder": (folder: string) => rmSync(folder, { recursive: true }),
  "replaced by a folder": (folder: string) => {
    rmSync(join(folder, "runs.sqlite"));
    mkdirSync(join(folder, "runs.sqlite"));
  },
  moved: (folder: string) => renameSync(join(folder, "runs.sqlite"), join(folder, "elsewhere.sqlite")),
  replaced: (folder: string) => {
    const other = openSqliteStore({ path: join(folder, "other.sqlite"), ...clock });
    other.close();
    renameSync(join(folder, "other.sqlite"), join(folder, "runs.sqlite"));
  },
};

/** How the bytes of a store's file are lost, where it is; every one of them once left exit 0 and "recorded as". */
export const damages: Record<string, (path: string) => void> = {
  "cut off to nothing": (path) => truncateSync(path, 0),
  "cut off to its first page": (path) => truncateSync(path, 4096),
  "cut off in its middle": (path) => truncateSync(path, Math.floor(statSync(path).size / 2)),
  "cut off with its log": (path) => {
    truncateSync(path, 0);
    truncateSync(`${path}-wal`, 0);
  },
  "robbed of its log's contents": (path) => truncateSync(`${path}-wal`, 0),
  "overwritten with noise": (path) => overwrite(path, 0, statSync(path).size),
  "overwritten in its middle": (path) => overwrite(path, 4096, statSync(path).size - 4096),
};

function overwrite(path: string, from: number, length: number): void {
  const file = openSync(path, "r+");
  writeSync(file, randomBytes(length), 0, length, from);
  closeSync(file);
}

/** A store that stood for some time: what is in it is in the file, not in the log beside it. */
function recordOne(path: string): void {
  const store = openSqliteStore({ path, ...clock });
  const writer = store.begin({
    ...{ tanren: "0", experiment: "optimizer-paths", preset: "book", seed: 0, settings: {} },
    ...{ engine: { kernels: "reference", dtype: "float64", workers: 1 }, startedAt: "2026-11-24T05:30:12Z" },
  });
  const x = Array.from({ length: 5_000 }, (_, i) => i);
  writer.append([{ task: 0, event: { kind: "points", run: "SGD", tags: {}, metric: "loss", x, y: x } }]);
  writer.finish("done", { total: 1, train: 1 });
  store.close();
}

/** What is said of a file that is not there any more, or not whole. */
export const lossText =
  /must stay there, got (none|another|one that was cut off)|must be a (sound database|run store)|must hold what/;

/** A run whose store goes away in its middle says so, tells it by its exit code, and writes its files. */
export async function expectTold(lose: (folder: string) => void): Promise<void> {
  const home = temporaryFolder();
  const folder = join(home, "store");
  const path = join(folder, "runs.sqlite");
  recordOne(path);
  const child = startTanren([...run(2_500), "--store", path], { home, pictures: "none" });
  const result = ended(child);
  await recording(path, child);
  lose(folder);
  const { status, stdout, stderr } = await result;
  expect(stderr).toMatch(lossText);
  // Once.
  expect(stderr.split(path)).toHaveLength(2);
  expect(stdout).not.toContain("recorded as");
  expect(status).toBe(1);
  for (const name of ["run.json", "series.csv", "figure.svg", "figure.png", "report.html"]) {
    expect(existsSync(join(home, "out", name)), name).toBe(true);
  }
  expect(JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8")).series[0].y).toHaveLength(2_500);
}

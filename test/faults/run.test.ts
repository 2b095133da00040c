import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, test } from "vitest";
import { ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";

/** Long enough that it is surely stopped in the middle. */
const long = ["run", "optimizer-comparison", "--set", "iterations=100000", "--out", "out"];

/** Runs a command that can write no file longer than that. @param blocks of 512 bytes */
const filesOf = (blocks: number) => ["sh", "-c", `ulimit -f ${blocks}; exec "$0" "$@"`];

/** Waits until the run has something to lose: some points. */
async function running(child: ChildProcess, home: string): Promise<string> {
  for (let i = 0; i < 3000; i++) {
    const runs = JSON.parse((await tanren(["show", "--json"], { home, pictures: "none" })).stdout) as { id: string }[];
    if (runs.length > 0) {
      const { series } = JSON.parse((await tanren(["show", runs[0].id, "--json"], { home, pictures: "none" })).stdout);
      if (series[0]?.y.length > 10) {
        return runs[0].id;
      }
    }
    expect(child.exitCode).toBeNull();
    await wait(100);
  }
  throw new Error("the run has recorded nothing in minutes");
}

async function recorded(home: string, id: string) {
  const [summary] = JSON.parse((await tanren(["show", "--json"], { home, pictures: "none" })).stdout);
  const record = JSON.parse((await tanren(["show", id, "--json"], { home, pictures: "none" })).stdout);
  return { status: summary.status as string, record };
}

test("Ctrl-C ends with 130, keeps what was recorded, marks it, and writes the files", async () => {
  const home = temporaryFolder();
  const child = startTanren(long, { home, pictures: "none" });
  const result = ended(child);
  const id = await running(child, home);
  child.kill("SIGINT");
  const { status, stderr } = await result;
  expect(status).toBe(130);
  expect(stderr).toMatch(new RegExp(`interrupted: .* kept as ${id}`));
  const kept = await recorded(home, id);
  expect(kept.status).toBe("interrupted");
  expect(kept.record.series[0].y.length).toBeGreaterThan(10);
  expect(kept.record.events.at(-1)).toMatchObject({ kind: "interrupted" });
  const written = JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8"));
  expect(written.series).toEqual(kept.record.series);
});

test("kill -9 in mid-run loses no more than the last moments, and the run is known as interrupted", async () => {
  const home = temporaryFolder();
  const child = startTanren(long, { home, pictures: "none" });
  const result = ended(child);
  const id = await running(child, home);
  child.kill("SIGKILL");
  await result;
  const { status, record } = await recorded(home, id);
  expect(status).toBe("interrupted");
  expect(record.series.length).toBeGreaterThan(0);
  for (const { x, y } of record.series) {
    expect(y.length).toBe(x.length);
    expect(x).toEqual(x.map((_: number, i: number) => i));
  }
  const next = await tanren(["run", "optimizer-paths", "--quiet", "--out", "next"], { home, pictures: "none" });
  expect(next.status).toBe(0);
});

test("a disk that takes no more ends with a sentence, keeps the record, and leaves no half-written file", async () => {
  const home = temporaryFolder();
  // Files of at most 400 KiB (in blocks of 512 bytes): the store and run.json fit, the report does not. Histograms come in
  // few appends: a curve comes in the more of them the slower the machine is, and would fill the write-ahead log first.
  const args = ["run", "activation-histograms", "--set", "rows=200", "--quiet", "--out", "out"];
  const { status, stderr } = await ended(startTanren(args, { home, through: filesOf(800) }));
  expect(stderr).toMatch(
    /output .*must be writable, got a limit on the size of files.*The run itself is kept: tanren show/s,
  );
  expect(status).toBe(1);
  expect(readdirSync(join(home, "out")).every((name) => !name.endsWith(".tmp"))).toBe(true);
  JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8"));
  const again = await tanren(["show", "latest", "--out", "again", "--json"], { home });
  expect(again.status).toBe(0);
  expect(existsSync(join(home, "again", "report.html"))).toBe(true);
});

test("a store that takes no more does not end the run: its files are written, and the exit code tells", async () => {
  const home = temporaryFolder();
  // In blocks of 512 bytes: the write-ahead log, 68 KiB when a run has begun, outgrows 85 KiB with its first append;
  // run.json and series.csv of a short run do not.
  const args = [...long.slice(0, 2), "--set", "iterations=600", "--set", "optimizers=SGD", "--json", "--out", "out"];
  const { status, stderr } = await ended(startTanren(args, { home, through: filesOf(170) }));
  expect(stderr).toMatch(/run store .*(disk|full|limit)/);
  expect(status).toBe(1);
  const record = JSON.parse(readFileSync(join(home, "out", "run.json"), "utf8"));
  expect(record.series[0].y).toHaveLength(600);
});

import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { type Ended, ended, startTanren, temporaryFolder } from "../support/cli.ts";

/** A file system of a few megabytes in memory, seen by the commands that are started on it. */
interface SmallDisk {
  /** Its folder, as this process sees it. */
  readonly folder: string;
  start(args: readonly string[]): ChildProcess;
  run(args: readonly string[]): Promise<Ended>;
  /** Leaves so many bytes free; none by itself. */
  fill(bytes?: number): void;
  free(): void;
}

/** Where user namespaces are allowed, anybody may mount one; a real full disk answers unlike a limit on files. */
async function smallDisk(megabytes: number): Promise<SmallDisk> {
  const place = temporaryFolder();
  const mount = `mount -t tmpfs -o size=${megabytes}m tanren "$0" && echo mounted && exec cat`;
  const holder = spawn("unshare", ["--user", "--map-root-user", "--mount", "sh", "-c", mount, place], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void holder.kill());
  await new Promise<void>((resolve, reject) => {
    const refused = () =>
      reject(new Error("unshare: must be allowed to mount a small disk, was not. Run this on Linux."));
    holder.on("error", refused).on("exit", refused);
    holder.stdout.once("data", () => resolve());
  });
  const inside = ["--target", String(holder.pid), "--user", "--preserve-credentials", "--mount", "--wd=/"];
  const folder = join(`/proc/${holder.pid}/root`, place);
  const filler = join(folder, "filler");
  const through = ["nsenter", ...inside, "sh", "-c", 'cd "$0" && exec "$@"', place];
  const start = (args: readonly string[]) => startTanren(args, { home: place, pictures: "none", through });
  return {
    folder,
    start,
    run: (args) => ended(start(args)),
    fill(bytes = 0) {
      const { bavail, bsize } = statfsSync(folder);
      try {
        writeFileSync(filler, new Uint8Array(Math.max(bavail * bsize - bytes, 0)));
      } catch (error) {
        // The command writes meanwhile: then the disk is full all the same.
        if ((error as NodeJS.ErrnoException).code !== "ENOSPC") {
          throw error;
        }
      }
    },
    free: () => rmSync(filler),
  };
}

/** What a command prints of this disk's store; undefined when there is none yet. */
async function told<T>(disk: SmallDisk, args: readonly string[]): Promise<T | undefined> {
  const { status, stdout } = await disk.run([...args, "--json"]);
  return status === 0 ? (JSON.parse(stdout) as T) : undefined;
}

interface RunRecord {
  readonly series: readonly { readonly y: readonly number[] }[];
}

/** Fills the disk as soon as a command has recorded something. @param recorded tells how much it has */
async function filledMidway(args: readonly string[], recorded: (disk: SmallDisk) => Promise<number>) {
  const disk = await smallDisk(64);
  const result = ended(disk.start(args));
  await expect.poll(() => recorded(disk), { timeout: 600_000 }).toBeGreaterThan(10);
  disk.fill();
  return { disk, result };
}

/** Gives room again after some seconds, in which nothing may end. */
async function freedLater(disk: SmallDisk, result: Promise<Ended>): Promise<Ended> {
  expect(await Promise.race([result, wait(3000, "still running")])).toBe("still running");
  disk.free();
  return result;
}

const theRun = async (disk: SmallDisk): Promise<RunRecord | undefined> => {
  const [run] = (await told<{ id: string }[]>(disk, ["show"])) ?? [];
  return run && told<RunRecord>(disk, ["show", run.id]);
};

const points = async (disk: SmallDisk): Promise<number> => (await theRun(disk))?.series[0]?.y.length ?? 0;

const long = ["run", "weight-decay", "--set", "iterations=1500", "--quiet", "--out", "out"];

test("a run whose disk is full for some seconds in its middle loses nothing", async () => {
  const { disk, result } = await filledMidway(long, points);
  const { status, stderr } = await freedLater(disk, result);
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const written = JSON.parse(readFileSync(join(disk.folder, "out", "run.json"), "utf8")) as RunRecord;
  expect((await theRun(disk))?.series).toEqual(written.series);
});

test("a run whose disk stays full ends with a sentence and no half-written file; what was recorded is there", async () => {
  const { disk, result } = await filledMidway(long, points);
  const { status, stderr } = await result;
  expect(stderr).toMatch(/full disk/);
  expect(stderr).not.toMatch(/ENOSPC|SQLITE|\n +at /);
  expect(status).toBe(1);
  const out = join(disk.folder, "out");
  const files = existsSync(out) ? readdirSync(out) : [];
  expect(files.filter((name) => name.endsWith(".tmp"))).toEqual([]);
  for (const name of files.filter((each) => each.endsWith(".json"))) {
    JSON.parse(readFileSync(join(out, name), "utf8"));
  }
  disk.free();
  expect(await points(disk)).toBeGreaterThan(10);
  expect((await disk.run(["run", "optimizer-paths", "--quiet", "--out", "next"])).status).toBe(0);
});

test("a model that finds the disk full leaves the one that stood there, and its run is kept", async () => {
  const disk = await smallDisk(64);
  const table = ["x,class", ...Array.from({ length: 400 }, (_, i) => `${i},${i < 200 ? "low" : "high"}`)];
  writeFileSync(join(disk.folder, "table.csv"), `${table.join("\n")}\n`);
  const train = ["train", "table.csv", "--target", "class", "--epochs", "2", "--quiet", "--out"];
  expect((await disk.run([...train, "out"])).status).toBe(0);
  const models = () => readdirSync(join(disk.folder, "out")).filter((name) => name.endsWith(".tanren"));
  const [name] = models();
  const before = readFileSync(join(disk.folder, "out", name));
  // The store's run fits, the model of a wide network does not.
  disk.fill(2 ** 20);
  const { status, stderr } = await disk.run([...train, "out", "--model", "mlp:600,600"]);
  expect(stderr).toMatch(/full disk/);
  expect(status).toBe(1);
  expect(readFileSync(join(disk.folder, "out", name)).equals(before)).toBe(true);
  expect(models()).toEqual([name]);
});

interface Trial {
  readonly number: number;
  readonly state: string;
}

const trials = async (disk: SmallDisk): Promise<readonly Trial[]> =>
  (await told<{ trials: Trial[] }>(disk, ["study", "show", "wide"]))?.trials ?? [];

test("a search whose disk is full for some seconds counts every trial once", async () => {
  // So long that no machine has ended it by the time its first trials are seen.
  const search = [
    ...["search", "--study", "wide", "--space", "lr=1e-3..1:log", "--sampler", "random", "--trials", "100"],
    ...["--set", "epochs=40", "--set", "trainRows=2000", "--quiet", "--out", "out"],
  ];
  const { disk, result } = await filledMidway(search, async (disk) => (await trials(disk)).length);
  expect(await freedLater(disk, result)).toMatchObject({ status: 0 });
  const all = await trials(disk);
  expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i));
  expect(all.filter(({ state }) => state === "complete")).toHaveLength(100);
});

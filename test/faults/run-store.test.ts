import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import type { RunEvent } from "../../src/core/record.ts";
import { openSqliteStore } from "../../src/node/store/sqlite-runs.ts";
import { openStudyStore } from "../../src/node/store/study-store.ts";
import { openStudy } from "../../src/search/study.ts";
import { openServer } from "../server/support.ts";
import { commandOf, ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";
import { few } from "../support/few.ts";
import { damages, expectTold, losses, lossText, recording, run } from "./lost-store.ts";

const clock = { now: Date.now, random: Math.random };
const info = {
  ...{ tanren: "0", experiment: "optimizer-paths", preset: "book", seed: 0, settings: {} },
  ...{ engine: { kernels: "reference", dtype: "float64" as const, workers: 1 }, startedAt: "2026-11-24T05:30:12Z" },
};

const points = (count: number): RunEvent => {
  const x = Array.from({ length: count }, (_, i) => i);
  return {
    task: 0,
    event: { kind: "points", run: "SGD", tags: {}, metric: "loss", x, y: x.map((i) => 1 / (i + 1)) },
  };
};

describe("a store that goes away in mid-run", () => {
  test.each(few(1, ["deleted", "replaced"] as const))(
    "%s: is said, the exit code tells, and the files are written",
    (how) => expectTold(losses[how]),
  );

  test("between two writes: a library's writer is told at the next one, and at the end", () => {
    const path = join(temporaryFolder(), "runs.sqlite");
    const store = openSqliteStore({ path, ...clock });
    const writer = store.begin(info);
    rmSync(path);
    expect(() => writer.append([])).toThrow(/must stay there, got none/);
    expect(() => writer.finish("done", { total: 1, train: 1 })).toThrow(/must stay there/);
    expect(() => store.close()).toThrow(/must stay there/);
  });

  test.each(Object.entries(damages))("%s: a library's writer is told at the end at the latest", (_, damage) => {
    const path = join(temporaryFolder(), "runs.sqlite");
    const store = openSqliteStore({ path, ...clock });
    const earlier = store.begin(info);
    earlier.append([points(5_000)]);
    earlier.finish("done", { total: 1, train: 1 });
    // Into the file, as a store has it that stood for some time.
    new DatabaseSync(path).exec("PRAGMA wal_checkpoint(TRUNCATE)");
    const writer = store.begin(info);
    writer.append([points(10)]);
    damage(path);
    expect(() => {
      writer.append([points(10)]);
      writer.finish("done", { total: 1, train: 1 });
    }).toThrow(lossText);
  });

  test("a file that VACUUM made shorter is as good as before", () => {
    const path = join(temporaryFolder(), "runs.sqlite");
    const store = openSqliteStore({ path, ...clock });
    const big = store.begin(info);
    big.append([points(20_000)]);
    big.finish("done", { total: 1, train: 1 });
    const writer = store.begin(info);
    writer.append([]);
    const other = new DatabaseSync(path);
    other.exec("PRAGMA wal_checkpoint(TRUNCATE)");
    store.delete(big.id);
    const before = statSync(path).size;
    other.exec("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
    other.close();
    expect(statSync(path).size).toBeLessThan(before);
    writer.finish("done", { total: 1, train: 1 });
    store.close();
  });
});

/** Another process, which takes the store's lock at once when asked to, and keeps it until it is told to let go. */
async function lockerOf(path: string): Promise<{ readonly lock: () => Promise<void>; readonly release: () => void }> {
  const script = `
    const db = new (require("node:sqlite").DatabaseSync)(${JSON.stringify(path)}, { timeout: 20000 });
    process.stdout.write("ready");
    process.stdin.once("data", () => {
      db.exec("BEGIN EXCLUSIVE");
      process.stdout.write("locked");
      process.stdin.once("data", () => { db.exec("COMMIT"); db.close(); process.exit(); });
    });`;
  const holder = spawn(process.execPath, ["-e", script], { stdio: ["pipe", "pipe", "inherit"] });
  onTestFinished(() => void holder.kill("SIGKILL"));
  const said = () => new Promise<void>((resolve) => holder.stdout.once("data", () => resolve()));
  await said();
  return {
    async lock() {
      const locked = said();
      holder.stdin.write("lock");
      await locked;
    },
    release: () => void holder.stdin.write("go"),
  };
}

/** The same, locked by now. Call it to have it let go. */
async function lockedBy(path: string): Promise<() => void> {
  const { lock, release } = await lockerOf(path);
  await lock();
  return release;
}

/** Waits until a process has opened a file, where the system tells. */
async function opens(child: ChildProcess, path: string): Promise<void> {
  const folder = `/proc/${child.pid}/fd`;
  const open = (fd: string) => {
    try {
      return readlinkSync(join(folder, fd)) === path;
    } catch {
      return false;
    }
  };
  await expect.poll(() => !existsSync(folder) || readdirSync(folder).some(open)).toBe(true);
}

async function saysThatItWaits(child: ChildProcess): Promise<void> {
  let said = "";
  child.stderr?.on("data", (text) => {
    said += text;
  });
  await expect.poll(() => said).toContain("locked by another process");
}

describe("a store that another process holds", () => {
  test("takes all that a run measured once it is free, and training does not wait for it", async () => {
    const home = temporaryFolder();
    const path = join(home, "runs.sqlite");
    openSqliteStore({ path, ...clock }).close();
    const { lock, release } = await lockerOf(path);
    const child = startTanren([...run(2000), "--store", path], { home, pictures: "none" });
    const result = ended(child);
    await recording(path, child);
    await lock();
    // Longer than any single wait of SQLite's.
    await wait(13_000);
    expect(child.exitCode).toBeNull();
    release();
    expect(await result).toMatchObject({ status: 0 });
    const store = openSqliteStore({ path, ...clock });
    expect(store.get("latest")).toMatchObject({ status: "done" });
    expect(store.get("latest").series[0].y).toHaveLength(2000);
    store.close();
  });

  test("is waited for from the beginning: the run trains, says that it waits, and is recorded whole", async () => {
    const home = temporaryFolder();
    const path = join(home, "runs.sqlite");
    openSqliteStore({ path, ...clock }).close();
    const release = await lockedBy(path);
    const child = startTanren([...run(30), "--store", path], { home, pictures: "none" });
    const result = ended(child);
    await saysThatItWaits(child);
    release();
    expect(await result).toMatchObject({ status: 0 });
    const store = openSqliteStore({ path, ...clock });
    expect(store.get("latest").series[0].y).toHaveLength(30);
    store.close();
  });

  test("does not keep a person's Ctrl-C waiting", async () => {
    const home = temporaryFolder();
    const path = join(home, "runs.sqlite");
    openSqliteStore({ path, ...clock }).close();
    await lockedBy(path);
    const child = startTanren([...run(1_000_000), "--store", path], { home, pictures: "none" });
    const result = ended(child);
    await opens(child, path);
    await wait(1_000);
    child.kill("SIGINT");
    expect((await result).status).toBe(130);
  });
});

describe("a place where no store can be", () => {
  const places: Record<string, (path: string) => void> = {
    "a folder": (path) => mkdirSync(path),
    "a FIFO": (path) => execFileSync("mkfifo", [path]),
    "a socket": (path) => {
      const server = createServer().listen(path);
      onTestFinished(() => void server.close());
    },
  };
  test.each(Object.entries(places))("%s is refused by a sentence, at once", async (what, make) => {
    const home = temporaryFolder();
    const path = join(home, "place");
    make(path);
    await wait(50);
    for (const args of [run(10), ["show"], ["compare", "latest"], ["study", "list"]]) {
      const { status, stderr } = await tanren([...args, "--store", path], { home, pictures: "none" });
      expect(stderr).toMatch(new RegExp(`store .*: must be a file, got ${what}\\. Give a file`));
      expect(status).toBe(1);
    }
    expect(existsSync(join(home, "out", "run.json"))).toBe(false);
  });

  test("a device is no store", () => {
    expect(() => openSqliteStore({ path: "/dev/null", ...clock })).toThrow(/must be a file, got a device/);
  });

  test("a database's address is no run store, and makes no folder", async () => {
    const home = temporaryFolder();
    for (const address of [
      "postgres://ann:hunter22@host/runs",
      "postgres:ann:hunter22@host/runs",
      "pg://ann:hunter22@host",
    ]) {
      for (const args of [["show"], ["run", "optimizer-paths"], ["compare", "latest"], ["doctor"]]) {
        const { status, stdout, stderr } = await tanren([...args, "--store", address], { home, pictures: "none" });
        expect(`${stdout}${stderr}`).toMatch(/run store: must be/);
        expect(`${stdout}${stderr}`).not.toContain("hunter22");
        expect(status).toBe(args[0] === "doctor" ? 0 : 1);
      }
    }
    expect(execFileSync("ls", ["-A", home], { encoding: "utf8" })).toBe("");
  });
});

/** Root may write everywhere: what may only read is another user's. */
const readerOnly = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

describe("a home that may only be read", () => {
  test("runs all the same: what it cannot record it says, and its files are written", async () => {
    const home = temporaryFolder();
    const work = temporaryFolder();
    const store = openSqliteStore({ path: join(home, "tanren.sqlite"), ...clock });
    store.close();
    new DatabaseSync(join(home, "tanren.sqlite")).exec("PRAGMA journal_mode = DELETE");
    execFileSync("chmod", ["a-w,a+rX", "-R", home]);
    execFileSync("chmod", ["a+rwX", work]);
    onTestFinished(() => void execFileSync("chmod", ["u+w", "-R", home]));
    writeFileSync(join(work, "probe"), "");
    const [program, ...args] = commandOf(run(20));
    const child = spawn(program, args, {
      cwd: work,
      env: { ...process.env, LANG: "C", LC_ALL: "", TANREN_HOME: home, TANREN_STORE: "", TANREN_TEST_PICTURES: "none" },
      stdio: ["ignore", "pipe", "pipe"],
      ...readerOnly,
    });
    const { status, stderr, stdout } = await ended(child);
    expect(stderr).toMatch(/run store .*must be .*This run is not recorded there; its files are written/);
    expect(stdout).not.toContain("recorded as");
    expect(status).toBe(0);
    expect(JSON.parse(readFileSync(join(work, "out", "run.json"), "utf8")).series[0].y).toHaveLength(20);
  });
});

test("studies in a home that may only be read are listed, shown and exported, and not written to", async () => {
  const home = temporaryFolder();
  const kept = await openStudyStore(join(home, "tanren.sqlite"));
  const study = await openStudy({ name: "kept", log: kept });
  await study.optimize((trial) => trial.real("x", { min: 0, max: 1 }), { trials: 3 });
  await kept.close();
  execFileSync("chmod", ["a-w,a+rX", "-R", home]);
  onTestFinished(() => void execFileSync("chmod", ["u+w", "-R", home]));
  const asked = (...line: string[]) => {
    const [program, ...args] = commandOf(["study", ...line]);
    const env = { ...process.env, LANG: "C", LC_ALL: "", TANREN_HOME: home, TANREN_STORE: "" };
    return ended(spawn(program, args, { cwd: home, env, stdio: ["ignore", "pipe", "pipe"], ...readerOnly }));
  };
  const [list, show, csv, gone] = await Promise.all([
    asked("list"),
    asked("show", "kept"),
    asked("export", "kept", "--to", "csv"),
    asked("delete", "kept", "--yes"),
  ]);
  expect([list, show, csv]).toMatchObject(Array(3).fill({ status: 0, stderr: "" }));
  expect([list.stdout, show.stdout]).toEqual([expect.stringContaining("kept"), expect.stringContaining("3 complete")]);
  expect(csv.stdout.trim().split("\n")).toHaveLength(4);
  expect([gone.status, gone.stderr]).toEqual([1, expect.stringContaining("must be writable, got a read-only file")]);
});

test("the studio's server waits for another process's lock: runs begin, are steered, named and deleted once it is free", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "runs.sqlite");
  const store = openSqliteStore({ path, ...clock, patience: 50 });
  const { send, ask } = await openServer({ store });
  const start = () =>
    send("POST", "/api/runs", { experiment: "optimizer-paths", seed: 0, preset: "book", settings: {} });
  const first = await start();
  expect(first.status).toBe(201);
  const { id } = (await first.json()) as { id: string };
  for (let i = 0; i < 600 && store.summary(id).status === "running"; i++) {
    await wait(50);
  }
  const release = await lockedBy(path);
  const asked = [start(), send("PATCH", `/api/runs/${id}`, { label: "named" })];
  // Other requests are answered meanwhile.
  expect((await ask(`/api/runs/${id}`)).status).toBe(200);
  await wait(1_000);
  release();
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([201, 200]);
  expect(store.summary(id).label).toBe("named");
  expect((await send("DELETE", `/api/runs/${id}`)).status).toBe(204);
});

test("a password typed in the wrong place is not printed back", async () => {
  const home = temporaryFolder();
  const url = "postgres://ann:hunter 22/x@host/runs";
  for (const args of [
    ["show", url],
    ["compare", url, url],
    ["run", url],
    ["run", "optimizer-paths", "--set", `iterations=${url}`],
    ["show", `--stroe=${url}`],
    ["study", "show", url, "--store", join(home, "studies.sqlite")],
    ["search", "--study", "x", "--store", url],
    [url],
  ]) {
    const { status, stdout, stderr } = await tanren([...args, "--debug"], { home, pictures: "none" });
    expect(status, args[0]).not.toBe(0);
    expect(`${stdout}${stderr}`, args[0]).not.toMatch(/hunter|22\/x/);
  }
});

test.runIf(process.platform === "linux")("the list of processes does not show a password", async () => {
  const home = temporaryFolder();
  const path = join(home, "studies.sqlite");
  const reached = Promise.withResolvers<void>();
  // A database that takes the call and says nothing.
  const silent = createServer(() => reached.resolve()).listen(0, "127.0.0.1");
  onTestFinished(() => void silent.close());
  await new Promise((resolve) => silent.once("listening", resolve));
  const { port } = silent.address() as AddressInfo;
  const child = startTanren(["worker", "--store", `postgres://ann:hunter22@127.0.0.1:${port}/runs`], {
    home,
    pictures: "none",
  });
  const result = ended(child);
  await reached.promise;
  expect(readFileSync(`/proc/${child.pid}/cmdline`, "latin1")).not.toContain("hunter22");
  child.kill("SIGKILL");
  const { stdout, stderr } = await result;
  expect(`${stdout}${stderr}`).not.toContain("hunter22");
  expect(existsSync(path)).toBe(false);
});

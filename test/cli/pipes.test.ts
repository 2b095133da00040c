import { type ChildProcess, execFileSync, type StdioOptions, spawn } from "node:child_process";
import { existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { commandOf, type Ended, ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";

// What a shell gives and takes: standard input and output by their sign, pipes by their names, links.

const rows = `x,y,kind\n${Array.from({ length: 30 }, (_, i) => `${i},${i % 7},${i < 15 ? "low" : "high"}`).join("\n")}\n`;

/** A folder with a model in it, and commands that stand there. */
async function modelled() {
  const home = temporaryFolder();
  const table = join(home, "t.csv");
  writeFileSync(table, rows);
  const run = (...args: string[]) => tanren(args, { home, pictures: "none" });
  const trained = await run("train", table, "--target", "kind", "--epochs", "1", "--quiet", "--out", "m");
  expect([trained.status, trained.stderr]).toEqual([0, ""]);
  const told = (await run("predict", "m", "--data", "t.csv")).stdout;
  const pipe = (name: string) => {
    execFileSync("mkfifo", [join(home, name)]);
    return join(home, name);
  };
  return { home, run, told, pipe };
}

/** A command with its own standard streams. */
function started(home: string, args: readonly string[], stdio: StdioOptions): ChildProcess {
  const [program, ...rest] = commandOf(args);
  const env = {
    ...process.env,
    LANG: "C",
    LC_ALL: "",
    TANREN_HOME: home,
    TANREN_STORE: "",
    TANREN_TEST_PICTURES: "none",
  };
  const child = spawn(program, rest, { cwd: home, env, stdio });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** A command with this on its standard input. */
function fed(home: string, input: string, args: readonly string[]): Promise<Ended> {
  const child = started(home, args, ["pipe", "pipe", "pipe"]);
  child.stdin?.end(input);
  return ended(child);
}

test("a table comes through a pipe as from a file, and what is told goes into one, which stays a pipe", async () => {
  const { run, told, pipe } = await modelled();
  const [table, answers] = [pipe("table"), pipe("answers")];
  const [asked, , got] = await Promise.all([
    run("predict", "m", "--data", table, "--out", answers),
    writeFile(table, rows),
    readFile(answers, "utf8"),
  ]);
  expect([asked.status, asked.stderr, got]).toEqual([0, "", told]);
  expect(lstatSync(answers).isFIFO()).toBe(true);
  const [model, bytes] = [pipe("model"), await run("export", "m", "--to", "safetensors", "--out", "whole")];
  expect(bytes.status).toBe(0);
  const [, exported] = await Promise.all([run("export", "m", "--to", "safetensors", "--out", model), readFile(model)]);
  expect(exported.equals(readFileSync(join(model, "..", "whole")))).toBe(true);
});

test("what a shell gives as <(…) is called by its whole path, and standard input as such", async () => {
  const { home } = await modelled();
  writeFileSync(join(home, "bad.csv"), "x,y,kind\n1,2,low\n1,,high\n");
  const said = async (shell: string, ...args: string[]) => {
    const through = ["bash", "-c", `"$0" "$@" ${shell}`];
    return (await ended(startTanren(args, { home, pictures: "none", through }))).stderr;
  };
  const [trained, settled, piped] = await Promise.all([
    said("<(cat bad.csv)", "train", "--target", "kind", "--data"),
    said("<(echo nothing: 1)", "train", "--settings"),
    said("/dev/stdin < <(cat bad.csv)", "evaluate", "m", "--data"),
  ]);
  expect(trained).toMatch(/^\/dev\/fd\/\d+, line 3: /);
  expect(settled).toMatch(/^\/dev\/fd\/\d+, line 1: nothing: no such setting/);
  expect(piped).toMatch(/^standard input, line 3: /);
});

test("- is standard output, and /dev/stdout too: what it is redirected into keeps what stands there", async () => {
  const { home, run, told } = await modelled();
  const [plain, device] = await Promise.all(
    ["-", "/dev/stdout"].map((out) => run("predict", "m", "--data", "t.csv", "--out", out)),
  );
  expect([plain.stdout, device.stdout]).toEqual([told, told]);
  expect((await run("export", "m", "--to", "json", "--out", "-")).stdout).toContain('"loss"');
  const log = await open(join(home, "log"), "a");
  onTestFinished(() => log.close());
  await log.write("before\n");
  const args = ["predict", "m", "--data", "t.csv", "--out", "/dev/stdout"];
  expect(await ended(started(home, args, ["ignore", log.fd, "pipe"]))).toMatchObject({ status: 0 });
  expect(readFileSync(join(home, "log"), "utf8")).toBe(`before\n${told}`);
});

test("a reader that has seen enough ends what is only printed; what is to be kept is kept all the same", async () => {
  const { home } = await modelled();
  const unread = (args: readonly string[]) => {
    const child = started(home, args, ["ignore", "pipe", "pipe"]);
    child.stdout?.destroy();
    return ended(child);
  };
  const [trained, searched, checked] = await Promise.all([
    unread(["train", "t.csv", "--target", "kind", "--epochs", "1", "--out", "bench"]),
    unread(["search", "--data", "t.csv", "--target", "kind", "--space", "lr=0.01..0.1", "--trials", "1", "--out", "s"]),
    unread(["gradcheck"]),
  ]);
  expect([trained, searched, checked]).toMatchObject(Array(3).fill({ status: 0, stderr: "" }));
  expect(existsSync(join(home, "bench", "model.tanren"))).toBe(true);
  expect(existsSync(join(home, "s", "study.json"))).toBe(true);
});

test("a standard output that takes nothing is said once and is exit code 1; what is to be kept is kept", async () => {
  const { home } = await modelled();
  const full = await open("/dev/full", "w");
  onTestFinished(() => full.close());
  for (const args of [["train", "t.csv", "--target", "kind", "--epochs", "1", "--out", "n"], ["list"], ["gradcheck"]]) {
    expect(await ended(started(home, args, ["ignore", full.fd, "pipe"])), args[0]).toMatchObject({
      status: 1,
      stderr: "standard output: must be writable, got a full disk. Make room, or send it elsewhere.\n",
    });
  }
  expect(existsSync(join(home, "n", "model.tanren"))).toBe(true);
});

test("what is written under a link's name goes into the file that it names, and the link stays", async () => {
  const { home, run, told } = await modelled();
  const at = (name: string) => join(home, name);
  writeFileSync(at("old.csv"), "old\n");
  for (const [link, names] of [
    ["link.csv", "old.csv"],
    ["new-link.csv", "new.csv"],
    ["latest", "m/model.tanren"],
  ]) {
    symlinkSync(names, at(link));
  }
  for (const out of ["link.csv", "new-link.csv"]) {
    expect(await run("predict", "m", "--data", "t.csv", "--out", out)).toMatchObject({ status: 0, stderr: "" });
  }
  expect(["old.csv", "new.csv"].map((name) => readFileSync(at(name), "utf8"))).toEqual([told, told]);
  expect(await run("resume", "latest", "--epochs", "2", "--quiet")).toMatchObject({ status: 0, stderr: "" });
  expect((await run("inspect", "m", "--json")).stdout).toContain('"epochs":2');
  for (const link of ["link.csv", "new-link.csv", "latest"]) {
    expect(lstatSync(at(link)).isSymbolicLink(), link).toBe(true);
  }
});

test("train learns from standard input as from the file; resume, which has no such file, asks for it", async () => {
  const { home, run } = await modelled();
  const flags = ["--target", "kind", "--epochs", "1", "--quiet"];
  const trained = await fed(home, rows, ["train", "-", ...flags, "--out", "s"]);
  expect([trained.status, trained.stderr]).toEqual([0, ""]);
  const lossOf = async (model: string) => JSON.parse((await run("inspect", model, "--json")).stdout).history.loss;
  expect(await lossOf("s")).toEqual(await lossOf("m"));
  expect(JSON.parse(readFileSync(join(home, "s", "settings.json"), "utf8")).data).toBe("-");
  const again = await fed(home, rows, ["train", "--settings", "s/settings.json", "--quiet", "--out", "t"]);
  expect([again.status, again.stderr]).toEqual([0, ""]);
  const lost = await run("resume", "s", "--epochs", "2");
  expect([lost.status, lost.stderr]).toEqual([
    1,
    "resume: the table must lie where it lay then, got no file at standard input. Give it with --data.\n",
  ]);
  expect(await run("resume", "s", "--epochs", "2", "--quiet", "--data", "t.csv")).toMatchObject({
    status: 0,
    stderr: "",
  });
});

test("a search, whose workers each read the table, refuses what can be read once", async () => {
  const { run, pipe } = await modelled();
  const flags = ["--target", "kind", "--space", "lr=0.01..0.1", "--trials", "1"];
  for (const data of ["-", pipe("table")]) {
    const { status, stderr } = await run("search", "--data", data, ...flags);
    expect([status, stderr]).toEqual([
      2,
      `search: the table must be a file, since every worker reads it, got ${data}, which can be read once. Write it into a file first.\n`,
    ]);
  }
});

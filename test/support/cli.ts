import { type ChildProcess, fork, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { bundled } from "./bundle.ts";
import type { CommandLine } from "./command-host.ts";
import { Spare } from "./spare.ts";

/** Starts the command: the program and its first arguments. */
export function commandOf(args: readonly string[]): [string, ...string[]] {
  return [process.execPath, "--disable-warning=ExperimentalWarning", bundled("command"), ...args];
}

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A new folder, gone when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "tanren-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export interface Surroundings {
  /** Its folder, and where it keeps what is a person's own. */
  readonly home: string;
  readonly env?: NodeJS.ProcessEnv;
  /** `none`: blank sheets stand for the pictures, where no test looks at them. */
  readonly pictures?: "none";
  /** A command that runs what follows it, such as one with a limit: for {@link startTanren}. */
  readonly through?: readonly string[];
}

const surroundings = ({ home, env, pictures }: Surroundings): NodeJS.ProcessEnv => ({
  ...process.env,
  ...{ LANG: "C", LC_ALL: "", TANREN_HOME: home, TANREN_STORE: "", TANREN_TEST_PICTURES: pictures ?? "" },
  ...env,
});

/** The command line as a process of its own, which can be stopped, with a home of its own; gone when the test ends. */
export function startTanren(args: readonly string[], options: Surroundings): ChildProcess {
  const [program, ...rest] = [...(options.through ?? []), ...commandOf(args)];
  const child = spawn(program, rest, {
    cwd: options.home,
    env: surroundings(options),
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

/** What a started command said, once it has ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => resolve({ status, stdout, stderr }));
  });
}

/** Processes that have run commands and wait for more, by what was added to their environment: what is read of it once is kept. */
const hosts = new Spare<ChildProcess>({ most: 3, end: (host) => host.kill("SIGKILL") });

/** A command line to its end, in a process that has run others before, in the same environment. */
export async function tanren(args: readonly string[], options: Surroundings): Promise<Ended> {
  const kind = JSON.stringify(options.env ?? {});
  const host = hosts.take(kind) ?? startHost();
  const line: CommandLine = { args, folder: options.home, env: surroundings(options) };
  return new Promise((resolve) => {
    const gone = (code: number | null) =>
      resolve({ status: code, stdout: "", stderr: `${args[0]}: the process ended` });
    host.once("exit", gone);
    host.once("message", (said) => {
      host.off("exit", gone);
      hosts.keep(kind, host);
      resolve(said as Ended);
    });
    host.send(line);
  });
}

/** It ends with the process that started it. */
function startHost(): ChildProcess {
  const host = fork(bundled("command-host"), [], {
    execArgv: ["--disable-warning=ExperimentalWarning"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  host.setMaxListeners(0);
  host.once("exit", () => hosts.forget(host));
  return host;
}

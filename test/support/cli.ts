import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { bundled } from "./bundle.ts";

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

/** The command line as a process of its own, with a home of its own. */
export function startTanren(args: readonly string[], options: { home: string; env?: NodeJS.ProcessEnv }): ChildProcess {
  const [program, ...rest] = commandOf(args);
  return spawn(program, rest, {
    cwd: options.home,
    env: { ...process.env, LANG: "C", LC_ALL: "", TANREN_HOME: options.home, TANREN_STORE: "", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
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

export function tanren(args: readonly string[], options: { home: string; env?: NodeJS.ProcessEnv }): Promise<Ended> {
  return ended(startTanren(args, options));
}

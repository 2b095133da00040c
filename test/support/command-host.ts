/**
 * A process that runs one command line after another, so that each need not load the program anew. A command finds what it
 * would find in a process of its own: its folder, its environment, its exit code; what it writes is its answer.
 */
import { main } from "../../src/cli/program.ts";
import type { Ended } from "./cli.ts";

export interface CommandLine {
  readonly args: readonly string[];
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
}

// Every command listens to the process and its streams, and none leaves.
for (const emitter of [process, process.stdout, process.stderr]) {
  emitter.setMaxListeners(0);
}

function keep(stream: NodeJS.WriteStream, chunks: Uint8Array[]): void {
  stream.write = ((chunk: string | Uint8Array, ...more: unknown[]) => {
    chunks.push(Buffer.from(chunk as string));
    const done = more.find((one) => typeof one === "function") as (() => void) | undefined;
    if (done !== undefined) {
      queueMicrotask(done);
    }
    return true;
  }) as typeof stream.write;
}

process.on("message", async ({ args, folder, env }: CommandLine) => {
  for (const name of Object.keys(process.env)) {
    delete process.env[name];
  }
  Object.assign(process.env, env);
  process.chdir(folder);
  process.argv = [process.argv[0], "tanren", ...args];
  process.exitCode = undefined;
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  keep(process.stdout, stdout);
  keep(process.stderr, stderr);
  await main(args);
  // What a thread has said last is on its way.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  const said: Ended = {
    status: Number(process.exitCode ?? 0),
    stdout: Buffer.concat(stdout).toString(),
    stderr: Buffer.concat(stderr).toString(),
  };
  process.exitCode = undefined;
  process.send!(said);
});
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));

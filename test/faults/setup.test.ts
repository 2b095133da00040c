import { type ChildProcess, spawn } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ended, temporaryFolder } from "../support/cli.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const lockName = ".tanren-setup.lock";

/** A checkout whose npm only takes its time, and where no compiler is found. */
function checkout(): string {
  const folder = temporaryFolder();
  for (const name of ["setup.mjs", "checkout-lock.mjs", "build-native.mjs", "kernel-sources.mjs", "font-files.mjs"]) {
    cpSync(join(root, "scripts", name), join(folder, "scripts", name));
  }
  cpSync(join(root, "src/kernels/c"), join(folder, "src/kernels/c"), { recursive: true });
  writeFileSync(join(folder, "package-lock.json"), "{}");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const npm = `#!/bin/sh
    echo began >> ${folder}/npm.log
    for i in $(/usr/bin/seq 1 "$NPM_TENTHS"); do /bin/sleep 0.1; done
    /bin/mkdir -p ${folder}/node_modules/node/bin && /usr/bin/touch ${folder}/node_modules/node/bin/node
    echo ended >> ${folder}/npm.log`;
  writeFileSync(join(bin, "npm"), npm);
  chmodSync(join(bin, "npm"), 0o755);
  symlinkSync("/bin/sh", join(bin, "sh"));
  return folder;
}

/** @param tenths how long npm takes, in tenths of a second */
function setUp(folder: string, tenths: number): ChildProcess {
  const child = spawn(process.execPath, [join(folder, "scripts", "setup.mjs")], {
    env: { PATH: join(folder, "bin"), NPM_TENTHS: String(tenths) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

async function npmBegan(folder: string): Promise<void> {
  for (let i = 0; i < 6000 && !existsSync(join(folder, "npm.log")); i++) {
    await wait(50);
  }
  expect(existsSync(join(folder, "npm.log"))).toBe(true);
}

const locks = (folder: string) => readdirSync(folder).filter((name) => name.startsWith(lockName));

describe("setting up a checkout", () => {
  test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "%s ends it soon, with 130, and leaves no lock",
    async (signal) => {
      const folder = checkout();
      // Waiting for its npm would take longer than a test may.
      const child = setUp(folder, 7_200);
      const result = ended(child);
      await npmBegan(folder);
      child.kill(signal);
      expect((await result).status).toBe(130);
      expect(locks(folder)).toEqual([]);
    },
  );

  test("one that waits for another hears Ctrl-C too, and leaves the other's lock", async () => {
    const folder = checkout();
    const first = setUp(folder, 600);
    const firstEnded = ended(first);
    await npmBegan(folder);
    const second = setUp(folder, 1);
    const secondEnded = ended(second);
    await new Promise((resolve) => second.stderr?.once("data", resolve));
    second.kill("SIGINT");
    expect(await secondEnded).toMatchObject({ status: 130, stderr: "Waiting for another set-up of this checkout …\n" });
    expect(locks(folder)).toEqual([lockName]);
    first.kill("SIGINT");
    await firstEnded;
  });

  test("two at once: the second waits, and finds all done", async () => {
    const folder = checkout();
    const both = await Promise.all([ended(setUp(folder, 10)), ended(setUp(folder, 10))]);
    expect(both.map(({ status }) => status)).toEqual([0, 0]);
    expect(readFileSync(join(folder, "npm.log"), "utf8")).toBe("began\nended\n");
    expect(locks(folder)).toEqual([]);
  });

  const living = { pid: process.pid, host: hostname(), birth: "" };
  const gone: Record<string, (folder: string) => void | Promise<void>> = {
    "a killed one's": async (folder) => {
      const child = setUp(folder, 20);
      await npmBegan(folder);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("exit", resolve));
      writeFileSync(join(folder, "npm.log"), "");
    },
    "a number's that nobody has": (folder) =>
      writeFileSync(join(folder, lockName), JSON.stringify({ ...living, pid: 2 ** 22 - 7 })),
    "another machine's": (folder) =>
      writeFileSync(join(folder, lockName), JSON.stringify({ ...living, host: "elsewhere" })),
    "that of a process whose number another has by now": (folder) =>
      writeFileSync(join(folder, lockName), JSON.stringify({ ...living, birth: "an earlier boot:1" })),
  };
  test.each(Object.entries(gone))("a lock that is left behind is taken at once: %s", async (_, leave) => {
    const folder = checkout();
    await leave(folder);
    expect(locks(folder)).toContain(lockName);
    const { status, stderr } = await ended(setUp(folder, 1));
    expect(stderr).not.toContain("Waiting for another");
    expect(status).toBe(0);
    expect(locks(folder)).toEqual([]);
  });

  test("an older Tanren's lock, which names no owner, is waited for some seconds only", async () => {
    const folder = checkout();
    mkdirSync(join(folder, lockName));
    expect((await ended(setUp(folder, 1))).status).toBe(0);
    expect(locks(folder)).toEqual([]);
  });

  test("many at once after a crash: one at a time", async () => {
    const folder = checkout();
    writeFileSync(join(folder, lockName), JSON.stringify({ ...living, pid: 2 ** 22 - 7 }));
    const all = await Promise.all([1, 2, 3, 4].map(() => ended(setUp(folder, 3))));
    expect(all.map(({ status }) => status)).toEqual([0, 0, 0, 0]);
    expect(readFileSync(join(folder, "npm.log"), "utf8")).toBe("began\nended\n");
  });
});

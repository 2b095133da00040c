import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { ended, startTanren, tanren, temporaryFolder } from "../support/cli.ts";
import { few } from "../support/few.ts";

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Waits until the run has begun in its store. */
async function begun(child: ChildProcess, home: string): Promise<string> {
  for (let i = 0; i < 3000; i++) {
    expect(child.exitCode).toBeNull();
    const [first] = JSON.parse((await tanren(["show", "--json"], { home, pictures: "none" })).stdout) as {
      id: string;
    }[];
    if (first !== undefined) {
      return first.id;
    }
    await wait(100);
  }
  throw new Error("the run has not begun in time");
}

describe("a stop from outside", () => {
  test.each(few(1, signals))("%s ends a run with 130, and what it recorded is kept as interrupted", async (signal) => {
    const home = temporaryFolder();
    const child = startTanren(["run", "optimizer-comparison", "--set", "iterations=1000000", "--out", "out"], {
      home,
    });
    const result = ended(child);
    const id = await begun(child, home);
    child.kill(signal);
    const { status, stderr } = await result;
    expect(status).toBe(130);
    expect(stderr).toContain(`kept as ${id}`);
    const [run] = JSON.parse((await tanren(["show", "--json"], { home, pictures: "none" })).stdout);
    expect(run).toMatchObject({ id, status: "interrupted" });
    expect(existsSync(join(home, "out", "run.json"))).toBe(true);
  });

  test("a second Ctrl-C ends at once; the run counts as interrupted all the same", async () => {
    const home = temporaryFolder();
    const child = startTanren(["run", "optimizer-comparison", "--set", "iterations=1000000", "--out", "out"], {
      home,
      pictures: "none",
    });
    const result = ended(child);
    const id = await begun(child, home);
    child.kill("SIGINT");
    child.kill("SIGINT");
    await wait(20);
    child.kill("SIGINT");
    expect((await result).status).toBe(130);
    const [run] = JSON.parse((await tanren(["show", "--json"], { home, pictures: "none" })).stdout);
    expect(run).toMatchObject({ id, status: "interrupted" });
  });

  test("a download that hangs is ended with 130", async () => {
    const asked = Promise.withResolvers<void>();
    const server = createServer(() => asked.resolve()).listen(0, "127.0.0.1");
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    await new Promise((resolve) => server.once("listening", resolve));
    const mirror = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const child = startTanren(["data", "get", "mnist", "--mirror", mirror], { home: temporaryFolder() });
    const result = ended(child);
    await asked.promise;
    child.kill("SIGINT");
    expect((await result).status).toBe(130);
  });

  test("a calculation that never pauses hears it too, and a checkout's command says 130", async () => {
    const tanrenScript = fileURLToPath(new URL("../../scripts/tanren.mjs", import.meta.url));
    // Minutes of work in one piece.
    const args = [
      "gradcheck",
      "--hidden",
      "400,400",
      "--rows",
      "512",
      "--samples",
      "1000000",
      "--backend",
      "reference",
    ];
    const child = spawn(process.execPath, [tanrenScript, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    const result = ended(child);
    await wait(3_000);
    expect(child.exitCode).toBeNull();
    child.kill("SIGINT");
    expect((await result).status).toBe(130);
  });
});

import { once } from "node:events";
import { existsSync, mkdtempSync, rmdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { expect, onTestFinished, test } from "vitest";
import { DataError } from "../../core/errors.ts";
import { writeWhole } from "../whole-file.ts";
import { makeFolder, withFolder } from "./make-folder.ts";

function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "tanren-folder-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

test("a folder is made with its parents, and is left alone when it is there", () => {
  const folder = join(scratch(), "a", "b", "c");
  expect(makeFolder(folder)).toBe(folder);
  writeFileSync(join(folder, "kept"), "");
  expect(makeFolder(folder)).toBe(folder);
  expect(statSync(join(folder, "kept")).isFile()).toBe(true);
  expect(makeFolder("/")).toBe("/");
});

test("what is put into a folder gets there, though others take the empty folder away meanwhile; else the system says why", () => {
  const folder = join(scratch(), "a", "b");
  let taken = 0;
  const put = (path: string) => {
    if (taken < 3) {
      taken++;
      rmdirSync(path);
    }
    writeFileSync(join(path, "kept"), "");
  };
  withFolder(folder, put);
  expect([existsSync(join(folder, "kept")), taken]).toEqual([true, 3]);
  let asked = 0;
  const nowhere = (path: string) => {
    asked++;
    writeFileSync(join(path, "no", "such"), "");
  };
  expect(() => withFolder(folder, nowhere)).toThrow("ENOENT");
  expect(asked).toBeLessThan(100);
  expect(() => withFolder(folder, () => writeFileSync(folder, ""))).toThrow("EISDIR");
});

test("a model is saved though another thread takes the empty folder away some times", async () => {
  const folder = join(scratch(), "a", "b");
  const code = `const { rmdirSync } = require("node:fs");
    const { parentPort } = require("node:worker_threads");
    parentPort.on("message", () => {
      parentPort.postMessage("ready");
      const until = Date.now() + 50;
      for (let taken = 0; taken < 8 && Date.now() < until; ) try { rmdirSync(${JSON.stringify(folder)}); taken++; } catch {}
    });`;
  const taker = new Worker(code, { eval: true });
  for (let i = 0; i < 10; i++) {
    taker.postMessage("take");
    await once(taker, "message");
    await writeWhole(join(folder, "model.tanren"), new Uint8Array(8));
    rmSync(join(folder, "model.tanren"));
  }
  await taker.terminate();
});

test("a folder is made though another thread takes it and its parent away all the time", async () => {
  const folder = join(scratch(), "a", "b");
  const code = `const { rmdirSync } = require("node:fs");
    const { parentPort } = require("node:worker_threads");
    parentPort.postMessage("ready");
    for (;;) for (const path of ${JSON.stringify([folder, join(folder, "..")])}) try { rmdirSync(path); } catch {}`;
  const taker = new Worker(code, { eval: true });
  await once(taker, "message");
  for (let i = 0; i < 3000; i++) {
    expect(makeFolder(folder)).toBe(folder);
  }
  await taker.terminate();
});

test("a link to a folder is one; a file in the way is the system's error", () => {
  const folder = scratch();
  symlinkSync(folder, join(folder, "link"));
  expect(makeFolder(join(folder, "link"))).toBe(join(folder, "link"));
  writeFileSync(join(folder, "file"), "");
  expect(() => makeFolder(join(folder, "file"))).toThrow("EEXIST");
  expect(() => makeFolder(join(folder, "file", "x", "y"))).toThrow("ENOTDIR");
});

test.skipIf(process.platform !== "linux")(
  'a place that answers "no such file" is refused in a sentence, and the call returns',
  () => {
    expect(() => makeFolder("/proc/tanren/a/b")).toThrow(DataError);
    expect(() => makeFolder("/proc/tanren/a/b")).toThrow(/must lie in a place that can hold folders/);
  },
);

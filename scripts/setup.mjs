// Sets up a checkout: the npm packages (Node ≥ 24 among them), the small fonts and the native kernels. Plain JavaScript without imports
// from npm, since it runs before anything is installed, on any Node ≥ 20.
//   node scripts/setup.mjs

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildNative, reasonWithoutNative } from "./build-native.mjs";
import { takeLock } from "./checkout-lock.mjs";
import { fileName, japaneseFonts, latinFonts } from "./font-files.mjs";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, "node_modules");
const stamp = join(modules, ".tanren-setup");
const lock = join(root, ".tanren-setup.lock");

/** The Node that the repository brings. */
export const node = join(modules, "node", "bin", process.platform === "win32" ? "node.exe" : "node");

function lockDigest() {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function installed() {
  return existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === lockDigest();
}

/** Makes the checkout ready; does nothing, in a few milliseconds, when it is. Exits with a sentence when it cannot. */
export async function setUp() {
  if (Number(process.versions.node.split(".")[0]) < 20) {
    stop(`Node 20 or newer is needed to set up, got ${process.versions.node}. Install a newer Node.`);
  }
  if (!installed()) {
    await alone(async (signal) => {
      if (!installed()) {
        await install(signal);
      }
    });
  }
  const before = reasonWithoutNative();
  const why = await alone(async (signal) => {
    await makeFonts();
    return buildNative(signal);
  });
  // Said once, not at every command; `tanren doctor` repeats it.
  if (why !== null && why !== before && process.env.TANREN_NATIVE !== "0") {
    process.stderr.write(`Native kernels are left out (${why}); training runs on WASM.\n`);
  }
}

/** Where one is missing. Without them pictures are the same, and take longer. */
async function makeFonts() {
  const fonts = [...japaneseFonts, ...latinFonts].map((font) => join(root, "build", "fonts", fileName(font)));
  if (!fonts.every((file) => existsSync(file))) {
    // Loaded when it is needed, and when its packages are there.
    await import("./subset-fonts.mjs").then(({ subsetFonts }) => subsetFonts()).catch(() => {});
  }
}

/** @param {AbortSignal} signal ends it early */
async function install(signal) {
  process.stderr.write("Installing the npm packages (once) …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const failure = await new Promise((resolve) => {
    // Not waited for synchronously: a person's Ctrl-C must be heard meanwhile.
    const child = spawn(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32",
      signal,
    });
    child.once("error", ({ message }) => resolve(message));
    child.once("close", (status, by) => resolve(status === 0 ? null : by === null ? `exit ${status}` : by));
  });
  signal.throwIfAborted();
  if (failure !== null) {
    stop(`npm ci must succeed, got ${failure}. See npm's words above, then run it again.`);
  }
  if (!existsSync(node)) {
    stop(
      "the npm package node must bring a Node for this system, got none. Install Node ≥ 24 and run: npm rebuild node",
    );
  }
  writeFileSync(stamp, lockDigest());
}

const interrupted = 130;
const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/** Two set-ups of one checkout at once would spoil each other: the second waits for the first. */
async function alone(action) {
  const controller = new AbortController();
  const onSignal = () => {
    controller.abort();
    // Whatever does not end by itself ends with us.
    setTimeout(() => process.exit(interrupted), 1_500).unref();
  };
  for (const signal of signals) {
    process.on(signal, onSignal);
  }
  let release = null;
  try {
    for (let waited = false; release === null; waited = true) {
      release = taken();
      if (release === null) {
        if (!waited) {
          process.stderr.write("Waiting for another set-up of this checkout …\n");
        }
        await new Promise((resolve) => setTimeout(resolve, 200));
        controller.signal.throwIfAborted();
      }
    }
    process.once("exit", release);
    return await action(controller.signal);
  } catch (error) {
    if (controller.signal.aborted) {
      process.exit(interrupted);
    }
    throw error;
  } finally {
    if (release !== null) {
      process.off("exit", release);
      release();
    }
    for (const signal of signals) {
      process.off(signal, onSignal);
    }
  }
}

function taken() {
  try {
    return takeLock(lock);
  } catch (error) {
    stop(`the checkout must be writable, got ${error.code} at ${lock}. Change its permissions.`);
  }
}

function stop(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
}

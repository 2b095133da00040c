// Sets up a checkout: the npm packages (Node ≥ 24 among them) and the native kernels. Plain JavaScript without imports
// from npm, since it runs before anything is installed, on any Node ≥ 20.
//   node scripts/setup.mjs

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildNative, reasonWithoutNative } from "./build-native.mjs";

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
    await alone(() => {
      if (!installed()) {
        install();
      }
    });
  }
  const before = reasonWithoutNative();
  const why = await alone(buildNative);
  // Said once, not at every command; `tanren doctor` repeats it.
  if (why !== null && why !== before && process.env.TANREN_NATIVE !== "0") {
    process.stderr.write(`Native kernels are left out (${why}); training runs on WASM.\n`);
  }
}

function install() {
  process.stderr.write("Installing the npm packages (once) …\n");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const result = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    stop(
      `npm ci must succeed, got ${result.error?.message ?? `exit ${result.status}`}. See npm's words above, then run it again.`,
    );
  }
  if (!existsSync(node)) {
    stop(
      "the npm package node must bring a Node for this system, got none. Install Node ≥ 24 and run: npm rebuild node",
    );
  }
  writeFileSync(stamp, lockDigest());
}

/** Two set-ups of one checkout at once would spoil each other: the second waits for the first. */
async function alone(action) {
  const stale = 10 * 60_000;
  for (let waited = 0; ; waited += 200) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") {
        stop(`the checkout must be writable, got ${error.code} at ${lock}. Change its permissions.`);
      }
      if (lockAge() > stale) {
        rmSync(lock, { recursive: true, force: true });
      } else if (waited === 0) {
        process.stderr.write("Waiting for another set-up of this checkout …\n");
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once("exit", release);
  try {
    return await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

function lockAge() {
  try {
    return Date.now() - statSync(lock).mtimeMs;
  } catch {
    return 0;
  }
}

function stop(sentence) {
  process.stderr.write(`setup: ${sentence}\n`);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
}

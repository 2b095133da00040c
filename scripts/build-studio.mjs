// Builds the studio: plain static files in dist/studio with MNIST beside them. Does nothing, in some milliseconds, when
// they are up to date.
//   node scripts/build-studio.mjs [--force]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { node, root, setUp } from "./setup.mjs";

export const studioFolder = join(root, "dist", "studio");
const stamp = join(root, "dist", "studio.stamp");
const lock = join(root, "dist", ".studio.lock");
/** Milliseconds after which a lock is that of a build which died. */
const stale = 3 * 60_000;

/** Rooms that no page can be made of. */
const notInPages = new Set(["cli", "node", "server", "store/studies"]);

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (notInPages.has(relative(join(root, "src"), path)) || /\.test\.ts$/.test(entry.name)) {
      return [];
    }
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}

/** Of everything the build depends on. */
function digest() {
  const hash = createHash("sha256");
  const others = ["vite.config.ts", "package-lock.json", "scripts/build-studio.mjs", "scripts/studio-data.mjs"];
  for (const file of [...filesIn(join(root, "src")).sort(), ...others.map((name) => join(root, name))]) {
    hash.update(relative(root, file)).update("\0").update(readFileSync(file)).update("\0");
  }
  return hash.digest("hex");
}

function upToDate() {
  return existsSync(join(studioFolder, "index.html")) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest();
}

/**
 * Builds the studio when it is stale; several processes may ask at once.
 * @param {{ force?: boolean, quiet?: boolean }} options
 * @returns its folder
 */
export async function buildStudio({ force = false, quiet = false } = {}) {
  if (!force && upToDate()) {
    return studioFolder;
  }
  await alone(async () => {
    if (!force && upToDate()) {
      return;
    }
    if (!quiet) {
      process.stderr.write("Building the studio …\n");
    }
    const before = digest();
    const fresh = `${studioFolder}.${process.pid}`;
    try {
      run([join(root, "node_modules", "vite", "bin", "vite.js"), "build", "--outDir", fresh, "--logLevel", "warn"]);
      const { studioData } = await import("./studio-data.mjs");
      cpSync(await studioData(), join(fresh, "data", "mnist"), { recursive: true });
      rmSync(join(fresh, "data", "mnist", "stamp.json"));
      rmSync(stamp, { force: true });
      rmSync(studioFolder, { recursive: true, force: true });
      renameSync(fresh, studioFolder);
      // Of the sources as they were when it began: what changed meanwhile is not in it.
      writeFileSync(stamp, before);
    } finally {
      rmSync(fresh, { recursive: true, force: true });
    }
  });
  return studioFolder;
}

function run(args) {
  const { status, stderr, stdout } = spawnSync(process.execPath, args, {
    cwd: root,
    encoding: "utf8",
    // Also where a test asks for it: Vitest's NODE_ENV would bring in Svelte's code for development.
    env: { ...process.env, NO_COLOR: "1", NODE_ENV: "production" },
  });
  if (status !== 0) {
    throw new Error(`the studio must build, got:\n${stdout}${stderr}`);
  }
}

/** One build at a time: another waits for it, and then finds its work done. */
async function alone(action) {
  mkdirSync(join(root, "dist"), { recursive: true });
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if (error.code !== "EEXIST") {
        throw error;
      }
      if (age(lock) > stale) {
        rmSync(lock, { recursive: true, force: true });
      } else {
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    }
  }
  const release = () => rmSync(lock, { recursive: true, force: true });
  process.once("exit", release);
  try {
    await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

function age(path) {
  try {
    return Date.now() - statSync(path).mtimeMs;
  } catch {
    return 0;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setUp();
  // By its version, not its path: a linked node_modules has another, and would start this again for ever.
  if (Number(process.versions.node.split(".")[0]) >= 24) {
    try {
      await buildStudio({ force: process.argv.includes("--force") });
    } catch (error) {
      process.stderr.write(`build:studio: ${error.message}\n`);
      process.exitCode = 1;
    }
  } else {
    // On the Node that the checkout brings.
    process.exitCode = spawnSync(node, process.argv.slice(1), { stdio: "inherit" }).status ?? 1;
  }
}

import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { rolldown } from "rolldown";
import { subsetFonts } from "../../scripts/subset-fonts.mjs";

/**
 * The command and all that starts as a thread or a process of its own, bundled: of the sources they are some 350 modules,
 * whose loading would be most of what many tests take. Threads are named as the modules that start them expect.
 */
const programs = {
  command: "src/cli/main.ts",
  "command-host": "test/support/command-host.ts",
  thread: "src/node/runs/thread.ts",
  worker: "src/node/study/trial/worker.ts",
  "render-process": "test/support/render-process.ts",
  "study-process": "test/faults/study-process.ts",
  index: "src/index.ts",
  node: "src/node/index.ts",
} as const;

/** Modules of the sources that start those threads. */
const starters = /[\\/]src[\\/]node[\\/](runs[\\/]thread-pool|study[\\/]trial[\\/]thread|figure[\\/]renderer)\.ts$/;

const root = fileURLToPath(new URL("../..", import.meta.url));
// As deep as the sources' rooms, so that what is looked for from there is found.
const folder = join(root, "build", "test-programs");
const stamp = join(folder, "stamp.txt");

/** The bundled program's file. It is made before the tests begin. */
export function bundled(name: keyof typeof programs): string {
  return join(folder, `${name}.js`);
}

/** For Vitest's configuration: threads that tested code starts are bundled ones. */
export const bundledThreads = {
  name: "bundled-threads",
  enforce: "pre",
  transform: (code: string, id: string) =>
    starters.test(id)
      ? code.replaceAll("import.meta.url", JSON.stringify(pathToFileURL(bundled("thread")).href))
      : null,
} as const;

/** Makes the bundle when a source has changed, and the small fonts: Vitest's global setup. */
export async function setup(): Promise<void> {
  await subsetFonts();
  const now = state();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === now) {
    return;
  }
  const build = await rolldown({
    input: Object.fromEntries(Object.entries(programs).map(([name, file]) => [name, join(root, file)])),
    cwd: root,
    platform: "node",
    // What brings binaries or data of its own.
    external: [/^@resvg\//, /^pg($|-)/, "playwright-core", "vite"],
  });
  const fresh = `${folder}.${process.pid}`;
  await build.write({ dir: fresh, format: "esm" });
  await build.close();
  writeFileSync(join(fresh, "stamp.txt"), now);
  mkdirSync(join(root, "build"), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** Of every file that may be in it. */
function state(): string {
  const hash = createHash("sha256");
  const sources = globSync(["src/**/*.ts", "test/faults/*.ts", "test/support/*.ts", "package-lock.json"], {
    cwd: root,
  });
  for (const file of sources.sort()) {
    const { mtimeMs, size } = statSync(join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

#!/usr/bin/env node
// Builds the native kernels into build/native with the system's C compiler. Where that is not possible, training runs on
// WASM; the reason is kept in build/native/reason.txt for `tanren doctor`.
//   node scripts/build-native.mjs [--strict]     --strict: exit 1 when they cannot be built
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { compiledSources, digestOf, root, sourceFolder } from "./kernel-sources.mjs";

const execute = promisify(execFile);
const folder = join(root, "build", "native");
const product = join(folder, "tanren.node");
const stamp = join(folder, "stamp.txt");
const reason = join(folder, "reason.txt");

/** Widest first: the addon takes the first that the processor runs. */
const variantsOf = {
  x64: [
    { name: "avx512", bytes: 64, flags: ["-march=skylake-avx512", "-mprefer-vector-width=512"] },
    { name: "avx2", bytes: 32, flags: ["-march=haswell"] },
    { name: "generic", bytes: 16, flags: [] },
  ],
  arm64: [{ name: "neon", bytes: 16, flags: [] }],
};

async function findCompiler(run) {
  for (const name of [process.env.CC, "cc", "gcc", "clang"].filter(Boolean)) {
    try {
      await run(name, ["--version"]);
      return name;
    } catch {
      // The next one, then.
    }
  }
  throw new Error("no C compiler was found (cc, gcc or clang)");
}

/** Those of the npm package node-api-headers, else of this Node: most installations bring them. */
function headersFolder() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve("node-api-headers/package.json")), "include");
  } catch {
    const own = join(dirname(dirname(realpathSync(process.execPath))), "include", "node");
    if (existsSync(join(own, "node_api.h"))) {
      return own;
    }
    throw new Error("neither this Node nor the npm package node-api-headers brings node_api.h");
  }
}

async function compile(compiler, variants, run) {
  const headers = headersFolder();
  const work = join(folder, `work-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const objects = [];
    const jobs = [];
    const add = (source, name, flags) => {
      const object = join(work, `${name}.o`);
      objects.push(object);
      jobs.push(() =>
        run(compiler, [
          "-O3",
          "-fPIC",
          "-fvisibility=hidden",
          "-std=gnu11",
          "-Wno-psabi",
          ...flags,
          "-c",
          join(sourceFolder, source),
          "-o",
          object,
        ]),
      );
    };
    for (const { name, bytes, flags } of variants) {
      for (const dtype of ["f32", "f64"]) {
        const prefix = `tanren_${name}_${dtype}`;
        const defines = [
          `-DTANREN_NAME(f)=${prefix}_##f`,
          `-DTANREN_BYTES=${bytes}`,
          ...(dtype === "f64" ? ["-DTANREN_F64"] : []),
        ];
        const compiled = (source, contraction) =>
          add(source, `${prefix}_${source.replace(".c", "")}`, [...flags, ...defines, `-ffp-contract=${contraction}`]);
        for (const source of compiledSources.contracted) {
          compiled(source, "fast");
        }
        for (const source of [...compiledSources.plain, "dispatch.c", "rules.c"]) {
          compiled(source, "off");
        }
      }
    }
    const list = `-DTANREN_VARIANTS(X)=${variants.map(({ name }) => `X(${name})`).join(" ")}`;
    add("addon.c", "addon", [list, `-I${headers}`]);
    await inParallel(jobs, 2);
    const linking = process.platform === "darwin" ? ["-bundle", "-undefined", "dynamic_lookup"] : ["-shared"];
    const fresh = join(work, "tanren.node");
    await run(compiler, [...linking, ...objects, "-o", fresh]);
    renameSync(fresh, product);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function inParallel(jobs, width) {
  const waiting = [...jobs];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
        await job();
      }
    }),
  );
}

/** Why there were no native kernels the last time; null when there were, or nothing is known. */
export function reasonWithoutNative() {
  return existsSync(reason) ? readFileSync(reason, "utf8").trim() : null;
}

/**
 * Builds when the sources changed.
 * @param {AbortSignal} [signal] ends it early; nothing is kept of it then
 * @returns null, or why there are no native kernels
 * @throws when `signal` has aborted
 */
export async function buildNative(signal) {
  const run = (file, args) => execute(file, args, { signal });
  const digest = digestOf([readFileSync(fileURLToPath(import.meta.url), "utf8")]);
  mkdirSync(folder, { recursive: true });
  if (existsSync(product) && existsSync(stamp) && readFileSync(stamp, "utf8") === digest) {
    return null;
  }
  try {
    const variants = variantsOf[process.arch];
    if (variants === undefined || process.platform === "win32") {
      throw new Error(`there is no native variant for ${process.platform} on ${process.arch}`);
    }
    await compile(await findCompiler(run), variants, run);
    writeFileSync(stamp, digest);
    rmSync(reason, { force: true });
    return null;
  } catch (error) {
    signal?.throwIfAborted();
    const why = String(error.stderr || error.message)
      .trim()
      .split("\n")[0];
    rmSync(product, { force: true });
    writeFileSync(reason, `${why}\n`);
    return why;
  }
}

if (existsSync(process.argv[1] ?? "") && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const why = await buildNative();
  if (why !== null) {
    process.stderr.write(`native kernels: a C compiler must build them, got: ${why}. Training runs on WASM instead.\n`);
    process.exitCode = process.argv.includes("--strict") ? 1 : 0;
  }
}

// Builds the WASM kernels with the npm package @yowasp/clang (a compiler that is itself WASM: no toolchain is needed) and
// writes them, as text, into src/kernels/wasm-modules.generated.ts.
//   node scripts/build-wasm.mjs [--check]     --check: only tell whether the C sources have changed since
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { encodeBytes, patchBytes, singles } from "../src/kernels/wasm-bytes.ts";
import { compiledSources, digestOf, root, sourceFolder } from "./kernel-sources.mjs";
import { functionNames } from "./kernel-table.mjs";

const target = join(root, "src", "kernels", "wasm-modules.generated.ts");
const digest = digestOf([readFileSync(fileURLToPath(import.meta.url), "utf8")]);

/** A copied piece shorter than this is not worth its place. */
const shortest = 12;

/** Bytes at the start of each memory that the modules keep for their stack and constants. */
const reserved = 65536;

const exported = ["scratch_bytes", ...functionNames];

const variants = { "wasm-simd": ["-msimd128"], "wasm-relaxed": ["-msimd128", "-mrelaxed-simd"] };
const dtypes = { float32: [], float64: ["-DTANREN_F64"] };

async function build() {
  const { runClang, runLLVM } = await import("@yowasp/clang");
  void runLLVM;
  const files = Object.fromEntries(
    readdirSync(sourceFolder)
      .filter((file) => !["addon.c", "dispatch.c", "cases.generated.h", "table.generated.h"].includes(file))
      .map((file) => [file, readFileSync(join(sourceFolder, file))]),
  );
  const modules = {};
  for (const [variant, flags] of Object.entries(variants)) {
    modules[variant] = {};
    for (const [dtype, defines] of Object.entries(dtypes)) {
      modules[variant][dtype] = await compile(runClang, files, [...flags, ...defines]);
    }
  }
  return modules;
}

async function compile(runClang, files, flags) {
  // What is to be unrolled says so: elsewhere it costs every page bytes, and next to no time is won.
  const common = [
    "--target=wasm32-unknown-unknown",
    "-nostdlib",
    "-ffreestanding",
    "-fno-builtin",
    "-O3",
    "-fno-unroll-loops",
    "-std=gnu11",
  ];
  const settings = ["-DTANREN_BYTES=16", "-DTANREN_NAME(f)=f", "-ffp-contract=off", "-Wno-unknown-pragmas", ...flags];
  const linking = [
    ...["-Wl,--no-entry", "-Wl,--import-memory", "-Wl,-z,stack-size=32768", "-Wl,--strip-all"],
    ...exported.map((name) => `-Wl,--export=${name}`),
  ];
  // WASM has no instruction that a compiler could contract to: the kernels ask for the relaxed one by name.
  const sources = Object.values(compiledSources).flat();
  const args = ["clang", ...common, ...settings, ...linking, ...sources, "-o", "kernels.wasm"];
  const out = await runClang(args, files, { stdout: null, stderr: (bytes) => bytes && process.stderr.write(bytes) });
  return out["kernels.wasm"];
}

/** The values of the commonest bytes. */
function commonOf(modules) {
  const counts = new Array(256).fill(0);
  for (const bytes of modules) {
    for (const byte of bytes) {
      counts[byte]++;
    }
  }
  return [...counts.keys()].sort((a, b) => counts[b] - counts[a]).slice(0, singles);
}

/** How `bytes` are made of `from`, greedily: the longest piece that is there, again and again. */
function patchOf(from, bytes, common) {
  const key = (of, at) => of.subarray(at, at + shortest).join();
  const places = new Map();
  for (let at = 0; at + shortest <= from.length; at++) {
    places.set(key(from, at), [...(places.get(key(from, at)) ?? []), at]);
  }
  const own = [];
  const runs = [];
  let fresh = 0;
  for (let at = 0; at < bytes.length; ) {
    let [place, length] = [0, 0];
    for (const start of places.get(key(bytes, at)) ?? []) {
      let same = 0;
      while (at + same < bytes.length && start + same < from.length && bytes[at + same] === from[start + same]) {
        same++;
      }
      if (same > length) {
        [place, length] = [start, same];
      }
    }
    if (length >= shortest) {
      runs.push(fresh, place, length);
      fresh = 0;
      at += length;
    } else {
      own.push(bytes[at++]);
      fresh++;
    }
  }
  return { own: encodeBytes(Uint8Array.from(own), common), runs: [...runs, fresh, 0, 0] };
}

/** A text in as many equal parts as gzip's window asks for. */
function inParts(text, parts = 8) {
  const length = Math.ceil(text.length / parts);
  return Array.from({ length: parts }, (_, i) => text.slice(i * length, (i + 1) * length));
}

function render(modules) {
  const common = commonOf(Object.values(modules).flatMap((dtypes) => Object.values(dtypes)));
  const [plain, relaxed] = Object.values(modules);
  const [float32, float64] = [plain.float32, plain.float64].map((bytes) => inParts(encodeBytes(bytes, common)));
  const whole = float32.map((part, i) => `  ["${part}",\n   "${float64[i]}"],\n`);
  const patches = Object.entries(relaxed).map(([dtype, bytes]) => {
    const patch = patchOf(plain[dtype], bytes, common);
    if (Buffer.compare(patchBytes(plain[dtype], patch, common), bytes) !== 0) {
      throw new Error(`the patch for ${dtype} must give the module back`);
    }
    return `  ${dtype}: { own: "${patch.own}", runs: [${patch.runs.join(", ")}] },\n`;
  });
  return [
    "// Generated by scripts/build-wasm.mjs from src/kernels/c; run `npm run build:wasm` after a change there.",
    `// sources ${digest}`,
    'import type { BytePatch } from "./wasm-bytes.ts";',
    "",
    "/** Bytes at the start of the memory that belong to the module: its stack and constants. */",
    `export const reservedBytes = ${reserved};`,
    "",
    "/** The commonest bytes: the text below is encoded by them, see wasm-bytes.ts. */",
    `export const commonBytes: readonly number[] = [${common.join(", ")}];`,
    "",
    "/** The modules for float32 and float64, in parts side by side: gzip looks back no further than 32 kB. */",
    "export const simdModules: readonly (readonly [float32: string, float64: string])[] = [",
    `${whole.join("")}];`,
    "",
    "/** Few bytes differ where relaxed SIMD multiplies and adds at once. */",
    "export const relaxedPatches: { readonly float32: BytePatch; readonly float64: BytePatch } = {",
    `${patches.join("")}};`,
    "",
  ].join("\n");
}

if (process.argv.includes("--check")) {
  if (!readFileSync(target, "utf8").includes(`// sources ${digest}\n`)) {
    process.stderr.write(
      "build-wasm: wasm-modules.generated.ts must be made from the C sources here. Run npm run build:wasm.\n",
    );
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, render(await build()));
}

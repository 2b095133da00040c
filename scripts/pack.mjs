// Builds what an npm package is made of, into its folder under packages/. Each package's `prepack` runs it, so that
// `npm pack` there gives the finished tarball.
//   node scripts/pack.mjs core | tanren | native-<platform>-<arch>
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { buildNative } from "./build-native.mjs";
import { bundled, doors, isCore } from "./packages.mjs";
import { node, root, setUp } from "./setup.mjs";
import { vendored } from "./vendor.mjs";

/** What stands between quotes after from, import or import(. */
const specifiers = /\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g;
const coreDoors = { "core-index.js": "@tanren/core", "node/core.js": "@tanren/core/node" };
const source = join(root, "src");
const [name] = process.argv.slice(2);
const folder = join(root, "packages", String(name));
const dist = join(folder, "dist");

await setUp();
if (Number(process.versions.node.split(".")[0]) < 24) {
  // On the Node that the checkout brings.
  process.exit(spawnSync(node, process.argv.slice(1), { stdio: "inherit" }).status ?? 1);
}
if (name !== "core" && name !== "tanren" && !(String(name).startsWith("native-") && existsSync(folder))) {
  process.stderr.write(`pack: must be core, tanren or a native package under packages/, got ${name}.\n`);
  process.exit(1);
}
copyFileSync(join(root, "LICENSE"), join(folder, "LICENSE"));
rmSync(dist, { recursive: true, force: true });
if (name === "core") {
  // All of it: tanren imports more of the core than its doors lead to.
  await compile({ ...doors.core, own: filesIn(source).filter(isCore) }, isCore);
  // For who builds the native kernels where no package brings them.
  for (const path of ["scripts/build-native.mjs", "scripts/kernel-sources.mjs", "src/kernels/c"]) {
    rmSync(join(folder, path), { recursive: true, force: true });
    cpSync(join(root, path), join(folder, path), { recursive: true });
  }
} else if (name === "tanren") {
  await compile(doors.tanren, (path) => !isCore(path));
  await bundle();
  const { subsetFonts } = await import("./subset-fonts.mjs");
  cpSync(await subsetFonts(), join(dist, "fonts"), { recursive: true, filter: (path) => !path.endsWith("stamp.txt") });
  const { buildStudio } = await import("./build-studio.mjs");
  cpSync(await buildStudio(), join(dist, "studio"), {
    recursive: true,
    // MNIST is there once, in the data package: the server makes the pieces of it.
    filter: (path) => !path.endsWith(`${sep}studio${sep}data`),
  });
} else {
  const why = `native-${process.platform}-${process.arch}` === name ? await buildNative() : "this is another platform";
  if (why !== null) {
    process.stderr.write(`pack: ${name} must be built on its own platform, got: ${why}.\n`);
    process.exit(1);
  }
  const product = join(folder, "tanren.node");
  copyFileSync(join(root, "build", "native", "tanren.node"), product);
  chmodSync(product, 0o755);
}

/**
 * Compiles what the doors lead to, and keeps what belongs to the package: every module, and the types that a user sees. An
 * import that leaves the package becomes one of the core's.
 * @param {{ public: string[], own: string[] }} entries
 * @param {(path: string) => boolean} mine
 */
async function compile(entries, mine) {
  const ts = (await import("typescript")).default;
  const { options } = ts.getParsedCommandLineOfConfigFile(
    join(root, "tsconfig.json"),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic: ({ messageText }) => fail(String(messageText)),
    },
  );
  const files = [...entries.public, ...entries.own].map((path) => join(source, path));
  const common = {
    ...options,
    noEmit: false,
    incremental: false,
    tsBuildInfoFile: undefined,
    outDir: dist,
    rootDir: source,
    rewriteRelativeImportExtensions: true,
  };
  const emitted = new Map();
  const emit = (program) =>
    program.emit(undefined, (file, text) =>
      // Declarations keep the sources' `.ts`.
      emitted.set(
        slashed(relative(dist, file)),
        text.replace(specifiers, (found) => found.replace(/(?<="\..*)\.ts"$/, '.js"')),
      ),
    );
  // What is written of a thing stands in its declaration, where editors look; once is enough to carry.
  const program = ts.createProgram(files, { ...common, declaration: true, emitDeclarationOnly: true });
  const code = ts.createProgram(files, { ...common, declaration: false, removeComments: true }, undefined, program);
  const diagnostics = [program, code].flatMap((one) => emit(one).diagnostics);
  const complaints = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
  if (complaints.length > 0) {
    fail(ts.formatDiagnostics(complaints, ts.createCompilerHost(options)));
  }
  const typed = name === "core" ? null : typesSeen(emitted, entries.public);
  for (const [path, text] of emitted) {
    const isTypes = path.endsWith(".d.ts");
    if (name === "core" && !mine(path.replace(/(\.d\.ts|\.js)$/, ".ts"))) {
      fail(`${path} is not of the core, see scripts/packages.mjs`);
    }
    if (mine(path.replace(/(\.d\.ts|\.js)$/, ".ts")) && (!isTypes || typed === null || typed.has(path))) {
      const file = join(dist, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, imported(text, path, mine));
    }
  }
}

/** The declarations that the doors' lead to: nobody sees the others. */
function typesSeen(emitted, entries) {
  const seen = new Set();
  const look = (path) => {
    if (!seen.has(path) && emitted.has(path)) {
      seen.add(path);
      for (const [, specifier] of emitted.get(path).matchAll(specifiers)) {
        if (specifier.startsWith(".")) {
          look(resolved(path, specifier).replace(/\.js$/, ".d.ts"));
        }
      }
    }
  };
  for (const entry of entries) {
    look(entry.replace(/\.ts$/, ".d.ts"));
  }
  return seen;
}

/** A module's text with every import at the place where the packages have it. */
function imported(text, path, mine) {
  return text.replace(specifiers, (whole, specifier) => {
    if (bundled.includes(specifier) && path.endsWith(".js")) {
      return whole.replace(specifier, slashed(toFolder(path, `vendor/${vendorName(specifier)}.js`)));
    }
    if (!specifier.startsWith(".")) {
      return whole;
    }
    const target = resolved(path, specifier);
    if (mine(target.replace(/\.js$/, ".ts"))) {
      return whole;
    }
    return whole.replace(specifier, coreDoors[target] ?? `@tanren/core/internal/${target}`);
  });
}

/** Bundles the packages that are not installed beside this one, each with its dependencies, and their licences. */
async function bundle() {
  const licences = new Map();
  for (const specifier of bundled) {
    const { code, moduleIds } = await vendored(specifier);
    const file = join(dist, "vendor", `${vendorName(specifier)}.js`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, code);
    for (const module of moduleIds) {
      keepLicence(module, licences);
    }
  }
  const texts = [...licences]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, text]) => `${title}\n\n${text.trim()}\n`);
  writeFileSync(join(dist, "vendor", "LICENSES.txt"), texts.join(`\n${"-".repeat(80)}\n\n`));
}

function keepLicence(module, licences) {
  const [, package_] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module) ?? [];
  if (package_ === undefined) {
    return;
  }
  const { name: title, version, license } = JSON.parse(readFileSync(join(package_, "package.json"), "utf8"));
  const text = ["LICENSE", "LICENSE.md", "LICENSE.txt", "license", "LICENCE"]
    .map((file) => join(package_, file))
    .find((file) => existsSync(file));
  licences.set(`${title} ${version} (${license})`, text === undefined ? "" : readFileSync(text, "utf8"));
}

function vendorName(specifier) {
  return specifier.replace(/^@/, "").replaceAll("/", "-");
}

/** Where a relative specifier in a module leads, from dist/ on. */
function resolved(path, specifier) {
  return slashed(join(dirname(path), specifier));
}

function toFolder(path, target) {
  const from = slashed(relative(dirname(path), target));
  return from.startsWith(".") ? from : `./${from}`;
}

/** Every module of a folder but its tests, from src/ on. */
function filesIn(place) {
  return readdirSync(place, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name))
    .map((entry) => slashed(relative(source, join(entry.parentPath, entry.name))));
}

function slashed(path) {
  return path.split(sep).join("/");
}

function fail(message) {
  process.stderr.write(`pack: ${name} must build, got:\n${message}\n`);
  process.exit(1);
}

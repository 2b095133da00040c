// Writes the notebooks of the chapter from notebooks/ch06.cells.ts, with the outputs of a run in Deno.
//   node scripts/notebook.mjs [--check]     --check: run them and compare with what is stored, changing nothing
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { root } from "./setup.mjs";

const folder = join(root, "notebooks");
export const languages = ["en", "ja"];

/** Cells in order: { kind: "en" | "ja" | "code", source }. */
export function cellsOf(text) {
  return text
    .split(/^\/\/ %% /m)
    .slice(1)
    .map((part) => {
      const [kind] = part.split("\n", 1);
      const body = part.slice(kind.length + 1).trim();
      return { kind, source: kind === "code" ? body : body.replaceAll(/^\/\/ ?/gm, "") };
    });
}

/** The cells of code as the notebook of one language holds them. */
export function codeOf(cells, language) {
  return cells
    .filter(({ kind }) => kind === "code")
    .map(({ source }) => source.replace('const language = "en";', `const language = "${language}";`));
}

/** Runs cells of code one after the other in one Deno process; gives each cell's display bundles. */
export function runInDeno(sources) {
  const marked = sources
    .map((source, i) => source.replaceAll(/^show\((.*)\)$/gm, (_, inner) => `__display(${i}, show(${inner}));`))
    .join("\n");
  const program = [
    "const __outputs = [];",
    'const __display = (cell, value) => __outputs.push([cell, value[Symbol.for("Jupyter.display")]()]);',
    marked,
    'console.log("\\u0001" + JSON.stringify(__outputs));',
  ].join("\n");
  const file = join(folder, `.run-${process.pid}.ts`);
  writeFileSync(file, program);
  try {
    const deno = join(root, "node_modules", ".bin", "deno");
    const args = ["run", "--no-check", "--no-remote", "--allow-all", "--quiet", file];
    const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1" };
    const result = spawnSync(deno, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, env });
    const at = (result.stdout ?? "").indexOf("\u0001");
    if (result.status !== 0 || at < 0) {
      throw new Error(
        `notebook: every cell must run in Deno, got exit ${result.status}: ${result.stderr || result.error?.message}`,
      );
    }
    const outputs = sources.map(() => []);
    for (const [cell, bundle] of JSON.parse(result.stdout.slice(at + 1))) {
      outputs[cell].push(bundle);
    }
    return outputs;
  } finally {
    rmSync(file, { force: true });
  }
}

const lines = (text) => text.split(/(?<=\n)/);

function notebook(cells, language, sources, outputs) {
  let code = 0;
  return {
    cells: cells
      .filter(({ kind }) => kind === "code" || kind === language)
      .map(({ kind, source }, i) => {
        const id = `cell-${i}`;
        if (kind !== "code") {
          return { cell_type: "markdown", id, metadata: {}, source: lines(source) };
        }
        const bundles = outputs[code];
        const written = sources[code++];
        return {
          cell_type: "code",
          execution_count: code,
          id,
          metadata: {},
          outputs: bundles.map((bundle) => ({
            data: Object.fromEntries(Object.entries(bundle).map(([type, text]) => [type, lines(text)])),
            execution_count: code,
            metadata: {},
            output_type: "execute_result",
          })),
          source: lines(written),
        };
      }),
    metadata: {
      kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
      language_info: { file_extension: ".ts", mimetype: "text/x.typescript", name: "typescript" },
    },
    nbformat: 4,
    nbformat_minor: 5,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const cells = cellsOf(readFileSync(join(folder, "ch06.cells.ts"), "utf8"));
  for (const language of languages) {
    const sources = codeOf(cells, language);
    const path = join(folder, `ch06.${language}.ipynb`);
    const text = `${JSON.stringify(notebook(cells, language, sources, runInDeno(sources)), null, 1)}\n`;
    if (!process.argv.includes("--check")) {
      writeFileSync(path, text);
    } else if (!existsSync(path) || readFileSync(path, "utf8") !== text) {
      process.stderr.write(`notebook: ${path} must hold what a run gives. Run npm run notebooks.\n`);
      process.exitCode = 1;
    }
  }
}

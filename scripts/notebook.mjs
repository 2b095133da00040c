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

/** What stands before the cells: it collects what they show and print, which in Jupyter the kernel does. */
const collector = `
const __outputs = [];
globalThis.tanrenNotebook = {
  cell: 0,
  add(output) { (__outputs[this.cell] ??= []).push(output); },
  display(data) { this.add({ output_type: "display_data", data }); },
};
console.log = (...words) => {
  const text = words.join(" ") + "\\n";
  const last = __outputs[tanrenNotebook.cell]?.at(-1);
  if (last?.output_type === "stream") {
    last.text += text;
  } else {
    tanrenNotebook.add({ output_type: "stream", name: "stdout", text });
  }
};
`;

/**
 * Runs cells of code one after the other in one Deno process; gives each cell's outputs as a notebook has them.
 * @param native the widest native kernels to use, such as "avx2"; what the environment says when absent
 */
export function runInDeno(sources, native = process.env.TANREN_NATIVE ?? "") {
  const program = [
    collector,
    ...sources.map((source, i) => `globalThis.tanrenNotebook.cell = ${i};\n${source}`),
    'await Deno.stdout.write(new TextEncoder().encode("\\u0001"));',
    "const __bytes = new TextEncoder().encode(JSON.stringify(__outputs));",
    "for (let at = 0; at < __bytes.length; ) { at += await Deno.stdout.write(__bytes.subarray(at)); }",
    "Deno.exit(0);",
  ].join("\n");
  const file = join(folder, `.run-${process.pid}.ts`);
  writeFileSync(file, program);
  try {
    const deno = join(root, "node_modules", ".bin", "deno");
    const args = ["run", "--no-check", "--no-remote", "--allow-all", "--quiet", file];
    const env = { ...process.env, DENO_NO_UPDATE_CHECK: "1", TANREN_NATIVE: native };
    const result = spawnSync(deno, args, { cwd: root, encoding: "utf8", maxBuffer: 1 << 28, env });
    const at = (result.stdout ?? "").indexOf("\u0001");
    if (result.status !== 0 || at < 0) {
      throw new Error(
        `notebook: every cell must run in Deno, got exit ${result.status}: ${result.stderr || result.error?.message}`,
      );
    }
    const outputs = JSON.parse(result.stdout.slice(at + 1));
    return sources.map((_, i) => outputs[i] ?? []);
  } finally {
    rmSync(file, { force: true });
  }
}

/** The native kernels that a stored notebook was made with, as a cell of it shows; "0" when with none. */
export const kernelsOf = (notebook) => /native-(\w+)/.exec(JSON.stringify(notebook))?.[1] ?? "0";

const lines = (text) => text.split(/(?<=\n)/);

/** An output as a notebook keeps it: texts by lines, a picture in one. */
function stored(output) {
  if (output.output_type === "stream") {
    return { ...output, text: lines(output.text) };
  }
  const data = Object.entries(output.data).map(([type, text]) => [type, type === "image/png" ? text : lines(text)]);
  return { data: Object.fromEntries(data), metadata: {}, output_type: "display_data" };
}

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
        const shown = outputs[code];
        const written = sources[code++];
        return {
          cell_type: "code",
          execution_count: code,
          id,
          metadata: {},
          outputs: shown.map(stored),
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
  const check = process.argv.includes("--check");
  for (const language of languages) {
    const sources = codeOf(cells, language);
    const path = join(folder, `ch06.${language}.ipynb`);
    const kept = check && existsSync(path) ? readFileSync(path, "utf8") : null;
    const native = kept === null ? undefined : kernelsOf(JSON.parse(kept));
    const text = `${JSON.stringify(notebook(cells, language, sources, runInDeno(sources, native)), null, 1)}\n`;
    if (!check) {
      writeFileSync(path, text);
    } else if (kept !== text) {
      process.stderr.write(`notebook: ${path} must hold what a run gives. Run npm run notebooks.\n`);
      process.exitCode = 1;
    }
  }
}

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { cellsOf, codeOf } from "../../scripts/notebook.mjs";
import type { Notebook, NotebookCell, NotebookOutput } from "./jupyter.ts";

const at = (name: string) => fileURLToPath(new URL(`../../notebooks/${name}`, import.meta.url));

export const cells = cellsOf(readFileSync(at("ch06.cells.ts"), "utf8"));

/** The notebook that is kept. */
export function storedNotebook(language: string): Notebook {
  return JSON.parse(readFileSync(at(`ch06.${language}.ipynb`), "utf8"));
}

export function codeCells({ cells: all }: Notebook): NotebookCell[] {
  return all.filter((cell) => cell.cell_type === "code");
}

/** The notebook's code with a few iterations of everything. */
export function shortCode(language: string): string[] {
  const sources = codeOf(cells, language);
  const short = sources.map((source) => source.replace("const whole = true;", "const whole = false;"));
  if (short.join() === sources.join()) {
    throw new Error("ch06.cells.ts must say `const whole = true;`");
  }
  return short;
}

/** Outputs as they compare: texts in one piece, what a stream printed joined, of a PNG only that it is one. */
export function plainOutputs(outputs: readonly NotebookOutput[] = []): { kind: string; contents: unknown }[] {
  const plain: { kind: string; contents: unknown }[] = [];
  for (const { output_type, text = "", data = {} } of outputs) {
    const last = plain.at(-1);
    if (output_type !== "stream") {
      const contents = Object.entries(data).map(([type, value]) => [
        type,
        type === "image/png" ? isPng(value) : joined(value),
      ]);
      plain.push({ kind: output_type, contents: Object.fromEntries(contents.sort()) });
    } else if (last?.kind === "stream") {
      last.contents += joined(text);
    } else {
      plain.push({ kind: "stream", contents: joined(text) });
    }
  }
  return plain;
}

function joined(text: string | readonly string[]): string {
  return typeof text === "string" ? text : text.join("");
}

function isPng(base64: string | readonly string[]): boolean {
  return Buffer.from(joined(base64), "base64").subarray(1, 4).toString("latin1") === "PNG";
}

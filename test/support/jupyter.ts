import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { temporaryFolder } from "./cli.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface NotebookOutput {
  readonly output_type: string;
  readonly text?: string | string[];
  readonly data?: Readonly<Record<string, string | string[]>>;
}

export interface NotebookCell {
  readonly cell_type: string;
  source: string[];
  outputs?: readonly NotebookOutput[];
}

export interface Notebook {
  readonly cells: readonly NotebookCell[];
}

/** Debian's Jupyter, installed where it is missing and where that is possible. @returns the program's path */
function jupyter(): string {
  // Not what stands first in PATH: another Python's Jupyter may lack its parts.
  const program = "/usr/bin/jupyter-nbconvert";
  const version = () => spawnSync(program, ["--version"], { encoding: "utf8" }).status;
  if (version() !== 0) {
    spawnSync("sh", ["-c", "apt-get update -qq; apt-get install -y -qq --no-install-recommends jupyter-nbconvert"]);
  }
  if (version() !== 0) {
    throw new Error(`jupyter: ${program} must be there, got none. Install Debian's package jupyter-nbconvert.`);
  }
  return program;
}

/** Executes a notebook in a real Jupyter with the Deno that the repository brings; all its cells, outputs from the wire. */
export function executeInJupyter(notebook: Notebook): Notebook {
  const folder = temporaryFolder();
  const kernel = join(folder, "kernels", "deno");
  mkdirSync(kernel, { recursive: true });
  const deno = join(root, "node_modules", ".bin", "deno");
  const argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"];
  writeFileSync(join(kernel, "kernel.json"), JSON.stringify({ argv, display_name: "Deno", language: "typescript" }));
  // Beside the others: a cell imports ./library.ts.
  const file = join(root, "notebooks", `.run-${process.pid}.ipynb`);
  writeFileSync(file, JSON.stringify(notebook));
  try {
    const { status, stderr } = spawnSync(
      jupyter(),
      ["--to", "notebook", "--execute", "--ExecutePreprocessor.timeout=600", "--output-dir", folder, file],
      { encoding: "utf8", env: { ...process.env, JUPYTER_PATH: folder, DENO_NO_UPDATE_CHECK: "1" } },
    );
    if (status !== 0) {
      throw new Error(`jupyter: every cell must run, got exit ${status}: ${stderr}`);
    }
    return JSON.parse(readFileSync(join(folder, `.run-${process.pid}.ipynb`), "utf8"));
  } finally {
    rmSync(file, { force: true });
  }
}

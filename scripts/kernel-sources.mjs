// What both kernel builds share: the C files and the digest that tells whether a product is up to date.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));
export const sourceFolder = join(root, "src", "kernels", "c");

/** What is compiled once a variant: where each operation rounds by itself, and where multiplying and adding may round once. */
export const compiledSources = { plain: ["kernels.c", "pooling.c"], contracted: ["gemm.c", "convolve.c"] };

/** @param {string[]} extra whatever else the product depends on, such as its build script's text */
export function digestOf(extra) {
  const hash = createHash("sha256");
  for (const file of readdirSync(sourceFolder).sort()) {
    hash.update(file).update(readFileSync(join(sourceFolder, file)));
  }
  for (const text of extra) {
    hash.update(text);
  }
  return hash.digest("hex").slice(0, 16);
}

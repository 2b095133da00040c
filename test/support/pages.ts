import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundled } from "./bundle.ts";

/** The checkout's folder. */
const root = new URL("../../", import.meta.url);

/** The blocks of code in one language that a page shows, in order. @param page its path from the checkout's folder */
export function blocks(page: string, language: string): string[] {
  const text = readFileSync(fileURLToPath(new URL(page, root)), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(([, code]) => code);
}

/** A program of a page whose imports lead to the library of this checkout. */
export function runnable(program: string): string {
  const at = (name: "index" | "node") => JSON.stringify(pathToFileURL(bundled(name)).href);
  return program.replaceAll('"tanren/node"', at("node")).replaceAll('"tanren"', at("index"));
}

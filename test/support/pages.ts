import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { bundled } from "./bundle.ts";

/** The checkout's folder. */
const root = new URL("../../", import.meta.url);

/** Every page that a reader opens, by its path from the checkout's folder. */
export const pages: readonly string[] = ["", "bench/", "docs/", "notebooks/", "packages/"].flatMap((folder) =>
  readdirSync(new URL(`./${folder}`, root), { recursive: folder !== "" })
    .map((file) => `${folder}${String(file).replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".md") && !file.includes("node_modules/")),
);

/** A page's text. @param page its path from the checkout's folder */
export function textOf(page: string): string {
  return readFileSync(fileURLToPath(new URL(page, root)), "utf8");
}

/** The blocks of code in one language that a page shows, in order. @param page its path from the checkout's folder */
export function blocks(page: string, language: string): string[] {
  return [...textOf(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gm"))].map(
    ([, code]) => code,
  );
}

/** A program without its comments, in which alone the pages of two languages may differ. */
export function withoutComments(code: string): string {
  return code.replaceAll(/(?:^|(?<=\s))(?:\/\/|#) .*$/gm, "").replaceAll(/[ \t]+$/gm, "");
}

/** A program of a page whose imports lead to the library of this checkout. */
export function runnable(program: string): string {
  const at = (name: "index" | "node") => JSON.stringify(pathToFileURL(bundled(name)).href);
  return program.replaceAll('"tanren/node"', at("node")).replaceAll('"tanren"', at("index"));
}

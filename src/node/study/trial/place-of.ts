import { dirname, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * Where in an objective's own code an error was thrown, as `objective.ts:12:7`: the innermost line of its stack that lies in
 * the module's folder. Null where none does. Never throws.
 * @param module the objective's file, seen from `folder`
 */
export function placeOf(error: unknown, module: string, folder: string): string | null {
  try {
    const own = dirname(resolve(folder, module)) + sep;
    const stack = String((error as Error).stack);
    for (const [, url, place] of stack.matchAll(/(file:\/\/[^\s?]+)[^\s:]*(:\d+:\d+)\)?$/gm)) {
      const path = fileURLToPath(url);
      if (path.startsWith(own) && !path.includes(`${sep}node_modules${sep}`)) {
        return `${relative(folder, path).split(sep).join("/")}${place}`;
      }
    }
  } catch {
    // Of others' errors anything may be expected.
  }
  return null;
}

import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { bundled } from "../scripts/packages.mjs";
import { vendored } from "../scripts/vendor.mjs";

/** The names, `default` among them, that the sources import from a package; types left out. */
function imported(specifier: string): string[] {
  const names = new Set<string>();
  for (const file of globSync("src/**/*.{ts,svelte}").filter((path) => !path.endsWith(".test.ts"))) {
    for (const [, what, from] of readFileSync(file, "utf8").matchAll(/^import (?!type )([^"]*?) from "([^"]+)";$/gms)) {
      const [, braced] = /^\{(.*)\}$/s.exec(what) ?? [];
      if (from === specifier && !what.startsWith("*")) {
        const list = braced === undefined ? ["default"] : braced.split(",").map((name) => name.trim());
        for (const name of list.filter((name) => name !== "" && !name.startsWith("type "))) {
          names.add(name.split(" as ")[0]);
        }
      }
    }
  }
  return [...names];
}

test.each(bundled)("%s, as the package brings it, exports what the sources import from it", async (specifier) => {
  const folder = mkdtempSync(join(tmpdir(), "tanren-vendor-"));
  try {
    const { code } = await vendored(specifier);
    writeFileSync(join(folder, "module.mjs"), code);
    const module = await import(/* @vite-ignore */ join(folder, "module.mjs"));
    expect(Object.keys(module)).toEqual(expect.arrayContaining(["default", ...imported(specifier)]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { studioData } from "../../scripts/studio-data.mjs";
import { type StaticSite, serveStatic } from "./browser.ts";

const folderOfBed = fileURLToPath(new URL("../browser/bed", import.meta.url));

/** test/browser/bed: the engine's parts for pages, each by itself. */
export const serveBed = (): Promise<StaticSite> => serveBuilt(folderOfBed);

/** Builds a folder's page as the studio is built, with MNIST beside it, and serves it. */
export async function serveBuilt(root: string): Promise<StaticSite> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-bed-"));
  await build({
    configFile: false,
    root,
    base: "./",
    logLevel: "error",
    build: { outDir: folder, emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false } },
    worker: { format: "es" },
  });
  mkdirSync(join(folder, "data"));
  symlinkSync(await studioData(), join(folder, "data", "mnist"), "dir");
  const site = await serveStatic(folder);
  const { close } = site;
  return Object.assign(site, {
    async close() {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  });
}

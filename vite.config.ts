import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig, type Rolldown } from "vite";

const named = (name: string) => `assets/${name.startsWith("shared~") ? "shared" : "[name]"}-[hash]`;

/** A file for each handful of modules that two parts share would be a hundred requests before the first figure. */
const fewFiles: Rolldown.OutputOptions = {
  chunkFileNames: ({ name }) => `${named(name)}.js`,
  assetFileNames: ({ names: [name = ""] }) => `${named(name)}[extname]`,
  codeSplitting: {
    groups: [
      { name: "initial", tags: ["$initial"], priority: 1 },
      // What one part alone needs is not given to others, but for some kilobytes.
      { name: "shared", minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 4_000 },
    ],
  },
};

/** The studio: plain static files that work under any path. `npm run build:studio` adds the data sets beside them. */
export default defineConfig({
  root: "src/studio",
  base: "./",
  plugins: [svelte()],
  build: {
    outDir: "../../dist/studio",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: { polyfill: false },
    rolldownOptions: { output: fewFiles },
  },
  // Whole: what a run needs is there before the network may go.
  worker: { format: "es", rolldownOptions: { output: { codeSplitting: false } } },
});

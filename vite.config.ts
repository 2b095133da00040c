import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The studio: plain static files that work under any path. `npm run build:studio` adds the data sets beside them. */
export default defineConfig({
  root: "src/studio",
  base: "./",
  plugins: [svelte()],
  build: { outDir: "../../dist/studio", emptyOutDir: true, target: "es2023", modulePreload: { polyfill: false } },
  worker: { format: "es" },
});

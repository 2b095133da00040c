import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import type { BrowserContextOptions } from "playwright-core";
import { build, type Rolldown } from "vite";
import type { TestBrowser, TestPage } from "../support/browser.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Bundle {
  readonly script: string;
  readonly styles: string;
}

/** Bundles an entry beside this file: its code, and its styles after the studio's. */
export async function bundle(entry: string): Promise<Bundle> {
  const built = (await build({
    configFile: false,
    root,
    logLevel: "error",
    plugins: [svelte({ configFile: false })],
    build: {
      write: false,
      minify: false,
      rollupOptions: { input: join(root, "test/browser", entry), output: { codeSplitting: false } },
    },
  })) as Rolldown.RolldownOutput;
  let script = "";
  // Without its faces: what is looked at here is not letters.
  let styles = readFileSync(join(root, "src/studio/app.css"), "utf8").replaceAll(/@font-face \{[^}]*\}/g, "");
  for (const part of built.output) {
    if (part.type === "chunk") {
      script += part.code;
    } else if (part.fileName.endsWith(".css")) {
      styles += part.source;
    }
  }
  return { script, styles };
}

/** As the studio is served: no inline script, no inline style. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'";
const address = "http://figure.test/";

/** A page with a bundle loaded in it, under the studio's Content-Security-Policy. `ready`: what the bundle defines. */
export async function openBundle(
  browser: TestBrowser,
  { script, styles }: Bundle,
  ready: string,
  options: BrowserContextOptions,
): Promise<TestPage> {
  const page = await browser.open(options);
  const headers = { "content-security-policy": policy };
  const parts: Readonly<Record<string, readonly [type: string, body: string]>> = {
    "/": [
      "text/html; charset=utf-8",
      '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Figure</title><link rel="icon" href="data:,"><link rel="stylesheet" href="/styles.css"></head><body><main class="card"><h1 class="hidden">Figure</h1></main><script type="module" src="/script.js"></script></body></html>',
    ],
    "/script.js": ["text/javascript; charset=utf-8", script],
    "/styles.css": ["text/css; charset=utf-8", styles],
  };
  await page.route(`${address}**`, (route) => {
    const part = parts[new URL(route.request().url()).pathname];
    return part === undefined
      ? route.fulfill({ status: 404 })
      : route.fulfill({ contentType: part[0], body: part[1], headers });
  });
  await page.goto(address);
  await page.waitForFunction(`globalThis.${ready} !== undefined`);
  return page;
}

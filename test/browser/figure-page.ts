import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import chromium from "@sparticuz/chromium";
import { svelte } from "@sveltejs/vite-plugin-svelte";
import { type Browser, chromium as playwright } from "playwright-core";
import { build, type Rolldown } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Bundles an entry beside this file: its code and its styles. */
export async function bundle(entry: string): Promise<{ script: string; styles: string }> {
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
  let styles = "";
  for (const part of built.output) {
    if (part.type === "chunk") {
      script += part.code;
    } else if (part.fileName.endsWith(".css")) {
      styles += part.source;
    }
  }
  return { script, styles };
}

/** A browser that has the shipped Japanese font. */
export async function openBrowser(): Promise<{ browser: Browser; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-fonts-"));
  const fonts = join(root, "node_modules/@expo-google-fonts/biz-udpgothic");
  const config = join(folder, "fonts.conf");
  writeFileSync(
    config,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${fonts}</dir><cachedir>${folder}</cachedir></fontconfig>`,
  );
  const browser = await playwright.launch({
    executablePath: await chromium.executablePath(),
    headless: true,
    env: { ...process.env, FONTCONFIG_FILE: config } as Record<string, string>,
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
  });
  return {
    browser,
    close: async () => {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, extname, join, normalize, sep } from "node:path";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { buildStudio } from "../../scripts/build-studio.mjs";
import { japaneseFonts } from "../../src/node/figure/fonts.ts";
import { unpackedChromium } from "./chromium.ts";
import { Spare } from "./spare.ts";

/** Without what a test must not do: reach the network, ask for things. */
const args = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

/** `TANREN_CHROMIUM`, else one that is installed, else the one that an npm package carries. */
function browserProgram(): string {
  const installed = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  return process.env.TANREN_CHROMIUM || installed.find((path) => existsSync(path)) || unpackedChromium();
}

/** A fontconfig file with the shipped font in it: this machine may have none for Japanese. */
function fontConfig(folder: string): string {
  const folders = [...new Set(japaneseFonts().map((file) => dirname(file)))];
  const file = join(folder, "fonts.conf");
  writeFileSync(
    file,
    `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
${folders.map((path) => `<dir>${path}</dir>`).join("\n")}
<cachedir>${join(folder, "font-cache")}</cachedir>
<alias><family>sans-serif</family><prefer><family>BIZ UDPGothic</family></prefer></alias>
<alias><family>system-ui</family><prefer><family>BIZ UDPGothic</family></prefer></alias>
</fontconfig>`,
  );
  return file;
}

export interface TestBrowser {
  readonly browser: Browser;
  /**
   * A page in a context of its own (storage, cache). What it says on its console and every error of it are collected in
   * `complaints`; a test ends with `expect(page.complaints).toEqual([])`.
   */
  open(options?: BrowserContextOptions): Promise<TestPage>;
  /** Another tab of the same context. */
  tab(page: TestPage): Promise<TestPage>;
  close(): Promise<void>;
}

export type TestPage = Page & { readonly complaints: string[] };

/** Chromiums whose test file has ended: starting one takes a second, and a context of its own is all that a test needs. */
const spare = new Spare<Browser>({ most: 1, end: (browser) => void browser.close() });

/** A real Chromium for the tests of a file (`beforeAll`); `close` in `afterAll`. @param more arguments to it */
export async function openBrowser(more: readonly string[] = []): Promise<TestBrowser> {
  const kind = more.join(" ");
  const browser = spare.take(kind) ?? (await launch(more));
  return {
    browser,
    open: async (options) => watched(await (await browser.newContext(options)).newPage()),
    tab: async (page) => watched(await page.context().newPage()),
    async close() {
      await Promise.all(browser.contexts().map((context) => context.close()));
      if (process.env.VITEST === undefined) {
        // A program of its own, which a waiting browser would never let end.
        await browser.close();
      } else if (browser.isConnected()) {
        spare.keep(kind, browser);
      }
    },
  };
}

async function launch(more: readonly string[]): Promise<Browser> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-browser-"));
  const browser = await playwright.launch({
    executablePath: browserProgram(),
    headless: true,
    args: [...args, ...more],
    env: { ...process.env, FONTCONFIG_FILE: fontConfig(folder) } as Record<string, string>,
  });
  const leave = () => rmSync(folder, { recursive: true, force: true });
  process.once("exit", leave);
  browser.once("disconnected", () => {
    process.off("exit", leave);
    spare.forget(browser);
    leave();
  });
  return browser;
}

function watched(page: Page): TestPage {
  // Against hanging only, like every bound of a test that measures no time.
  page.setDefaultTimeout(300_000);
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.stack ?? error.message}`));
  page.on("crash", () => complaints.push("the page crashed"));
  return Object.assign(page, { complaints });
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".ttf": "font/ttf",
};

export interface StaticSite {
  /** Ends with `/`. */
  readonly url: string;
  /** Asked for each request with its path below the prefix; true when it answered itself. */
  intercept: ((path: string, response: ServerResponse) => boolean) | null;
  /** Headers added to every answer; none at first, as the plainest of hosts does. */
  headers: Readonly<Record<string, string>>;
  /** Paths asked for, below the prefix, in order. */
  readonly requests: string[];
  close(): Promise<void>;
}

/**
 * Serves a folder as the plainest of hosts does: below a path, without any special header, index.html for folders.
 * @param options.prefix path of the site, `/some/where/` when absent
 */
export async function serveStatic(folder: string, options: { readonly prefix?: string } = {}): Promise<StaticSite> {
  const { prefix = "/some/where/" } = options;
  const site = { intercept: null as StaticSite["intercept"], headers: {}, requests: [] as string[] };
  const server: Server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const path = pathname.startsWith(prefix) ? decodeURIComponent(pathname.slice(prefix.length)) : null;
    if (path === null) {
      response.writeHead(404).end();
      return;
    }
    site.requests.push(path);
    if (site.intercept?.(path, response)) {
      return;
    }
    const file = normalize(join(folder, path === "" || path.endsWith("/") ? `${path}index.html` : path));
    if (!file.startsWith(normalize(folder) + sep) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = types[extname(file)] ?? "application/octet-stream";
    response.writeHead(200, { "content-type": type, ...site.headers });
    // At once: a page asks for a hundred small ones.
    response.end(readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return Object.assign(site, {
    url: `http://127.0.0.1:${port}${prefix}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** The folder of the built studio; built when it is stale, once for all test files. */
export function builtStudio(): Promise<string> {
  return buildStudio({ quiet: true });
}

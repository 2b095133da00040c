import type { BrowserContextOptions } from "playwright-core";
import { afterAll, beforeAll, onTestFinished } from "vitest";
import { builtStudio, openBrowser, type StaticSite, serveStatic, type TestBrowser, type TestPage } from "./browser.ts";

/** How a page is opened. */
export interface PageOptions extends BrowserContextOptions {
  /** Runs in the page before its own scripts. */
  readonly before?: () => void;
  /** The test's own, where tests run beside each other: the shared one does not know whose test it is. */
  readonly finished?: typeof onTestFinished;
}

/** The built studio on the plainest of hosts, and a browser: there while the tests of a file run. */
export interface StudioBed {
  /** Of the built studio. */
  readonly folder: string;
  readonly site: StaticSite;
  readonly browser: TestBrowser;
  /**
   * A page of a context of its own at that hash, as large as a laptop's and in English unless told otherwise. It is closed
   * when the test ends, however that ends: a page that was left would train on beside the next ones.
   */
  open(hash?: string, options?: PageOptions): Promise<TestPage>;
}

/** Sets them up before the tests of the file that calls it, and takes them down after. */
export function studioBed(): StudioBed {
  let folder: string;
  let site: StaticSite;
  let browser: TestBrowser;
  beforeAll(async () => {
    folder = await builtStudio();
    [site, browser] = await Promise.all([serveStatic(folder), openBrowser()]);
  });
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });
  return {
    get folder() {
      return folder;
    },
    get site() {
      return site;
    },
    get browser() {
      return browser;
    },
    async open(hash = "#/", { before, finished = onTestFinished, ...options } = {}) {
      const page = await browser.open({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
      finished(() => page.context().close());
      if (before !== undefined) {
        await page.addInitScript(before);
      }
      await page.goto(site.url + hash);
      await page.locator("h1").waitFor();
      return page;
    },
  };
}

import type { StaticSite, TestBrowser } from "./browser.ts";

/** Fetches the training images from the browser's cache and unpacks them into one array: what no page can do without. */
const worker = `onmessage = async ({ data: base }) => {
  const { train } = await (await fetch(base + "manifest.json")).json();
  const packed = train.map(async ({ file }) => (await fetch(base + file, { cache: "force-cache" })).arrayBuffer());
  const rows = new Uint8Array(train.reduce((bytes, piece) => bytes + piece.rows * 785, 0));
  let filled = 0;
  for (const bytes of packed) {
    const { readable, writable } = new DecompressionStream("gzip");
    const writer = writable.getWriter();
    writer.write(await bytes);
    writer.close();
    for await (const part of readable) {
      rows.set(part, filled);
      filled += part.length;
    }
  }
  postMessage(filled);
};`;

/**
 * Milliseconds that an empty page of the same site takes until two workers have MNIST's training images, out of the
 * browser's cache: the floor under every page that trains on them here, and how quickly this machine hands out memory.
 * The median of three.
 */
export async function bareLoading(browser: TestBrowser, site: StaticSite): Promise<number> {
  site.intercept = (path, response) => {
    const found = { "bare.html": ["text/html", "<!doctype html>"], "bare.js": ["text/javascript", worker] }[path];
    if (found === undefined) {
      return false;
    }
    response.writeHead(200, { "content-type": found[0] }).end(found[1]);
    return true;
  };
  const page = await browser.open();
  try {
    await page.goto(`${site.url}bare.html`);
    const load = () =>
      page.evaluate(async (base) => {
        const began = performance.now();
        const loaded = () =>
          new Promise<void>((resolve, reject) => {
            const one = new Worker("bare.js");
            one.onerror = ({ message }) => reject(new Error(message));
            one.onmessage = () => {
              one.terminate();
              resolve();
            };
            one.postMessage(base);
          });
        await Promise.all([loaded(), loaded()]);
        return performance.now() - began;
      }, `${site.url}data/mnist/`);
    await load();
    const times = [await load(), await load(), await load()];
    return times.sort((a, b) => a - b)[1];
  } finally {
    site.intercept = null;
    await page.context().close();
  }
}

import { expect, test } from "vitest";
import { chapter } from "../../src/experiments/registry.ts";
import { studioBed } from "../support/studio-bed.ts";

const studio = studioBed();

/** Of `Network.emulateNetworkConditions`: 10 Mbit/s with 20 ms on the way. */
const tenMegabits = { offline: false, latency: 20, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 };

test.each([
  { line: "at 10 Mbit/s", conditions: tenMegabits, must: 2 },
  { line: "from this machine", conditions: null, must: 1 },
])(
  "a first visit to each experiment, on a cold cache $line, ends with the book's figure drawn within $must s",
  async ({ line, conditions, must }) => {
    const seconds: Record<string, number> = {};
    for (const { id } of chapter) {
      const page = await studio.browser.open({ viewport: { width: 1440, height: 900 }, locale: "en-US" });
      if (conditions !== null) {
        const devtools = await page.context().newCDPSession(page);
        await devtools.send("Network.enable");
        await devtools.send("Network.emulateNetworkConditions", conditions);
      }
      const began = Date.now();
      await page.goto(`${studio.site.url}#/${id}`);
      await page.getByText("The book's own run.").waitFor();
      // Looked at on a copy: the browser complains of a page's canvas that is read more than once.
      await page.waitForFunction(() => {
        const canvas = document.querySelector<HTMLCanvasElement>("[data-stage] canvas");
        if (canvas === null || canvas.width * canvas.height === 0) {
          return false;
        }
        const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext("2d", { willReadFrequently: true })!;
        copy.drawImage(canvas, 0, 0);
        const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value, i) => i % 4 === 3 && value > 0);
      });
      seconds[id] = (Date.now() - began) / 1000;
      expect(page.complaints).toEqual([]);
      await page.close();
    }
    const told = Object.entries(seconds).map(([id, took]) => `${id} ${took.toFixed(2)} s`);
    process.stderr.write(`first visits ${line}: ${told.join(", ")}\n`);
    expect(Math.max(...Object.values(seconds))).toBeLessThanOrEqual(must);
  },
);

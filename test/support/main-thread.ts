import type { TestBrowser, TestPage } from "./browser.ts";

/** One task of a page's main thread. */
export interface MainTask {
  /** Milliseconds from its beginning to its end, waiting for a processor included. */
  readonly wall: number;
  /** Milliseconds of processor time: what the page's own code and drawing take, however busy the machine is. */
  readonly cpu: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * Notes every task of the main threads of a browser's pages from now on.
 * @returns ends the notes and gives them, the longest first
 */
export async function traceMainThread({ browser }: TestBrowser): Promise<() => Promise<MainTask[]>> {
  const devtools = await browser.newBrowserCDPSession();
  const events: TraceEvent[] = [];
  devtools.on("Tracing.dataCollected", ({ value }) => events.push(...(value as unknown as TraceEvent[])));
  await devtools.send("Tracing.start", {
    traceConfig: { includedCategories: ["toplevel"], excludedCategories: ["*"] },
  });
  return async () => {
    const complete = new Promise<void>((resolve) => devtools.once("Tracing.tracingComplete", () => resolve()));
    await devtools.send("Tracing.end");
    await complete;
    await devtools.detach();
    const place = ({ pid, tid }: TraceEvent) => `${pid} ${tid}`;
    const mains = new Set(
      events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(place),
    );
    return events
      .filter((event) => event.ph === "X" && event.name.endsWith("RunTask") && mains.has(place(event)))
      .map(({ dur = 0, tdur = 0 }) => ({ wall: dur / 1000, cpu: tdur / 1000 }))
      .sort((a, b) => b.cpu - a.cpu);
  };
}

/** Moves the mouse round over the first figure until the run ends, a minute at most. @returns how many moves it made */
export async function stirWhileRunning(page: TestPage): Promise<number> {
  const figure = page.locator("canvas").first();
  await figure.scrollIntoViewIfNeeded();
  const box = (await figure.boundingBox())!;
  let moves = 0;
  while (moves < 6000 && (await page.getByText(/^(Running: |Preparing)/).count()) > 0) {
    for (let i = 0; i < 10; i++, moves++) {
      const angle = moves / 15;
      await page.mouse.move(
        box.x + box.width * (0.5 + 0.4 * Math.cos(angle)),
        box.y + box.height * (0.5 + 0.4 * Math.sin(angle)),
      );
      await page.waitForTimeout(8);
    }
  }
  return moves;
}

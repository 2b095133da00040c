/**
 * How the notebook shows things. Deno's Jupyter kernel sends a cell's last value after it has said that the cell is done,
 * so that Jupyter loses it now and then or puts it under the next cell. Here a cell awaits what it shows, and waits until
 * that has left.
 */
import { setTimeout as wait } from "node:timers/promises";
import type { FigureSpec } from "../src/figure/figure-spec.ts";
import { renderSvg } from "../src/figure/svg.ts";
import { renderTerminal } from "../src/figure/terminal.ts";
import { renderPng } from "../src/node/figure/png.ts";

export type Language = "en" | "ja";

/** One thing shown, by MIME type; the reader takes the best it trusts. */
export type Bundle = Readonly<Record<string, string>>;

/** Where a cell's outputs go when `npm run notebooks` runs the cells without Jupyter. */
interface Sink {
  display(bundle: Bundle): void;
}

interface JupyterKernel {
  broadcast(type: string, content: unknown): Promise<void>;
}

const sink = () => (globalThis as { tanrenNotebook?: Sink }).tanrenNotebook;

/**
 * Resolves when what a cell printed or showed has left. Nothing tells: Deno 2.9 hands it to the thread that talks to
 * Jupyter and goes on, and that thread may say that the cell is done while it still packs a large figure.
 * @param least milliseconds that it may take: 50 lost none of 200 on a quiet machine, 150 one of 100 on a busy one
 */
export async function settled(least = 400): Promise<void> {
  if (sink() === undefined) {
    await wait(least);
  }
}

/** Figures and texts as a notebook in this language shows them: `await show(figure)`. */
export function shower(language: Language): (value: FigureSpec | string) => Promise<void> {
  return async (value) => {
    const began = performance.now();
    const bundle = typeof value === "string" ? { "text/plain": value } : await figureBundle(value, language);
    const collected = sink();
    if (collected !== undefined) {
      collected.display(bundle);
      return;
    }
    const { jupyter } = (globalThis as unknown as { Deno: { jupyter: JupyterKernel } }).Deno;
    await jupyter.broadcast("display_data", { data: bundle, metadata: {}, transient: {} });
    // Packing takes a part of what drawing took, however busy the machine is.
    await settled(Math.max(400, performance.now() - began));
  };
}

/** As SVG; as PNG, since Jupyter shows no SVG in a notebook it does not trust; as text. */
async function figureBundle(figure: FigureSpec, language: Language): Promise<Bundle> {
  const { png } = await renderPng(figure, { language, width, density: 1 });
  return {
    "text/plain": renderTerminal(figure, { language, columns: 80, rows: 8, color: false }),
    "image/svg+xml": renderSvg(figure, { language, width }),
    "image/png": Buffer.from(png).toString("base64"),
  };
}

/** Pixels: five panels in a row. */
const width = 1000;

// Mounts a live figure in the page, as the studio does, and lets a test change what it shows.
import { mount, unmount } from "svelte";
import type { FigureSpec } from "../../src/figure/figure-spec.ts";
import type { FigureView } from "../../src/studio/figure/figure-view.ts";
import LiveFigure from "../../src/studio/figure/LiveFigure.svelte";
import { language } from "../../src/studio/state/language.svelte.ts";
import { theme } from "../../src/studio/state/theme.svelte.ts";
import { gallery } from "../figures/gallery.ts";

const views: FigureView[] = [];
let props = $state.raw<{ spec: FigureSpec }>({ spec: gallery });
let mounted: Record<string, unknown> | null = null;

async function show(spec: FigureSpec): Promise<void> {
  props = { spec };
  if (mounted === null) {
    const target = document.querySelector<HTMLElement>("main")!;
    mounted = mount(LiveFigure, {
      target,
      props: {
        get spec() {
          return props.spec;
        },
        onview: (view: FigureView) => {
          views.push(view);
        },
      },
    });
  }
  await settled();
}

/** After the frame in which what has changed is drawn. */
async function settled(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
}

async function remove(): Promise<void> {
  if (mounted !== null) {
    await unmount(mounted);
    mounted = null;
  }
}

/**
 * Eight runs up to an iteration: measured (faint) and smoothed, as the largest live figure of the chapter.
 * @param planned where the axis of iterations ends; as far as they have come when absent
 */
function growing(points: number, planned?: number): FigureSpec {
  const x = Array.from({ length: points }, (_, i) => i);
  const noise = { raw: 0.2, smooth: 0.01 } as const;
  const y = (style: number, role: "raw" | "smooth") =>
    x.map((at) => Math.exp(-at / 600) + noise[role] * Math.sin(at * (1 + style)) + 0.1 * style);
  const curves = (role: "raw" | "smooth") =>
    Array.from({ length: 8 }, (_, style) => ({
      kind: "curve" as const,
      name: { en: `run ${style}`, ja: `実行 ${style}` },
      style,
      role,
      x,
      y: y(style, role),
      markEvery: role === "smooth" ? 100 : undefined,
    }));
  return {
    id: "growing",
    title: { en: "Loss of eight optimizers", ja: "8つの最適化手法の損失" },
    subtitle: { en: "as measured (faint) and smoothed (bold)", ja: "薄い線が実測値、濃い線が平滑化した値" },
    columns: 1,
    panels: [
      {
        kind: "plane",
        x: {
          label: { en: "iterations", ja: "更新回数" },
          ...(planned === undefined ? {} : { domain: [0, planned] as const }),
        },
        y: { label: { en: "loss", ja: "損失" }, domain: [0, 2] },
        layers: [...curves("raw"), ...curves("smooth")],
      },
    ],
  };
}

/** Grows the curves frame by frame to 2,000 points; the longest task of the main thread in ms, and the frames drawn. */
async function grow(frames: number): Promise<{ longest: number; tasks: number[]; frames: number }> {
  const tasks: number[] = [];
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) {
      tasks.push(duration);
    }
  });
  // Built beforehand: it is the figure that is looked at, not the making of its numbers.
  const specs = Array.from({ length: frames }, (_, i) => growing(Math.round((2000 * (i + 1)) / frames)));
  await settled();
  observer.observe({ entryTypes: ["longtask"] });
  for (const spec of specs) {
    props = { spec };
    await new Promise((resolve) => requestAnimationFrame(resolve));
  }
  await settled();
  observer.disconnect();
  return { longest: Math.max(0, ...tasks), tasks, frames };
}

/** The share of pixels of the figure's canvas that are not empty. */
function inked(): number {
  const canvas = document.querySelector<HTMLCanvasElement>("figure canvas")!;
  const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
  let count = 0;
  for (let i = 3; i < data.length; i += 4) {
    count += data[i] > 40 ? 1 : 0;
  }
  return (4 * count) / data.length;
}

/** What the figure's canvas shows. */
const picture = (): string => document.querySelector<HTMLCanvasElement>("figure canvas")!.toDataURL();

Object.assign(globalThis, {
  live: { picture, show, remove, growing, grow, settled, inked, views, gallery, language, theme },
});

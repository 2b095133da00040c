import { Resvg } from "@resvg/resvg-js";
import { describe, expect, test } from "vitest";
import { languages } from "../../src/core/text.ts";
import { chapter } from "../../src/experiments/registry.ts";
import { reportOf } from "../../src/experiments/report.ts";
import type { FigureSpec } from "../../src/figure/figure-spec.ts";
import { renderReport } from "../../src/figure/report.ts";
import { renderSvg } from "../../src/figure/svg.ts";
import { renderTerminal } from "../../src/figure/terminal.ts";
import { displayWidth, pixelWidth } from "../../src/figure/text-width.ts";
import {
  fontsFor,
  japaneseFamily,
  japaneseFonts,
  latinFamily,
  shippedFonts,
  withFamilies,
} from "../../src/node/figure/fonts.ts";
import { renderPng } from "../../src/node/figure/png.ts";
import { runExperiment } from "../support/run-experiment.ts";
import { gallery } from "./gallery.ts";

const svg = (figure: FigureSpec, options: Partial<Parameters<typeof renderSvg>[1]> = {}) =>
  renderSvg(figure, { language: "en", ...options });

describe("the gallery of every layer is drawn as it was", () => {
  test.each([
    ["en", "light", 860],
    ["ja", "dark", 860],
    ["ja", "light", 340],
  ] as const)("%s %s, %i pixels wide", async (language, theme, width) => {
    const drawn = svg(gallery, { language, theme, width });
    await expect(drawn).toMatchFileSnapshot(`snapshots/gallery.${language}.${theme}.${width}.svg`);
    expect(svg(gallery, { language, theme, width })).toBe(drawn);
  });

  test.each(languages)("in a terminal, %s", async (language) => {
    const drawn = renderTerminal(gallery, { language, columns: 72, rows: 8, color: false });
    expect(Math.max(...drawn.split("\n").map(displayWidth))).toBeLessThanOrEqual(72);
    await expect(drawn).toMatchFileSnapshot(`snapshots/gallery.${language}.txt`);
  });
});

test("the figures of the paths are drawn as they were", async () => {
  const record = await runExperiment("optimizer-paths");
  const [paths] = chapter.find(({ id }) => id === "optimizer-paths")!.figures(record);
  await expect(svg(paths, { language: "ja" })).toMatchFileSnapshot("snapshots/optimizer-paths.ja.svg");
});

/** Small enough to be kept, on kernels whose bits are the same everywhere. */
const small: Readonly<Record<string, string[]>> = {
  "activation-histograms": ["rows=40", "width=10", "layers=2"],
  "batchnorm-gradcheck": ["samples=3", "hiddenWidth=6"],
  "batchnorm-scales": ["iterations=31", "scales=4", "hiddenSizes=10", "trainRows=100"],
  dropout: ["iterations=31", "hiddenSizes=10,10"],
  "hyperparameter-search": ["trials=6", "epochs=4", "hiddenSizes=10", "trainRows=200"],
  "init-comparison": ["iterations=40", "hiddenSizes=10,10"],
  "optimizer-comparison": ["iterations=40", "hiddenSizes=10,10"],
  "weight-decay": ["iterations=31", "hiddenSizes=10,10"],
};

test.each(Object.entries(small))("the figures of %s are drawn as they were", async (id, set) => {
  const record = await runExperiment(id, { set, backend: "wasm-simd" });
  for (const [i, figure] of chapter
    .find((experiment) => experiment.id === id)!
    .figures(record)
    .entries()) {
    const language = languages[i % 2];
    await expect(svg(figure, { language })).toMatchFileSnapshot(`snapshots/${id}.${figure.id}.${language}.svg`);
  }
});

test("every id of an SVG is used once and begins with the prefix given", () => {
  const drawn = svg(gallery, { idPrefix: "here" });
  const ids = [...drawn.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => id.startsWith("here-"))).toBe(true);
  for (const [, used] of drawn.matchAll(/url\(#([^)]+)\)/g)) {
    expect(ids).toContain(used);
  }
});

test("names that look like markup are words in the drawing", () => {
  const hostile = '<script>alert("&")</script>';
  const drawn = svg({ ...gallery, title: hostile, panels: [{ ...gallery.panels[0], title: hostile }] });
  expect(drawn).not.toContain("<script");
});

test("the shipped font has a glyph for every character of every figure, so that PNG shows no empty box", () => {
  const texts = chapter.flatMap((experiment) => figuresOf(experiment)).flatMap(textsOf);
  const fontFiles = fontsFor(texts.join(""));
  const glyph = (character: string) =>
    Buffer.from(
      new Resvg(
        `<svg xmlns="http://www.w3.org/2000/svg" width="32" height="32"><text x="4" y="24" font-size="22">&#${character.codePointAt(0)};</text></svg>`,
        {
          font: { fontFiles, loadSystemFonts: false, defaultFontFamily: japaneseFamily },
        },
      ).render().pixels,
    ).toString("base64");
  const missing = glyph("\u{10fffd}");
  const characters = new Set([...texts.join("")].filter((character) => character.trim() !== ""));
  expect(characters.size).toBeGreaterThan(60);
  expect([...characters].filter((character) => glyph(character) === missing)).toEqual([]);
});

test("a picture is the same byte for byte with the small fonts, which are left where a character is not in them", () => {
  const png = (drawing: string, fontFiles: string[]) =>
    Buffer.from(
      new Resvg(withFamilies(drawing), {
        font: { fontFiles, loadSystemFonts: false, defaultFontFamily: japaneseFamily },
      })
        .render()
        .asPng(),
    ).toString("base64");
  const family = `font-family="${latinFamily}" font-size="20"`;
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="200" height="80"><text y="30" ${family}>曲線と学習率</text><text y="60" ${family}>curves</text></svg>`;
  const small = fontsFor(drawing);
  expect(small).not.toEqual(shippedFonts());
  expect(small).toHaveLength(4);
  expect(png(drawing, small)).toBe(png(drawing, shippedFonts()));
  for (const rare of ["鱻", "😀", "&#40059;"]) {
    expect(fontsFor(drawing.replace("curves", rare).replace("曲線", rare))).toEqual(shippedFonts());
  }
});

/** Pixels that a text takes as it is drawn. */
function drawnWidth(text: string, size: number, weight: number): number {
  const element = `<text x="0" y="60" font-size="${size}" font-weight="${weight}" font-family="${latinFamily}">${escaped(text)}</text>`;
  const drawing = withFamilies(`<svg xmlns="http://www.w3.org/2000/svg" width="2000" height="99">${element}</svg>`);
  const font = { fontFiles: fontsFor(drawing), loadSystemFonts: false, defaultFontFamily: japaneseFamily };
  return new Resvg(drawing, { font }).innerBBox()?.width ?? 0;
}
const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

test("no word of a figure takes more room than its layout gives it, in the faces that are shipped, bold too", () => {
  const texts = new Set(chapter.flatMap((experiment) => figuresOf(experiment)).flatMap(textsOf));
  const wider = [...texts].filter(
    (text) => text.trim() !== "" && text.length < 60 && drawnWidth(text, 12, 700) > pixelWidth(text, 12) + 1,
  );
  expect(wider).toEqual([]);
});

test("Latin letters are of the face made for reading, its figures of one width; bold Japanese words stay bold", () => {
  const widths = [..."0123456789"].map((digit) => Math.round(drawnWidth(`|${digit}|`, 50, 400) * 10));
  expect(new Set(widths).size).toBe(1);
  const bold = (family: string, fontFiles: string[]) => {
    const text = `<text x="4" y="24" font-size="22" font-weight="700" font-family="${family}">学習率</text>`;
    const drawing = withFamilies(`<svg xmlns="http://www.w3.org/2000/svg" width="99" height="32">${text}</svg>`);
    const font = { fontFiles, loadSystemFonts: false, defaultFontFamily: japaneseFamily };
    return Buffer.from(new Resvg(drawing, { font }).render().pixels).toString("base64");
  };
  // A line of both: where one font had all of it, the Latin word would be in that one.
  expect(drawnWidth("MNIST", 40, 700) + drawnWidth("の比較", 40, 700)).toBeCloseTo(
    drawnWidth("MNISTの比較", 40, 700),
    -1,
  );
  expect(bold(latinFamily, shippedFonts())).toBe(bold(japaneseFamily, japaneseFonts().slice(1)));
});

function figuresOf(experiment: (typeof chapter)[number]): FigureSpec[] {
  return experiment.figures({
    tanren: "0",
    experiment: experiment.id,
    preset: "book",
    seed: 0,
    settings: {},
    engine: { kernels: "reference", dtype: "float64", workers: 1 },
    startedAt: "",
    seconds: { total: 0, train: 0 },
    series: [],
    histograms: [],
    checks: [],
    events: [],
  });
}

/** Every string in a figure. */
function textsOf(value: unknown): string[] {
  return typeof value === "string"
    ? [value]
    : typeof value === "object" && value !== null
      ? Object.values(value).flatMap(textsOf)
      : [];
}

test("a PNG is twice as wide as its SVG", async () => {
  const { png, note } = await renderPng(gallery, { language: "ja", width: 400 });
  expect(new DataView(png.buffer, png.byteOffset).getUint32(16)).toBe(800);
  expect(note).toBeUndefined();
});

describe("a report", () => {
  test("stands alone: no script, no address, unique ids, both languages", async () => {
    const record = await runExperiment("optimizer-comparison", { set: ["iterations=30"], dtype: "float32" });
    const experiment = chapter.find(({ id }) => id === "optimizer-comparison")!;
    const html = renderReport(reportOf([{ experiment, record }]), { language: "ja" });
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<script|<link|<iframe|<object| on[a-z]+=|@import/i);
    const addresses = [...html.matchAll(/(?:src|href|action)="([^"#][^"]*)"/g)].map(([, address]) => address);
    expect(addresses).toEqual([]);
    expect([...html.matchAll(/https?:\/\/[^"'<\s]+/g)].map(([address]) => address)).toSatisfy((all: string[]) =>
      all.every((address) => address.startsWith("http://www.w3.org/")),
    );
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(ids.filter((id, i) => ids.indexOf(id) !== i)).toEqual([]);
    for (const language of languages) {
      expect(html).toContain(`<div class="prose" lang="${language}">`);
      expect(html).toContain(experiment.title[language as keyof typeof experiment.title]);
    }
    expect(html).toContain("<math");
    expect(html).toContain("--set iterations=30");
  });
});

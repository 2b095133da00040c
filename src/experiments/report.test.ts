import { expect, test } from "vitest";
import type { RunRecord } from "../core/record.ts";
import { renderSection } from "../figure/report.ts";
import { ownData } from "./own-data/own-data.ts";
import { taught } from "./registry.ts";
import { reportSection } from "./report.ts";

const empty: RunRecord = {
  ...{ tanren: "0.1.0", experiment: "train", preset: "book", seed: 0, settings: { optimizer: "adam" } },
  engine: { kernels: "wasm-simd", dtype: "float32", workers: 1 },
  ...{ startedAt: "2026-01-01T00:00:00Z", seconds: { total: 1, train: 1 } },
  ...{ series: [], histograms: [], checks: [], events: [] },
};
const headings = (html: string) => /<h2>(.*?)<\/h2>/.exec(html)![1].replace(/<span class="number"/g, "<span");

test("a report's heading has the section of the book, the place in what goes on from it in the reader's words, or nothing", () => {
  const heading = (id: string) => {
    const found = taught.find((experiment) => experiment.id === id)!;
    return headings(renderSection({ ...reportSection(found, { ...empty, experiment: id }), figures: [] }));
  };
  expect(heading("dropout")).toMatch(/^<span>6\.4\.3<\/span> <span/);
  expect(heading("lr-find")).toMatch(/^<span lang="en">Going on 4<\/span><span lang="ja">発展 4<\/span> <span/);
  const own = headings(renderSection({ ...reportSection(ownData, empty), figures: [] }));
  expect(own).toMatch(/^<span lang="en">A network on your own data</);
});

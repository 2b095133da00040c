import fc from "fast-check";
import { expect, test } from "vitest";
import { Arena, mostBytes } from "../../src/core/arena.ts";
import { resolve } from "../../src/core/hyper.ts";
import { inLanguage } from "../../src/core/text.ts";
import { checkMemory, MemoryError, memoryNeeded } from "../../src/experiments/memory.ts";
import { chapter, experimentNamed } from "../../src/experiments/registry.ts";
import { openServer } from "../server/support.ts";
import { tanren, temporaryFolder } from "../support/cli.ts";

const comparison = experimentNamed("optimizer-comparison");
const { settings: known } = comparison;
const wide = { hiddenSizes: [65_536, 65_536] };

test("what a network needs is at least its parameters, gradients and state, and grows with each", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 2000 }),
      (hiddenSizes, batchSize) => {
        const settings = resolve(known, { hiddenSizes, batchSize, optimizers: ["SGD"] });
        const widths = [784, ...hiddenSizes, 10];
        const parameters = widths.slice(1).reduce((sum, width, i) => sum + (widths[i] + 1) * width, 0);
        const needed = memoryNeeded(comparison, settings, "float32");
        expect(needed).toBeGreaterThanOrEqual(parameters * 8);
        expect(needed).toBeLessThan(parameters * 8 + 4 * batchSize * widths.reduce((a, b) => a + b) * 6 + 100_000);
        // Adam keeps two more numbers a parameter.
        const adam = resolve(known, { hiddenSizes, batchSize, optimizers: ["SGD", "Adam"] });
        expect(memoryNeeded(comparison, adam, "float32")).toBeGreaterThanOrEqual(needed + parameters * 8);
        expect(memoryNeeded(comparison, settings, "float64")).toBeGreaterThan(1.9 * needed - 200_000);
      },
    ),
  );
});

test("memory that an experiment names itself is meant in float64", () => {
  const sketch = () => [{ run: "a", tags: {}, bytes: 800 }];
  expect(memoryNeeded({ sketch }, {}, "float64")).toBe(800);
  expect(memoryNeeded({ sketch }, {}, "float32")).toBe(400);
});

test("settings that cannot fit are refused in both languages, with what they need and what there is", () => {
  const settings = resolve(known, wide);
  for (const [available, en, ja] of [
    [Number.POSITIVE_INFINITY, /at most 4\.0 GiB, got one of \d+\.\d GiB\./, /4\.0 GiBまで.*必要です/],
    [300 * 2 ** 20, /fit into the 300 MiB that are free, got one of \d+\.\d GiB\./, /空きは300 MiB/],
  ] as const) {
    try {
      checkMemory(comparison, settings, "float32", available);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(MemoryError);
      const { text } = error as MemoryError;
      expect(inLanguage(text, "en")).toMatch(en);
      expect(inLanguage(text, "en")).toMatch(/Make hiddenSizes or batchSize smaller\.$/);
      expect(inLanguage(text, "ja")).toMatch(ja);
    }
  }
});

test("every preset of the chapter fits into a gibibyte, in both element types", () => {
  for (const experiment of chapter) {
    for (const preset of Object.values(experiment.presets)) {
      checkMemory(experiment, resolve(experiment.settings, preset), "float64", 2 ** 30);
    }
  }
});

test("an arena beyond 32-bit addresses is refused in a sentence", () => {
  expect(() => new Arena("float32", mostBytes + 1)).toThrow(/at most 4 GiB, got one of 4\.0 GiB\. Make/);
});

test("the server refuses such a run, and nothing is recorded", async () => {
  const server = await openServer();
  const answer = await server.send("POST", "/api/runs", { experiment: "optimizer-comparison", settings: wide });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toMatchObject({
    error: {
      kind: "usage",
      message: expect.stringMatching(/^memory: .*GiB/),
      text: { ja: expect.stringMatching(/メモリ/) },
    },
  });
  expect(await (await server.ask("/api/runs")).json()).toMatchObject({ runs: [] });
});

test("the command line refuses it before anything is made", async () => {
  const home = temporaryFolder();
  const set = "hiddenSizes=65536x3";
  const { status, stderr } = await tanren(["run", "optimizer-comparison", "--set", set, "--out", "new"], {
    home,
    pictures: "none",
  });
  expect(status).toBe(2);
  expect(stderr).toMatch(/^memory: .*got one of \d+\.\d GiB/);
});

import { describe, expect, test } from "vitest";
import { fastBackends } from "../support/backends.ts";
import { few } from "../support/few.ts";
import { golden, largestDifference } from "../support/golden.ts";
import { runExperiment } from "../support/run-experiment.ts";

type Path = { x: number[]; y: number[] };
const paths = golden<Record<string, Record<string, Path>>>("optimizer-paths");
const losses = golden<Record<string, number[]>>("optimizer-comparison");
const backends = [...fastBackends, "reference"] as const;

/** `SGD lr=0.95` is run SGD. */
function pathsOf(preset: string): [run: string, path: Path][] {
  return Object.entries(paths[preset])
    .filter(([name]) => name !== "start")
    .map(([name, path]) => [name.split(" ")[0], path]);
}

describe("optimizer-paths gives the original's numbers", () => {
  for (const backend of backends) {
    test.each(["book", "notebook"])(`${backend}, preset %s`, async (preset) => {
      const record = await runExperiment("optimizer-paths", { preset, backend });
      for (const [run, path] of pathsOf(preset)) {
        for (const metric of ["x", "y"] as const) {
          const series = record.series.find((s) => s.run === run && s.metric === metric);
          expect(series?.y.length).toBe(31);
          expect(largestDifference(series?.y ?? [], path[metric]), `${run} ${metric}`).toBeLessThan(1e-9);
        }
      }
    });
  }

  test("Nesterov and RMSprop as well", async () => {
    const record = await runExperiment("optimizer-paths", { set: ["optimizers=Nesterov,RMSprop"] });
    for (const [run, path] of pathsOf("extra")) {
      const series = record.series.find((s) => s.run === run && s.metric === "x");
      expect(largestDifference(series?.y ?? [], path.x), run).toBeLessThan(1e-9);
    }
  });
});

async function comparisonDifference(backend: (typeof backends)[number], iterations: number): Promise<number> {
  const record = await runExperiment("optimizer-comparison", { backend, set: [`iterations=${iterations}`] });
  expect(record.series.map(({ run }) => run)).toEqual(Object.keys(losses));
  return Math.max(...record.series.map(({ run, y }) => largestDifference(y, losses[run].slice(0, iterations))));
}

describe("optimizer-comparison gives the original's losses in float64", () => {
  // The long run goes on to the end of each.
  const iterations = { native: 200, wasm: 40, "wasm-simd": 40, reference: 2 };
  test.each(backends.map((backend) => [backend, iterations[backend]] as const))("%s, %i iterations of each network", async (backend, iterations) => {
    expect(await comparisonDifference(backend, iterations)).toBeLessThan(1e-9);
  });
});

describe("optimizer-comparison in float32", () => {
  test.each(few(1, fastBackends))("%s: the original's losses to 1e-5 until an activation first crosses ReLU's corner", async (backend) => {
    const until: Record<string, number> = { SGD: 60, Momentum: 30, AdaGrad: 5, Adam: 150 };
    const record = await runExperiment("optimizer-comparison", { dtype: "float32", backend, set: ["iterations=150"] });
    for (const { run, y } of record.series) {
      expect(largestDifference(y.slice(0, until[run]), losses[run].slice(0, until[run])), run).toBeLessThan(1e-5);
    }
  });

  test.each(few(2, backends))("%s: the same bits on 1 and 2 workers, and again", async (backend) => {
    const set = backend === "reference" ? ["iterations=3", "hiddenSizes=20,20"] : ["iterations=30"];
    const series = async (workers: number) =>
      (await runExperiment("optimizer-comparison", { dtype: "float32", backend, workers, set, seed: 7 })).series;
    const once = await series(1);
    expect(await series(2)).toEqual(once);
    expect(await series(2)).toEqual(once);
  });
});

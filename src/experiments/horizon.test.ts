import fc from "fast-check";
import { expect, test } from "vitest";
import { RandomStream } from "../core/random.ts";
import type { RunRecord } from "../core/record.ts";
import { dtypes } from "../core/tensor.ts";
import { inLanguage } from "../core/text.ts";
import { referenceKernels } from "../kernels/reference.ts";
import { mlp } from "../nn/mlp.ts";
import { Sequential } from "../nn/sequential.ts";
import { HorizonFinder, horizonFinding, horizonOf, nudgeWeights } from "./horizon.ts";

test.each(dtypes)("a twin's weights are one unit in the last place away from %s, its biases are not", (dtype) => {
  const spec = { inputSize: 5, hiddenSizes: [4], classes: 3, batchNorm: true };
  const nets = [0, 1].map(() => {
    const net = new Sequential({ kernels: referenceKernels(dtype), layers: mlp(spec), maxRows: 1 });
    net.initialize("he", RandomStream.seeded(3));
    return net;
  });
  nudgeWeights(nets[1]);
  const epsilon = dtype === "float64" ? 2 ** -52 : 2 ** -23;
  const ways = new Set<number>();
  for (const [i, { shape, value }] of nets[0].parameters.entries()) {
    value.data.forEach((ours, at) => {
      const theirs = nets[1].parameters[i].value.data[at];
      const unit = epsilon * 2 ** Math.floor(Math.log2(Math.abs(ours)));
      expect(Math.abs(theirs - ours)).toBe(shape.start === "drawn" ? unit : 0);
      ways.add(Math.sign(theirs - ours));
    });
  }
  expect([...ways].sort()).toEqual([-1, 0, 1]);
});

test("losses part by a relative 1e-9 in float64 and by the fourth digit in float32, accuracies by one row", () => {
  const finder = (dtype: "float32" | "float64") => new HorizonFinder({ run: "SGD", tags: {} }, dtype);
  expect(finder("float64").compare("loss", 0, 2, 2 + 1e-9)).toBeNull();
  expect(finder("float64").compare("loss", 0, 2, 2 + 3e-9)).not.toBeNull();
  expect(finder("float32").compare("loss", 0, 2, 2.0001)).toBeNull();
  expect(finder("float32").compare("loss", 0, 2, 2.0003)).not.toBeNull();
  expect(finder("float32").compare("testAccuracy", 0, 0.9, 0.9001)).not.toBeNull();
  // One row of 60,000 is less than a loss may be apart.
  expect(finder("float32").compare("trainAccuracy", 0, 0.9, 0.9 + 1 / 60_000)).not.toBeNull();
  expect(finder("float32").compare("trainAccuracy", 0, 0.9, 0.9)).toBeNull();
  expect(finder("float64").compare("loss", 0, Number.NaN, Number.NaN)).toBeNull();
  expect(finder("float64").compare("loss", 0, Number.NaN, 2)).not.toBeNull();
});

test("a horizon is told once of each metric, at the first step past it, and found again in the record", () => {
  fc.assert(
    fc.property(fc.nat(20), fc.integer({ min: 1, max: 30 }), (parts, length) => {
      const finder = new HorizonFinder({ run: "He", tags: { a: 1 } }, "float64");
      const events: RunRecord["events"][number][] = [];
      for (let step = 0; step < length; step++) {
        const event = finder.compare("loss", step, 1, step < parts ? 1 : 2);
        if (event?.kind === "note") {
          events.push(event.note);
        }
      }
      const found = horizonOf({ events }, { run: "He", tags: { a: 1 }, metric: "loss" });
      expect(found).toBe(parts < length ? parts : undefined);
      expect(events.length).toBe(parts < length ? 1 : 0);
      expect(finder.isPast(["loss"])).toBe(parts < length);
      expect(horizonOf({ events }, { run: "He", tags: { a: 2 }, metric: "loss" })).toBeUndefined();
    }),
  );
});

test("a record says of its horizons only where they were asked after", () => {
  const record = { series: [], events: [], engine: { kernels: "wasm-simd", dtype: "float64", workers: 1 } } as const;
  expect(horizonFinding({ ...record, settings: {} })).toEqual([]);
  expect(horizonFinding({ ...record, settings: { horizon: "off" } })).toEqual([]);
  expect(horizonFinding({ ...record, settings: { horizon: "on" } })).toHaveLength(1);
});

test("of the curves those are counted that part, and none is told of where none does", () => {
  const curve = (run: string) => ({ run, tags: {}, metric: "loss", x: [0], y: [1] });
  const series = ["SGD", "Adam", "AdaGrad"].map(curve);
  const told = (...parted: readonly string[]) => {
    const events = parted.flatMap((run) => {
      const event = new HorizonFinder({ run, tags: {} }, "float32").compare("loss", 7, 1, 2);
      return event?.kind === "note" ? [event.note] : [];
    });
    const engine = { kernels: "wasm-simd", dtype: "float32", workers: 1 } as const;
    return inLanguage(horizonFinding({ series, events, settings: { horizon: "on" }, engine })[0], "en");
  };
  expect(told()).toMatch(/^Horizon: none of the 3 curves changes/);
  expect(told("Adam")).toMatch(/^Horizon: 1 of the 3 curves/);
  expect(told("SGD", "AdaGrad")).toMatch(/^Horizon: 2 of the 3 curves/);
});

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Dtype } from "../core/tensor.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { crossEntropy } from "../nn/losses/cross-entropy.ts";
import { parseGroups, type TechniqueValues, techniquesOf } from "../train/technique-settings.ts";
import type { Techniques } from "../train/techniques.ts";
import { mlp } from "./blueprint.ts";
import { classify, regress } from "./classify.ts";
import type { FitOptions } from "./fit-options.ts";
import { network } from "./layers-of-blueprint.ts";
import { modelFromBytes } from "./load.ts";
import { readTable } from "./table.ts";

const irisText = readFileSync(new URL("../../docs/data/iris.csv", import.meta.url), "utf8");
const iris = readTable(irisText, "iris.csv", { target: "species" });

const each: Readonly<Record<string, Partial<TechniqueValues>>> = {
  "clipping by norm": { clipNorm: 0.5 },
  "clipping by value": { clipValue: 0.01 },
  accumulation: { accumulate: 3 },
  ema: { emaDecay: 0.9 },
  swa: { swaFrom: 2, swaEvery: 2 },
  lookahead: { lookahead: 3, lookaheadAlpha: 0.4 },
  "max norm": { maxNorm: 0.7 },
  l1: { l1: 0.01 },
  "decay of all": { decayOf: "all" },
  groups: { groups: "affine1.* lr=0.001; *.b lrFactor=2" },
  everything: {
    ...{ clipNorm: 1, clipValue: 0.5, accumulate: 2, emaDecay: 0.8, lookahead: 3, maxNorm: 2, l1: 0.001 },
    ...{ decayOf: "all", groups: "affine2.* lrFactor=0.5" },
  },
};

describe("every technique of training", () => {
  const net = network("affine 6; batchnorm; relu; dropout 0.2");
  const fitted = async (options: FitOptions, dtype: Dtype = "float32") => {
    const model = classify(net, { kernels: wasmKernels("wasm-simd", dtype), seed: 5 });
    await model.fit(iris, { optimizer: "adamw", epochs: 3, batchSize: 40, ...options });
    return model;
  };
  test.each(Object.entries(each))("%s changes what is learnt", async (_, values) => {
    const weights = (await fitted(techniquesOf(values))).toState().tensors;
    expect(weights).not.toEqual((await fitted({})).toState().tensors);
  });

  const inBoth = ["float32", "float64"] as const;
  test.each(
    Object.entries(each).flatMap(([name, values]) =>
      (name === "everything" ? inBoth : inBoth.slice(0, 1)).map((dtype) => [name, dtype, values] as const),
    ),
  )(
    "%s in %s: stopped anywhere and gone on with, it has the bits of a run without a pause",
    async (_, dtype, values) => {
      const kernels = wasmKernels("wasm-simd", dtype);
      const options: FitOptions = {
        ...techniquesOf(values),
        ...{ optimizer: "adamw", epochs: 3, batchSize: 40, validation: 0.2, stopEarly: { patience: 2 } },
      };
      const straight = (await fitted(options, dtype)).toBytes();
      for (const stop of [1, 4]) {
        const first = classify(net, { kernels, seed: 5 });
        for await (const event of first.fit(iris, options)) {
          if (event.kind === "step" && event.step + 1 === stop) {
            break;
          }
        }
        const second = modelFromBytes(first.toBytes(), { kernels });
        await second.resume(iris);
        expect(second.toBytes()).toEqual(straight);
      }
    },
  );
});

test("an epoch that does not divide into accumulated minibatches ends with an update of those that are left", async () => {
  const rows = Array.from({ length: 50 }, (_, i) => ({ x: Math.sin(i), y: i % 7 }));
  const told = async (options: FitOptions) => {
    const events: string[] = [];
    const model = regress(mlp([4]));
    for await (const event of model.fit(rows, { target: "y", epochs: 2, batchSize: 10, ...options })) {
      events.push(event.kind === "step" ? `${event.step}/${event.steps}` : event.kind);
    }
    return events;
  };
  expect(await told({ accumulate: 2 })).toEqual([
    ...["0/6", "1/6", "2/6", "epoch", "3/6", "4/6", "5/6", "epoch", "end"],
  ]);
  expect(await told({ accumulate: 99 })).toEqual(["0/2", "epoch", "1/2", "epoch", "end"]);
});

test("accumulated minibatches, a shorter last one among them, make the update of all their rows", async () => {
  const rows = Array.from({ length: 24 }, (_, i) => ({ x: Math.sin(i), y: (i % 7) * i }));
  const after = async (options: FitOptions) => {
    const model = regress(mlp([4]), { seed: 2, dtype: "float64" });
    await model.fit(rows, { target: "y", epochs: 1, optimizer: "sgd", hyper: { lr: 0.1 }, ...options });
    return Object.values(model.toState().tensors).flatMap(({ data }) => Array.from(data as Float64Array));
  };
  const [parts, whole] = [await after({ batchSize: 10, accumulate: 3 }), await after({ batchSize: 24 })];
  for (const [i, weight] of parts.entries()) {
    expect(weight).toBeCloseTo(whole[i], 12);
  }
});

test("a mean of the weights is what is evaluated, saved and exported; training goes on from the weights themselves", async () => {
  const model = classify(mlp([6]), { seed: 1 });
  await model.fit(iris, { epochs: 4, average: { kind: "ema", decay: 0.95 } });
  const { tensors, resume } = model.toState();
  expect(resume!.tensors["part/average.mean/W1"].data).toEqual(tensors.W1.data);
  expect(resume!.tensors["now/W1"].data).not.toEqual(tensors.W1.data);
});

test("label smoothing is cross entropy's: by the loss or by fit it is the same, and other losses refuse it", async () => {
  const byFit = classify(mlp([4]));
  await byFit.fit(iris, { epochs: 2, labelSmoothing: 0.1 });
  const byLoss = classify(mlp([4]), { loss: crossEntropy({ labelSmoothing: 0.1 }) });
  await byLoss.fit(iris, { epochs: 2 });
  const [fitted, made] = [byFit.toState(), byLoss.toState()];
  expect([fitted.tensors, fitted.loss]).toEqual([made.tensors, made.loss]);
  await byFit.fit(iris, { epochs: 2 });
  expect(byFit.toState().loss.hyper.labelSmoothing).toBe(0);
  await expect(async () =>
    regress(mlp([4])).fit(
      [1, 2, 3, 4].map((x) => ({ x, y: x })),
      { target: "y", labelSmoothing: 0.1 },
    ),
  ).rejects.toThrow("labelSmoothing: needs the loss crossEntropy, got meanSquaredError");
});

test("what a file says of a technique is checked before training goes on with it", async () => {
  const model = classify(mlp([4]));
  await model.fit(iris, { epochs: 1, lookahead: { every: 2, alpha: 0.5 } });
  const bytes = model.toBytes();
  const text = Buffer.from(bytes).toString("latin1");
  // Changed on purpose, so without its checksum.
  const damaged = (from: string, to: string) =>
    Uint8Array.from(Buffer.from(text.replace(from, to).replace("tanren.checksum", "any.other.words"), "latin1"));
  expect(() => modelFromBytes(damaged('\\"every\\":2', '\\"every\\":0'))).toThrow(
    /training\.techniques\.lookahead\.every/,
  );
  const unknown = modelFromBytes(damaged("part/lookahead.slow/W1", "part/lookahead.slaw/W1"));
  await expect(async () => unknown.resume(iris, { epochs: 2 })).rejects.toThrow(/what training keeps of W1/);
});

test("groups are read from one line, and what cannot be read is said", () => {
  expect(parseGroups("affine1.*,affine2.W lr=1e-3 weightDecay=0; *.b lrFactor=2;")).toEqual<Techniques["groups"]>([
    { parameters: ["affine1.*", "affine2.W"], hyper: { lr: 0.001, weightDecay: 0 } },
    { parameters: ["*.b"], lrFactor: 2 },
  ]);
  expect(() => parseGroups("affine1.* lr=much")).toThrow(/got "lr=much"/);
  expect(() => parseGroups("affine1.*")).toThrow(/must say a value/);
  expect(() => techniquesOf({ emaDecay: 0.9, swaFrom: 3 })).toThrow(/one mean/);
});

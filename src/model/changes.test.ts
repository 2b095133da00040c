import { describe, expect, test } from "vitest";
import type { HyperSet } from "../core/hyper.ts";
import type { Dtype } from "../core/tensor.ts";
import { wasmKernels } from "../kernels/wasm.ts";
import { Affine } from "../nn/affine.ts";
import { Conv2d } from "../nn/conv2d.ts";
import { type Changes, changeSettings } from "../train/techniques/changes.ts";
import { mlp } from "./blueprint.ts";
import { classify, regress } from "./classify.ts";
import type { FitOptions } from "./fit-options.ts";
import { fitOptionsOf } from "./fit-settings.ts";
import { network } from "./layers-of-blueprint.ts";
import { modelFromBytes } from "./load.ts";

/** Sixty images of 5×4 in three classes. */
const images = {
  images: {
    data: Uint8Array.from({ length: 60 * 20 }, (_, i) => (i * 67 + (i % 7) * 31) % 256),
    count: 60,
    width: 20,
  },
  labels: Uint8Array.from({ length: 60 }, (_, i) => (i * 5) % 3),
  image: { rows: 5, columns: 4 },
};
const settings: HyperSet = changeSettings;
/** Each in use. */
const all = Object.fromEntries(
  Object.entries(settings).map(([name, { default: usual, max = 2 }]) => [name, Math.min(max / 2, Number(usual) + 0.4)]),
) as Partial<Changes>;

const begun = (dtype: Dtype) =>
  classify(network("affine 6; batchnorm; relu; dropout 0.2"), { kernels: wasmKernels("wasm-simd", dtype), seed: 5 });
const options: FitOptions = { optimizer: "adamw", epochs: 3, batchSize: 16, validation: 0.2, accumulate: 2 };

describe("whatever changes rows or targets", () => {
  const learnt = async (changes: Partial<Changes>) => {
    const model = begun("float32");
    await model.fit(images, { ...options, ...changes });
    return model.toState();
  };
  // σ alone distorts nothing.
  test.each(Object.keys(settings).filter((name) => name !== "elasticSigma"))(
    "%s is an option of fit by its setting's name, changes what is learnt and is kept in the file",
    async (name) => {
      const changes = { [name]: all[name as keyof Changes] };
      const [plain, changed] = [await learnt({}), await learnt(changes)];
      expect(changed.tensors).not.toEqual(plain.tensors);
      expect(changed.training?.changes).toEqual(changes);
      expect(plain.training).not.toHaveProperty("changes");
      expect(fitOptionsOf("adam", changes as never)).toMatchObject(changes);
    },
  );

  test.each(["float32", "float64"] as const)(
    "all together in %s: stopped anywhere and gone on with, they have the bits of a run without a pause",
    async (dtype) => {
      const straight = begun(dtype);
      await straight.fit(images, { ...options, ...all });
      for (const stop of [1, 3]) {
        const first = begun(dtype);
        for await (const event of first.fit(images, { ...options, ...all })) {
          if (event.kind === "step" && event.step + 1 === stop) {
            break;
          }
        }
        const second = modelFromBytes(first.toBytes(), { kernels: wasmKernels("wasm-simd", dtype) });
        await second.resume(images);
        expect(second.toBytes()).toEqual(straight.toBytes());
      }
    },
  );
});

test("changed rows are drawn from a stream of their own: without a change in them, minibatches are those of a plain run", async () => {
  const weights = async (changes: Partial<Changes>) => {
    const model = classify(mlp([4]), { seed: 2 });
    await model.fit(images, { epochs: 2, ...changes });
    return model.toState().tensors;
  };
  const [plain, noisy] = [await weights({}), await weights({ inputNoise: 1e-30 })];
  expect(noisy).toEqual(plain);
});

test("what data or minibatches cannot have is refused in one sentence, before anything is learnt", async () => {
  const numbers = [1, 2, 3, 4].map((x) => ({ x, y: 2 * x }));
  const refused = (more: FitOptions) => async () => regress(mlp([4])).fit(numbers, { target: "y", ...more });
  await expect(refused({ shift: 1 })).rejects.toThrow(/rows must be images/);
  const { image: _, ...plain } = images;
  await expect(async () => classify(mlp([4])).fit(plain, { rotate: 5 })).rejects.toThrow(/rows must be images/);
  await expect(refused({ mixup: 0.2, batchSize: 1 })).rejects.toThrow(/at least 2 rows to mix/);
  await expect(refused({ inputNoise: -1 })).rejects.toThrow(/fit: inputNoise: must be a number in \[0, ∞\)/);
  await refused({ mixup: 0.2, inputNoise: 0.1 })();
});

test("numbers are images where the network takes them as such", async () => {
  const pixels = { x: Array.from({ length: 30 }, (_, i) => Array.from({ length: 16 }, (_, k) => (i * k) % 7)) };
  const data = { ...pixels, y: Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? "a" : "b")) };
  const net = () => [new Conv2d({ height: 4, width: 4, channels: 1 }, { filters: 2, size: 3 }), new Affine(8, 2)];
  const [plain, moved] = [classify(net()), classify(net())];
  await plain.fit(data, { epochs: 1 });
  await moved.fit(data, { epochs: 1, shift: 1 });
  expect(moved.toState().tensors).not.toEqual(plain.toState().tensors);
  await moved.resume(data, { epochs: 2 });
});

test("what a file says of a change is checked", async () => {
  const model = classify(mlp([4]));
  await model.fit(images, { epochs: 1, mixup: 0.5 });
  const text = Buffer.from(model.toBytes()).toString("latin1");
  // Changed on purpose, so without its checksum.
  const damaged = (from: string, to: string) =>
    Uint8Array.from(Buffer.from(text.replace(from, to).replace("tanren.checksum", "any.other.words"), "latin1"));
  expect(() => modelFromBytes(damaged('\\"mixup\\":0.5', '\\"mixup\\":-.5'))).toThrow();
  expect(() => modelFromBytes(damaged('\\"mixup\\":0.5', '\\"mixup\\":500'))).toThrow(/training\.changes\.mixup/);
  expect(() => modelFromBytes(damaged('\\"mixup\\":0.5', '\\"mixop\\":0.5'))).toThrow(/one of .*mixup/);
  const lost = modelFromBytes(damaged("random/changes", "random/chances"));
  await expect(async () => lost.resume(images, { epochs: 2 })).rejects.toThrow(/where its random stream stands/);
});

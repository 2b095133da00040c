import { describe, expect, test } from "vitest";
import { attemptAt } from "../../../test/support/lost-attempt.ts";
import { RandomStream } from "../../core/random.ts";
import type { Dataset, Split } from "../../data/dataset.ts";
import { selectKernels } from "../../node/native-kernels.ts";
import { openStudy } from "../study.ts";
import { networkObjective } from "./network.ts";
import { checkLayers } from "./network-layers.ts";
import { checkNetwork, type NetworkSpec } from "./network-spec.ts";

/** Two classes of noisy 16-pixel images, told apart by which half is bright. */
function twoClasses(count: number): Split {
  const stream = RandomStream.seeded(5);
  const data = new Uint8Array(count * 16);
  const labels = new Uint8Array(count);
  for (let row = 0; row < count; row++) {
    labels[row] = row % 2;
    for (let i = 0; i < 16; i++) {
      const bright = i < 8 === (labels[row] === 0);
      data[row * 16 + i] = Math.floor(stream.uniform(bright ? 60 : 0, bright ? 255 : 195));
    }
  }
  return { images: { data, count, width: 16 }, labels };
}

const split = twoClasses(200);
const dataset: Dataset = { name: "mnist", classes: 2, train: split, test: split };
const kernels = selectKernels({ backend: "wasm", dtype: "float32" });
const spec: NetworkSpec = {
  data: "mnist",
  model: "mlp",
  fixed: { epochs: 4, batchSize: 20, trainRows: 200 },
  space: {
    lr: { kind: "real", low: 1e-4, high: 1, scale: "log" },
    hidden: { kind: "int", low: 4, high: 16 },
    optimizer: { kind: "category", choices: ["sgd", "adam"] },
    beta1: { kind: "real", low: 0.5, high: 0.95 },
  },
  seed: 0,
};

describe("a network by flags", () => {
  test("is searched for its validation accuracy, reported every epoch, the same every time", async () => {
    const search = async () => {
      const study = await openStudy({ direction: "maximize", sampler: "random", seed: 3 });
      await study.optimize(networkObjective(spec, { kernels, dataset }), { trials: 6 });
      return study;
    };
    const study = await search();
    expect(study.trials.map(({ state }) => state)).toEqual(new Array(6).fill("complete"));
    expect(study.best?.value).toBeGreaterThan(0.9);
    for (const { value, intermediate, params } of study.trials) {
      expect(intermediate.map(({ step }) => step)).toEqual([0, 1, 2, 3]);
      expect(intermediate.at(-1)?.value).toBe(value);
      // SGD has no beta1: it is not drawn.
      expect(Object.hasOwn(params, "beta1")).toBe(params.optimizer === "adam");
    }
    expect((await search()).trials.map(({ value, params }) => [value, params])).toEqual(
      study.trials.map(({ value, params }) => [value, params]),
    );
  });

  test("ends at once when it diverges, with what it has reached, and says where", async () => {
    const study = await openStudy({ direction: "maximize", sampler: "random" });
    const wild: NetworkSpec = { ...spec, space: { lr: { kind: "real", low: 1e30, high: 1e31 } } };
    await study.optimize(networkObjective(wild, { kernels, dataset }), { trials: 1 });
    const [trial] = study.trials;
    expect(trial.state).toBe("complete");
    expect(trial.value).toBeLessThan(0.8);
    expect(trial.attributes.diverged).toMatchObject({ step: expect.any(Number), layer: expect.any(String) });
  });

  test("one rule's own range reaches that rule alone, and what its name shares must fit each", async () => {
    const study = await openStudy({ direction: "maximize", sampler: "random", seed: 3 });
    const own: NetworkSpec = {
      ...spec,
      fixed: { ...spec.fixed, epochs: 1, lr: 0.01 },
      space: { optimizer: spec.space.optimizer, "adam.lr": { kind: "real", low: 0.5, high: 0.6 } },
    };
    await study.optimize(networkObjective(own, { kernels, dataset }), { trials: 6 });
    for (const { params } of study.trials) {
      expect(Object.hasOwn(params, "adam.lr")).toBe(params.optimizer === "adam");
    }
  });

  test.each([
    ["sgd", {}],
    ["adam", { lookahead: 3, emaDecay: 0.9, mixup: 0.3, inputNoise: 0.1, clipNorm: 1 }],
    ["nadam", { schedule: "cosine" }],
    // Its looks at the loss are in the middle of one at an epoch's end.
    ["sgd", { schedule: "plateau", "plateau.every": 3, "plateau.patience": 0, "plateau.threshold": 0.5 }],
  ])("goes on from a checkpoint to the same bits, %s %j", async (optimizer, techniques) => {
    const fixed = { ...spec.fixed, optimizer, batchNorm: "on", dropRatio: 0.2, hidden: 12, ...techniques };
    const one: NetworkSpec = { ...spec, fixed, space: { lr: { kind: "real", low: 0.02, high: 0.03 } } };
    const objective = networkObjective(one, { kernels, dataset, checkpointDue: () => true });
    const whole = await attemptAt(objective, 9, null);
    // It is pruned after the third epoch's report: its checkpoint is that of the second.
    const lost = await attemptAt(objective, 3, null);
    const more = await attemptAt(objective, 9, lost.left);
    expect(more.reports).toEqual(whole.reports.slice(2));
    expect(more.value).toBe(whole.value);
    expect(more.left).toEqual(whole.left);
  });

  test("changes its rate by a schedule, whose settings are drawn where it is chosen", async () => {
    const space = {
      schedule: { kind: "category", choices: ["constant", "cosine"] },
      "cosine.minLr": { kind: "real", low: 0.001, high: 0.01 },
    } as const;
    const bent: NetworkSpec = { ...spec, space, fixed: { ...spec.fixed, lr: 0.5, hidden: 8 } };
    const study = await openStudy({ direction: "maximize", sampler: "random", seed: 1 });
    await study.optimize(networkObjective(bent, { kernels, dataset }), { trials: 6 });
    for (const { params } of study.trials) {
      expect(Object.hasOwn(params, "cosine.minLr")).toBe(params.schedule === "cosine");
    }
    // With a rate that falls to nothing after the first update, no epoch changes what the first has reached.
    const falling = { schedule: "exponential", "exponential.gamma": 1e-9, hidden: 8 };
    const lr = { kind: "real", low: 0.4, high: 0.5 } as const;
    const once: NetworkSpec = { ...spec, space: { lr }, fixed: { ...spec.fixed, ...falling } };
    const still = await openStudy({ direction: "maximize", sampler: "random", seed: 1 });
    await still.optimize(networkObjective(once, { kernels, dataset }), { trials: 1 });
    expect(new Set(still.trials[0].intermediate.map(({ value }) => value)).size).toBe(1);
    const moving: NetworkSpec = { ...once, fixed: { ...once.fixed, "exponential.gamma": 0.99 } };
    await still.optimize(networkObjective(moving, { kernels, dataset }), { trials: 2 });
    expect(new Set(still.trials[1].intermediate.map(({ value }) => value)).size).toBeGreaterThan(1);
    const refused = (fixed: object) => () => checkNetwork({ ...spec, space: { lr }, fixed: { ...fixed } });
    expect(refused({ "cosine.minLr": 0.1 })).toThrow(
      /cosine.minLr: must be of a schedule that trials use.*--set schedule=cosine/,
    );
    expect(refused({ schedule: "cosin" })).toThrow(/Did you mean cosine\?/);
  });

  test("is any layers that a text names, in place of widths, and may be chosen among several", async () => {
    const choices = ["conv2d 4; batchnorm; relu; maxPool; affine 8; gelu", "affine 8; layerNorm; prelu"];
    const space = { network: { kind: "category", choices } } as const;
    const layers: NetworkSpec = {
      ...spec,
      model: "layers",
      space,
      fixed: { ...spec.fixed, optimizer: "adam", lr: 0.02 },
    };
    checkLayers(checkNetwork(layers), dataset);
    const study = await openStudy({ direction: "maximize", sampler: "grid", seed: 3, space });
    await study.optimize(networkObjective(layers, { kernels, dataset }), { trials: 2 });
    expect(study.trials.map(({ params }) => params.network).sort()).toEqual([...choices].sort());
    for (const { value } of study.trials) {
      expect(value).toBeGreaterThan(0.9);
    }
    const refused = (text: string) => () => checkLayers({ ...layers, space: {}, fixed: { network: text } }, dataset);
    expect(refused("conv2d 4 size=5")).toThrow(/a window of 5 must fit into the padded image, got 4 × 4/);
    expect(refused("affine 4; conv2d 4")).toThrow(/conv2d must stand where rows are images/);
    expect(() => checkNetwork({ ...layers, fixed: { activation: "tanh" } })).toThrow(
      /network: must stand alone, got activation too/,
    );
  });

  test("moves rows as the images that its network's text says they are, else as squares", async () => {
    const course = async (network: string) => {
      const moving: NetworkSpec = {
        ...spec,
        model: "layers",
        space: { lr: spec.space.lr },
        fixed: { ...spec.fixed, network, shift: 1 },
      };
      const study = await openStudy({ direction: "maximize", sampler: "random", seed: 1 });
      await study.optimize(networkObjective(moving, { kernels, dataset }), { trials: 1 });
      return study.trials[0].intermediate.map(({ value }) => value);
    };
    const square = await course("affine 8; relu");
    expect(await course("image 4; affine 8; relu")).toEqual(square);
    expect(await course("image 2 8; affine 8; relu")).not.toEqual(square);
  });

  test("stops between epochs when its trial is pruned", async () => {
    const pruner = {
      name: "second",
      judge: ({ trial }: { trial: { intermediate: readonly unknown[] } }) => ({
        prune: trial.intermediate.length >= 2,
      }),
    };
    const study = await openStudy({ direction: "maximize", sampler: "random", pruner });
    await study.optimize(networkObjective(spec, { kernels, dataset }), { trials: 1 });
    expect(study.trials[0]).toMatchObject({ state: "pruned", intermediate: [{ step: 0 }, { step: 1 }] });
  });
});

test.each([
  [{ space: {} }, "space: must name at least one hyper-parameter"],
  [{ space: { lrr: { kind: "real", low: 0, high: 1 } } }, "lrr: no such setting. Did you mean lr?"],
  [{ space: { dropRatio: { kind: "real", low: 0, high: 1 } } }, "dropRatio: must be a number in [0, 1), got 1"],
  [{ space: { optimizer: { kind: "category", choices: ["sgd", "adm"] } } }, "Did you mean adam?"],
  [{ space: { hiddenSizes: { kind: "int", low: 1, high: 4 } } }, "hiddenSizes: must list choices, got a range"],
  [{ fixed: { lr: 0.1 } }, "lr: must be fixed or searched, got both"],
  [{ fixed: { momentum: 0.5 } }, "momentum: must be a hyper-parameter of the optimizer, got sgd, adam"],
  [
    { fixed: { optimizer: "sgd", momentum: 0.5 }, space: { layers: { kind: "int", low: 1, high: 2 } } },
    "got sgd, which",
  ],
  [{ fixed: { "adamm.lr": 0.1 } }, "adamm.lr: no such setting. Did you mean adam.lr?"],
  [{ fixed: { "nadam.lr": 0.1 } }, "nadam.lr: must be a hyper-parameter of the optimizer, got sgd, adam"],
  [{ fixed: { clipNorm: -1 } }, "clipNorm: must be a number in [0, ∞), got -1"],
  [{ fixed: { shift: 2, rotat: 3 } }, "rotat: no such setting. Did you mean rotate?"],
  [{ fixed: { hiddenSizes: [10] } }, "hiddenSizes: must stand alone, got hidden or layers too"],
] as const)("%j is refused in one sentence", (more, reason) => {
  expect(() => checkNetwork({ ...spec, ...(more as Partial<NetworkSpec>) })).toThrow(reason);
});

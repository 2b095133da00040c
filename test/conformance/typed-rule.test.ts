import { describe, expect, test } from "vitest";
import {
  BatchLoader,
  batchLoaderBytes,
  firstRows,
  mlp,
  type Optimizer,
  optimizerFromText,
  optimizerNamed,
  RandomStream,
  Sequential,
  train,
  Updater,
  updaterBytes,
  wasmKernels,
} from "../../src/index.ts";
import { loadDataset } from "../../src/node/datasets.ts";

const rows = 500;
const batchSize = 50;

/** Trains a small network on MNIST; its losses and the updater. */
async function trained(optimizer: Optimizer, iterations: number) {
  const split = firstRows((await loadDataset("mnist")).train, rows);
  const kernels = wasmKernels("wasm-simd", "float64");
  const network = new Sequential({
    kernels,
    layers: mlp({ inputSize: 784, hiddenSizes: [30], classes: 10 }),
    maxRows: batchSize,
    extraBytes: updaterBytes(optimizer, 24_000, "float64") + batchLoaderBytes(batchSize, 784, "float64"),
  });
  network.initialize("he", RandomStream.seeded(1));
  const updater = new Updater({ optimizer, kernels: network.kernels, params: network.params, grads: network.grads });
  const losses: number[] = [];
  const loader = new BatchLoader(network.kernels, split, batchSize);
  for await (const event of train({
    network,
    updater,
    loader,
    rows,
    batchSize,
    iterations,
    stream: RandomStream.seeded(2),
  })) {
    if (event.kind === "step") {
      losses.push(event.loss);
    }
  }
  return { losses, updater };
}

describe("an update rule typed as text", () => {
  const typed = optimizerFromText("typed momentum", "v = momentum * v - lr * g\nw = w + v");

  test("trains MNIST as compiled code, with the bits of the rule that stands in a file", async () => {
    const { losses, updater } = await trained(typed, 60);
    expect(updater.compiled).toBe(true);
    expect([...updater.slots.keys()]).toEqual(["v"]);
    expect(losses).toEqual((await trained(optimizerNamed("momentum"), 60)).losses);
    expect(losses[59]).toBeLessThan(losses[0] / 2);
  });

  test("that nobody has written before learns too", async () => {
    const lion = optimizerFromText(
      "lion",
      "u = sign(beta1 * m + (1 - beta1) * g)\nm = m + (1 - beta2) * (g - m)\nw = w - lr * u",
      {
        lr: 0.001,
        beta2: 0.99,
      },
    );
    const { losses, updater } = await trained(lion, 80);
    expect(updater.compiled).toBe(true);
    expect(losses[79]).toBeLessThan(losses[0] / 2);
  });
});

import { describe, expect, test } from "vitest";
import {
  firstRows,
  mlp,
  type Optimizer,
  openTraining,
  optimizerFromText,
  optimizerNamed,
  RandomStream,
  train,
  wasmKernels,
} from "../../src/index.ts";
import { mnist } from "../support/mnist.ts";

const rows = 500;
const batchSize = 50;

/** Trains a small network on MNIST; its losses and the updater. */
async function trained(optimizer: Optimizer, iterations: number) {
  const split = firstRows((await mnist()).train, rows);
  const training = openTraining({
    kernels: wasmKernels("wasm-simd", "float64"),
    layers: mlp({ inputSize: 784, hiddenSizes: [30], classes: 10 }),
    optimizer,
    split,
    batchSize,
    weightInit: "he",
    stream: RandomStream.seeded(1),
  });
  const losses: number[] = [];
  for await (const event of train({ ...training, rows, batchSize, iterations, stream: RandomStream.seeded(2) })) {
    if (event.kind === "step") {
      losses.push(event.loss);
    }
  }
  return { losses, updater: training.updater };
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

  test.each([Number.NaN, Infinity, "0.1", null])("is refused with %j for a value", (lr) => {
    expect(() => optimizerFromText("mine", "w = w - lr * g", { lr: lr as number })).toThrow(
      /^optimizer mine: lr: must be a number, got /,
    );
  });
});

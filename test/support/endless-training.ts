import { RandomStream } from "../../src/core/random.ts";
import { wasmKernels } from "../../src/kernels/wasm.ts";
import { mlp } from "../../src/nn/mlp.ts";
import { optimizerNamed } from "../../src/optim/registry.ts";
import { openTraining, type Training } from "../../src/train/open-training.ts";
import { train } from "../../src/train/train.ts";

const rows = 64;

/** A small network on made-up rows. */
export function smallTraining(): Training {
  const images = { data: Uint8Array.from({ length: rows * 6 }, (_, i) => (i * 37) % 256), count: rows, width: 6 };
  return openTraining({
    kernels: wasmKernels("wasm-simd", "float32"),
    layers: mlp({ inputSize: 6, hiddenSizes: [8], classes: 3 }),
    optimizer: optimizerNamed("momentum"),
    split: { images, labels: Uint8Array.from({ length: rows }, (_, i) => i % 3) },
    batchSize: 10,
    weightInit: "he",
    stream: RandomStream.seeded(0),
  });
}

/**
 * Trains until the signal is aborted, asking for nothing but the next event, as a user of the library does.
 * @returns steps made
 */
export async function trainUntil(signal: AbortSignal): Promise<number> {
  const options = { rows, batchSize: 10, iterations: Number.POSITIVE_INFINITY, stream: RandomStream.seeded(1), signal };
  for await (const event of train({ ...smallTraining(), ...options })) {
    if (event.kind === "end") {
      return event.steps;
    }
  }
  throw new Error("training ended without saying so");
}

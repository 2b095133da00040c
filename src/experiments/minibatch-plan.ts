import { type RandomState, RandomStream } from "../core/random.ts";
import { type WeightInitName, weightInitNamed } from "../init/weights.ts";

/** Takes a network's initial weights from the stream, and where it stood before. */
export function skipWeights(stream: RandomStream, weights: number, init: WeightInitName): RandomState {
  const at = stream.saved();
  if (weightInitNamed(init).draws === "normal") {
    stream.skipNormals(weights);
  } else {
    stream.skipDoubles(weights);
  }
  return at;
}

/** Takes the minibatches of a run from the stream, and where it stood before. */
export function skipBatches(
  stream: RandomStream,
  run: { rows: number; batchSize: number; iterations: number },
): RandomState {
  const at = stream.saved();
  const indices = new Int32Array(run.batchSize);
  for (let i = 0; i < run.iterations; i++) {
    stream.choice(run.rows, indices);
  }
  return at;
}

/** Positions in the stream for networks drawn one after the other, and for the minibatches that follow, in that order. */
export function streamPositions(
  seed: number,
  networks: readonly { readonly weights: number; readonly init: WeightInitName }[],
): { weights: RandomState[]; batches: RandomState } {
  const stream = RandomStream.seeded(seed);
  const weights = networks.map((network) => skipWeights(stream, network.weights, network.init));
  return { weights, batches: stream.saved() };
}

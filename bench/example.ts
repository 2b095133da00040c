import { RandomStream } from "../src/core/random.ts";
import type { Split } from "../src/data/split.ts";

export const sizes = [784, 100, 100, 100, 100, 10] as const;
export const batchSize = 128;

/** The same weights and the same batch for every contestant, float32. */
export interface Example {
  /** [batch, 784] in [0, 1] */
  readonly x: Float32Array<ArrayBuffer>;
  /** [batch] */
  readonly labels: Int32Array;
  /** [batch, 10] */
  readonly oneHot: Float32Array<ArrayBuffer>;
  /** [in, out] each, He */
  readonly weights: readonly Float32Array<ArrayBuffer>[];
}

/** The batch is the first of `digits`, else noise: numbers of which none is 0. */
export function example(digits?: Split): Example {
  const stream = RandomStream.seeded(0);
  const weights = sizes.slice(1).map((size, i) => {
    const w = new Float32Array(sizes[i] * size);
    stream.fillNormal(w, Math.sqrt(2 / sizes[i]));
    return w;
  });
  const x = Float32Array.from({ length: batchSize * sizes[0] }, () => stream.uniform(0, 1));
  const labels = new Int32Array(batchSize);
  stream.choice(10, labels);
  if (digits !== undefined) {
    x.forEach((_, i) => {
      x[i] = digits.images.data[i] / 255;
    });
    labels.set(digits.labels.subarray(0, batchSize));
  }
  const oneHot = new Float32Array(batchSize * 10);
  labels.forEach((label, i) => {
    oneHot[10 * i + label] = 1;
  });
  return { x, labels, oneHot, weights };
}

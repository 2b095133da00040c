import { finiteNumber } from "../../core/checks.ts";
import { zigguratNormal } from "../../core/ziggurat.ts";
import type { BatchTransform } from "./batch-transform.ts";

/**
 * Adds normal noise to every input: for small noise the same as a penalty on the network's slope.
 * Bishop 1995, Training with Noise is Equivalent to Tikhonov Regularization.
 * @param std standard deviation, in the inputs' unit
 * @throws HyperError when it is below 0
 */
export function inputNoise(std: number): BatchTransform {
  finiteNumber("inputNoise", "std", std, { min: 0 });
  return ({ data }, stream) => {
    for (let i = 0; i < data.length; i++) {
      data[i] += std * zigguratNormal(stream);
    }
  };
}

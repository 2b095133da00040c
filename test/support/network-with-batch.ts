import { planned } from "../../src/kernels/planned.ts";
import { Sequential, type SequentialOptions } from "../../src/nn/sequential.ts";

/** A network, and in its arena a batch of as many rows as it takes: x [maxRows, inputSize], labels [1, maxRows]. */
export function networkWithBatch(options: SequentialOptions) {
  return planned(options.kernels, (kernels) => {
    const network = new Sequential({ ...options, kernels });
    const x = kernels.arena.floats(options.maxRows, network.inputSize);
    return { network, x, labels: kernels.arena.ints(options.maxRows) };
  });
}

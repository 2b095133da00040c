import type { Tensor } from "../core/tensor.ts";
import type { Targets } from "./loss.ts";

/** Which row each row of a batch has been mixed with, and how much of it is still itself. */
export interface RowMix {
  /** [m], numbers of rows */
  readonly partners: Int32Array;
  /** In [0, 1]: the inputs are share·x + (1 − share)·x[partner], and so is the loss. */
  readonly share: number;
}

/** Runs `work` while targets and weights are those of the partners; they are back afterwards. */
export function withPartners<T>({ partners }: RowMix, targets: Targets, weights: Tensor | null, work: () => T): T {
  const kept = [targets, ...(weights === null ? [] : [weights])].map((tensor) => {
    const before = tensor.data.slice();
    const width = before.length / partners.length;
    partners.forEach((from, to) => {
      for (let k = 0; k < width; k++) {
        tensor.data[to * width + k] = before[from * width + k];
      }
    });
    return { tensor, before };
  });
  try {
    return work();
  } finally {
    for (const { tensor, before } of kept) {
      tensor.data.set(before as never);
    }
  }
}

import { checkOnce } from "../data/check-split.ts";
import type { AnySplit } from "../data/dataset.ts";
import type { Sequential } from "../nn/sequential.ts";
import { Evaluator } from "./evaluate.ts";

/** Measures the share of rows whose largest logit is that of their label; the network's `maxRows` bounds a block. */
export class AccuracyMeter {
  private readonly evaluator: Evaluator;

  constructor(network: Sequential, width: number) {
    this.evaluator = new Evaluator(network, width);
  }

  /**
   * In evaluation mode, over all rows of the split: a fraction in [0, 1].
   * @throws DataError when the split is empty or its labels are no classes of the network
   */
  of(split: AnySplit): number {
    checkOnce(split, this.evaluator.network.classes);
    let right = 0;
    const count = this.evaluator.over(split, (block) => {
      const { data } = block.predicted();
      for (let i = 0; i < block.rows; i++) {
        right += data[i] === block.labels.data[i] ? 1 : 0;
      }
    });
    return right / count;
  }
}

import type { AnySplit } from "../../data/dataset.ts";
import { checkOnce } from "../../train/check-once.ts";
import type { EvaluatedBlock, Evaluator } from "../../train/evaluate.ts";

/** What a network does with rows it is not learning from at that moment. */
export interface Measurement {
  /** Share of the rows classified rightly. */
  readonly accuracy: number;
  /** Mean loss, the L2 term included. */
  readonly loss: number;
  /** [classes · classes], rows counted at label · classes + predicted; empty where nobody could look through so many */
  readonly counts: Uint32Array;
}

/** Classes whose confusion fits a table that people read. */
const mostConfused = 100;

/** Measures loss, accuracy and confusion of a network. @param most rows looked at, from the first  @throws DataError */
export function measureRows(evaluator: Evaluator, split: AnySplit, most?: number): Measurement {
  const { network } = evaluator;
  const { classes } = network;
  checkOnce(split);
  const counts = new Uint32Array(classes > mostConfused ? 0 : classes * classes);
  let loss = 0;
  let right = 0;
  const see = ({ rows, outputs, labels, predicted }: EvaluatedBlock) => {
    loss += rows * (network.loss.forward(outputs, labels, null) / rows + network.penalty());
    const found = predicted();
    for (let i = 0; i < rows; i++) {
      counts[labels.data[i] * classes + found.data[i]]++;
      right += labels.data[i] === found.data[i] ? 1 : 0;
    }
  };
  const count = evaluator.over(split, see, most);
  return { accuracy: right / count, loss: loss / count, counts };
}

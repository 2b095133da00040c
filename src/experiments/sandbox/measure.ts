import type { FloatRows } from "../../core/rows.ts";
import { checkOnce } from "../../data/check-split.ts";
import type { AnySplit } from "../../data/dataset.ts";
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

/** How near a network comes to the numbers it is to tell of rows it is not learning from at that moment. */
export interface ValueMeasurement {
  /** Root of the mean squared difference, of scaled numbers. */
  readonly rmse: number;
  /** Mean squared difference, the L2 term included. */
  readonly loss: number;
  /** What was told of the first rows, scaled. */
  readonly told: Float32Array;
}

/** Rows whose numbers are kept: as many points as tell something in a figure. */
const mostTold = 500;

/** Measures a network of one output. @param wanted [rows, 1]  @param most rows looked at, from the first  @throws DataError */
export function measureValues(
  evaluator: Evaluator,
  split: AnySplit,
  wanted: FloatRows,
  most?: number,
): ValueMeasurement {
  checkOnce(split);
  let squares = 0;
  const kept = new Float32Array(Math.min(mostTold, wanted.count));
  const count = evaluator.over(
    { images: split.images },
    ({ from, rows, outputs }) => {
      for (let i = 0; i < rows; i++) {
        squares += (outputs.data[i] - wanted.data[from + i]) ** 2;
        kept[from + i] = outputs.data[i];
      }
    },
    most,
  );
  return {
    rmse: Math.sqrt(squares / count),
    loss: squares / count + evaluator.network.penalty(),
    told: kept.subarray(0, count),
  };
}

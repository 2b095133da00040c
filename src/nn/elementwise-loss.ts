import { ShapeError } from "../core/errors.ts";
import { shapeOf, type Tensor } from "../core/tensor.ts";
import type { LossMemory, OpenLoss, Targets } from "./loss.ts";

/** The loss of one output y with target t, and its slope ∂/∂y. */
export interface ElementLoss {
  value(y: number, t: number): number;
  slope(y: number, t: number): number;
}

/** A row's loss is the mean over its outputs of a function of each. */
export function elementwiseLoss({ value, slope }: ElementLoss, { dx }: LossMemory): OpenLoss {
  let outputs: Tensor;
  return {
    forward(given, targets, weights) {
      checkValues(given, targets);
      outputs = given;
      const { rows, cols } = given;
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        let row = 0;
        for (let k = i * cols; k < (i + 1) * cols; k++) {
          row += value(given.data[k], targets.data[k]);
        }
        sum += weights === null ? row : weights.data[i] * row;
      }
      return sum / cols;
    },
    backward(targets, weights) {
      const { rows, cols } = outputs;
      const out = dx.at(rows);
      for (let i = 0; i < rows; i++) {
        const share = (weights === null ? 1 : weights.data[i]) / (rows * cols);
        for (let k = i * cols; k < (i + 1) * cols; k++) {
          out.data[k] = share * slope(outputs.data[k], targets.data[k]);
        }
      }
      return out;
    },
  };
}

function checkValues(outputs: Tensor, targets: Targets): void {
  if (targets.rows !== outputs.rows || targets.cols !== outputs.cols) {
    throw new ShapeError({
      en: `loss: targets must be ${shapeOf(outputs)} as the outputs are, got ${shapeOf(targets)}.`,
      ja: `loss: 目標値は出力と同じ ${shapeOf(outputs)} でなければなりません(${shapeOf(targets)} でした)。`,
    });
  }
}

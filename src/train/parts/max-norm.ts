import { checkBound } from "../../core/checks.ts";
import type { Parameter } from "../../nn/sequential.ts";
import type { TrainingPart } from "./training-part.ts";

/**
 * Max-norm regularisation: after each update the weights that come into a unit, a column of W, are scaled back to the norm c
 * where theirs is larger. Srebro & Shraibman 2005; Srivastava et al. 2014, §5.1. Biases, γ and β are left alone.
 */
export class MaxNorm implements TrainingPart {
  readonly name = "maxNorm";
  readonly tensors = {};
  readonly numbers = {};
  private readonly weights: readonly Parameter[];
  private readonly most: number;

  /** @throws HyperError when `most` is not above 0 */
  constructor(parameters: readonly Parameter[], most: number) {
    checkBound("openTraining", "maxNorm", most);
    this.weights = parameters.filter(({ shape }) => shape.decays);
    this.most = most;
  }

  restore(): void {}

  afterUpdate(): void {
    for (const { value } of this.weights) {
      const { rows, cols, data } = value; // [in, out]
      for (let j = 0; j < cols; j++) {
        let squares = 0;
        for (let i = 0; i < rows; i++) {
          squares += data[i * cols + j] ** 2;
        }
        const norm = Math.sqrt(squares);
        if (norm > this.most) {
          const factor = this.most / norm;
          for (let i = 0; i < rows; i++) {
            data[i * cols + j] *= factor;
          }
        }
      }
    }
  }
}

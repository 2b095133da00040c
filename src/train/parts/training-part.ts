import type { Tensor } from "../../core/tensor.ts";

/**
 * Something that training does around each update, beside the update rule itself. Its state is plain: a checkpoint keeps
 * `tensors` and `numbers` under the part's name.
 */
export interface TrainingPart {
  /** Unique in a training: `lookahead`. */
  readonly name: string;
  /** Vectors kept from step to step, each [1, n]; written in place by whoever restores them. */
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers kept from step to step. */
  readonly numbers: Readonly<Record<string, number>>;
  /** Takes the numbers that a checkpoint kept. */
  restore(numbers: Readonly<Record<string, number>>): void;
  /** The gradients are there, the update has not been made. */
  beforeUpdate?(): void;
  /** The update has been made. */
  afterUpdate?(): void;
}

import { type HyperSet, resolve, type ValuesOf } from "../core/hyper.ts";
import type { IntTensor, Tensor } from "../core/tensor.ts";
import type { Text } from "../core/text.ts";
import type { Kernels } from "../kernels/kernels.ts";
import type { BatchTensor } from "./layer.ts";

/** What rows should have given: the number of the right class [1, m], or values [m, n] as wide as the outputs. */
export type Targets = IntTensor | Tensor;

/** Where a loss of one network computes. */
export interface LossMemory {
  readonly kernels: Kernels;
  /** [m, n] each, as wide as the network's outputs */
  readonly work: BatchTensor;
  readonly dx: BatchTensor;
}

/** A loss at work in one network. Rows may have weights [1, m]: a row's loss is multiplied by its own. */
export interface OpenLoss {
  /** outputs [m, n] → the sum of the rows' losses */
  forward(outputs: Tensor, targets: Targets, weights: Tensor | null): number;
  /** → dx [m, n] of the mean over the rows, for the last forward */
  backward(targets: Targets, weights: Tensor | null): Tensor;
  /** The sum whose gradient `backward` is, in float64; where absent, it is `forward`'s. */
  exact?(outputs: Tensor, targets: Targets, weights: Tensor | null): number;
}

export interface LossDefinition<S extends HyperSet = HyperSet> {
  /** camelCase, unique: `crossEntropy` */
  readonly name: string;
  /** One sentence: the idea. */
  readonly about: Text;
  /** A row's loss as TeX: y the outputs, t the targets. */
  readonly tex: string;
  /** `labels` where a row's target is the number of a class. */
  readonly targets: "labels" | "values";
  readonly hyper: S;
  open(values: ValuesOf<S>, memory: LossMemory): OpenLoss;
}

/** A loss with its settings: what a network is given. */
export interface Loss extends Omit<LossDefinition, "open"> {
  /** Its settings' values. */
  readonly values: Readonly<Record<string, number>>;
  /** The text of a loss of one's own. */
  readonly formula?: string;
  open(memory: LossMemory): OpenLoss;
}

/** A loss as a function of its settings: `huber({ delta: 2 })`. */
export interface LossKind<S extends HyperSet = HyperSet> extends Omit<LossDefinition<S>, "open"> {
  (values?: Readonly<Partial<ValuesOf<S>>>): Loss;
}

/** A loss of whichever settings. */
export interface AnyLossKind extends Omit<LossDefinition, "open"> {
  (values?: Readonly<Record<string, never>>): Loss;
}

/** Makes a loss of its definition. */
export function defineLoss<S extends HyperSet>(definition: LossDefinition<S>): LossKind<S> {
  const { open, ...facts } = definition;
  const kind = (given?: Readonly<Partial<ValuesOf<S>>>): Loss => {
    const values = resolve(definition.hyper, (given ?? {}) as Readonly<Record<string, unknown>>);
    return {
      ...facts,
      values: values as Readonly<Record<string, number>>,
      open: (memory) => open(values, memory),
    };
  };
  // A function's own `name` can only be defined anew, not assigned.
  return Object.defineProperties(kind, Object.getOwnPropertyDescriptors(facts)) as LossKind<S>;
}

import type { HyperSet, ValuesOf } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";
import type { ImageShape } from "../../nn/image-shape.ts";
import type { Loss } from "../../nn/loss.ts";
import type { BatchTransform } from "../augment/batch-transform.ts";
import type { Mixup } from "../augment/mixup.ts";
import type { TrainingPlan } from "../open-training.ts";

/** What a technique adds to a training; nothing where its settings leave it off. */
export interface TechniqueParts {
  /** What the training is planned with. */
  readonly plan?: Pick<TrainingPlan, "loss">;
  /** What changes the inputs of each minibatch. */
  readonly transforms?: readonly BatchTransform[];
  /** What mixes the rows of each minibatch. */
  readonly mixup?: Mixup;
}

/** What a technique is told of the training that it is wanted in. */
export interface TechniqueContext {
  /** What a row is; null where rows are no images. */
  readonly image: ImageShape | null;
  /** Cross entropy of softmax when absent. */
  readonly loss?: Loss;
  /** Rows of a minibatch. */
  readonly batchSize: number;
}

export interface TechniqueDefinition<S extends HyperSet = HyperSet> {
  /** camelCase, unique: `lookahead` */
  readonly name: string;
  /** One sentence: what it is for. */
  readonly about: Text;
  /** Authors and year, title, place. */
  readonly paper?: string;
  /** Under names that no other technique has; every default leaves the technique off. */
  readonly settings: S;
  /** @throws HyperError where it cannot be had in such a training */
  open(values: ValuesOf<S>, context: TechniqueContext): TechniqueParts;
}

/** A technique of whichever settings. */
export type Technique = Omit<TechniqueDefinition, "open"> & {
  open(values: Readonly<Record<string, unknown>>, context: TechniqueContext): TechniqueParts;
};

/** A technique that says which settings, so that the options of `fit` are typed by it. */
export type DeclaredTechnique<S extends HyperSet> = Omit<Technique, "settings"> & { readonly settings: S };

/**
 * Something that changes what a training sees or is asked for. From this one definition come the options of `fit`, the flags
 * of `tanren train`, the settings of experiments and sandbox, what can be searched, and its row of the docs.
 */
export function defineTechnique<S extends HyperSet>(definition: TechniqueDefinition<S>): DeclaredTechnique<S> {
  return definition as unknown as DeclaredTechnique<S>;
}

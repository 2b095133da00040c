import { type HyperSet, resolve } from "../../core/hyper.ts";
import type { RandomStream } from "../../core/random.ts";
import type { Augmentation } from "../augment/batch-transform.ts";
import { type TechniqueValues, techniqueSettings, techniquesOf } from "../technique-settings.ts";
import type { Techniques } from "../techniques.ts";
import { changeSettings } from "./changes.ts";
import { techniques } from "./kinds/index.generated.ts";
import type { TechniqueContext, TechniqueParts } from "./technique.ts";

/**
 * What may be asked of training beside rule, schedule and network: what it does around its updates, and what it changes of
 * inputs and targets. With their defaults every one is off.
 */
export const askableTechniques: HyperSet = {
  ...techniqueSettings,
  ...changeSettings,
};

/** What techniques add to a training. */
export interface OpenTechniques {
  /** What {@link openTraining} is to be planned with beside. */
  readonly plan: Techniques & TechniqueParts["plan"];
  /** What {@link train} changes each minibatch by; null where nothing does. `stream` is theirs alone. */
  augmentation(stream: RandomStream): Augmentation | null;
}

/**
 * The techniques that settings ask for: values over the defaults of {@link askableTechniques}.
 * @throws HyperError on an unknown name, a bad value, or where such a training cannot have one
 */
export function openTechniques(given: Readonly<Record<string, unknown>>, context: TechniqueContext): OpenTechniques {
  const values = resolve(askableTechniques, given);
  const parts = techniques.map((technique) => technique.open(values, context));
  const transforms = parts.flatMap((part) => part.transforms ?? []);
  const mixup = parts.find((part) => part.mixup !== undefined)?.mixup;
  return {
    plan: Object.assign(techniquesOf(values as Partial<TechniqueValues>), ...parts.map(({ plan }) => plan)),
    augmentation: (stream) =>
      transforms.length === 0 && mixup === undefined
        ? null
        : { transforms, stream, ...(mixup === undefined ? {} : { mixup }) },
  };
}

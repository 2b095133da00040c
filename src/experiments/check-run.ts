import type { Dtype } from "../core/tensor.ts";
import { squareImage } from "../nn/image-shape.ts";
import type { Experiment, Settings } from "../runs/experiment.ts";
import { openTechniques } from "../train/techniques/open.ts";
import { checkMemory } from "./memory.ts";
import { mnistShape } from "./mnist-settings.ts";
import { techniquesAsked } from "./technique-settings.ts";

/**
 * Refuses settings that no run can be made of, each valid by itself, before anything is begun.
 * @param available bytes of memory that are free; Infinity where nobody can say
 * @throws HyperError where techniques of training exclude one another or do not go with the minibatch, or where a group of
 *   parameters names none of a network's
 * @throws MemoryError where a network cannot fit
 */
export function checkRun(
  experiment: Pick<Experiment, "sketch">,
  settings: Settings,
  dtype: Dtype,
  available: number,
): void {
  const asked = techniquesAsked(settings);
  if (asked !== undefined) {
    openTechniques(asked, { image: squareImage(mnistShape.inputSize), batchSize: Number(settings.batchSize ?? 1) });
  }
  checkMemory(experiment, settings, dtype, available);
}

import { HyperError } from "../core/errors.ts";
import type { Loss } from "../nn/loss.ts";
import { lossNamed } from "../nn/loss-registry.ts";
import type { ModelTask } from "./model-state.ts";

/** The loss of a task, its own where none is given. @throws HyperError on one that does not fit the task */
export function lossOf(
  given: Loss | string | undefined,
  task: { readonly name: ModelTask; readonly loss: string },
): Loss {
  const loss = given === undefined || typeof given === "string" ? lossNamed(given ?? task.loss) : given;
  const wanted = task.name === "classification" ? "labels" : "values";
  if (loss.targets !== wanted) {
    throw new HyperError({
      en: `model: ${task.name} needs a loss of ${wanted === "labels" ? "classes" : "values"}, got ${loss.name}. Leave it out for ${task.loss}.`,
      ja: `model: ${task.name} には${wanted === "labels" ? "クラス" : "値"}の損失が必要です(${loss.name} でした)。指定しなければ ${task.loss} になります。`,
    });
  }
  return loss;
}

import { HyperError } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Loss, LossKind } from "../nn/loss.ts";
import { losses, lossNamed } from "../nn/loss-registry.ts";
import type { ModelTask } from "./model-state.ts";

/** The loss of a task, its own where none is given. @throws HyperError on one that does not fit the task */
export function lossOf(
  given: Loss | LossKind | string | undefined,
  task: { readonly name: ModelTask; readonly loss: string },
): Loss {
  const loss = openable(given === undefined ? task.loss : given);
  const wanted = task.name === "classification" ? "labels" : "values";
  if (loss.targets !== wanted) {
    throw new HyperError({
      en: `model: ${task.name} needs a loss of ${wanted === "labels" ? "classes" : "values"}, got ${loss.name}. Leave it out for ${task.loss}.`,
      ja: `model: ${task.name} には${wanted === "labels" ? "クラス" : "値"}の損失が必要です(${loss.name} でした)。指定しなければ ${task.loss} になります。`,
    });
  }
  // A file holds no code: loaded again, ours would take its place.
  const ours = losses.find(({ name }) => name === loss.name);
  if (ours !== undefined && ours.tex !== loss.tex && loss.formula === undefined) {
    throw new HyperError({
      en: `model: a loss of one's own must have a name of its own, got ${loss.name}, which is one of ours. Rename it.`,
      ja: `model: ${loss.name} は組み込みの損失の名前です。独自の損失には別の名前を付けてください。`,
    });
  }
  return loss;
}

/** A loss by name, or as a value; `huber` is `huber()`, as of optimizers. @throws HyperError on what is none */
function openable(given: Loss | LossKind | string): Loss {
  if (typeof given === "string") {
    return lossNamed(given);
  }
  const loss = typeof given === "function" ? given() : given;
  if (typeof loss?.open !== "function") {
    throw new HyperError({
      en: `model: loss must be a name or a value such as huber({ delta: 1 }), got ${describeValue(given)}. Call the loss with its settings.`,
      ja: `model: loss には名前か、huber({ delta: 1 }) のような値を指定してください(指定された値: ${describeValue(given)})。`,
    });
  }
  return loss;
}

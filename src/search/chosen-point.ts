import { HyperError, nearest, suggestName } from "../core/errors.ts";
import { describeValue } from "../core/foreign-value.ts";
import type { Distribution, ParameterValue, SearchSpace } from "../core/trial.ts";
import { contains, describeDistribution } from "./space.ts";

/** Values of some hyper-parameters that a person chose; the others are drawn. */
export type ChosenPoint = Readonly<Record<string, ParameterValue>>;

/** The attribute under which a trial keeps what was chosen for it. */
export const chosenAttribute = "sampler:chosen";

/** @throws HyperError naming the hyper-parameter, its range, and what was chosen */
export function checkChosen(name: string, distribution: Distribution, value: ParameterValue): ParameterValue {
  if (!contains(distribution, value)) {
    const [range, got] = [describeDistribution(distribution), describeValue(value)];
    throw new HyperError({
      en: `${name}: a chosen value must be one of ${range}, got ${got}. Choose another.`,
      ja: `${name}: 指定した値 ${got} は範囲 ${range} に入っていません。別の値を指定してください。`,
    });
  }
  return value;
}

/** The point itself when the space has all of it. @throws HyperError on a name that the space has not, or as `checkChosen` */
export function checkPoint(point: ChosenPoint, space: SearchSpace): ChosenPoint {
  for (const [name, value] of Object.entries(point)) {
    if (!Object.hasOwn(space, name)) {
      const known = suggestName(name, Object.keys(space));
      throw new HyperError({
        en: `${name}: a chosen value must be of a hyper-parameter that is searched, got one of that name. ${known.en}`,
        ja: `${name}: 探索するハイパーパラメータにその名前はありません。${known.ja}`,
      });
    }
    checkChosen(name, space[name], value);
  }
  return point;
}

/**
 * Looks, once the objective has ended, for a chosen name that it never drew although it drew one that is spelt much alike and
 * was not chosen. Names that it left out as it took another way are no mistake.
 * @param known names that other trials have drawn
 * @throws HyperError
 */
export function checkAllDrawn(point: ChosenPoint, drawn: readonly string[], known: (name: string) => boolean): void {
  const free = drawn.filter((name) => !Object.hasOwn(point, name));
  for (const name of Object.keys(point)) {
    const meant = drawn.includes(name) || known(name) ? undefined : nearest(name, free);
    if (meant !== undefined) {
      throw new HyperError({
        en: `${name}: a chosen value must be of a hyper-parameter that the objective draws, got a name that it never asked for. Did you mean ${meant}?`,
        ja: `${name}: 目的関数はこの名前の値を求めませんでした。${meant} ではありませんか。`,
      });
    }
  }
}

/** What was chosen for a trial, as its attributes keep it; nothing when nothing was. */
export function chosenOf(attributes: Readonly<Record<string, unknown>>): ChosenPoint {
  const chosen = attributes[chosenAttribute];
  return typeof chosen === "object" && chosen !== null ? (chosen as ChosenPoint) : {};
}

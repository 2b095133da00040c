import { refuse } from "../core/checks.ts";
import { type Hyper, integer, numberOf, partsOf } from "../core/hyper.ts";
import type { Text } from "../core/text.ts";

/** A length in updates, of which 0 is the whole run. */
export function span(about: Text): Hyper<number> {
  return integer({ default: 0, min: 0, max: 1_000_000, about });
}

/** The updates that a {@link span} stands for; at least 1. */
export function spanOf(value: number, steps: number): number {
  return Math.max(1, value === 0 ? steps : value);
}

/** Updates at which something happens, ascending: `[200, 400]`, typed as `200,400`. */
export function milestonesOf(spec: { default: readonly number[]; about: Text }): Hyper<readonly number[]> {
  const range = {
    en: "1 to 64 ascending updates such as 1000,1500",
    ja: "1000,1500 のように小さい順に並べた更新回数(1〜64 個)",
  };
  const check = (value: unknown, name: string): readonly number[] => {
    const fits =
      Array.isArray(value) &&
      value.length >= 1 &&
      value.length <= 64 &&
      value.every((at, i) => Number.isSafeInteger(at) && at >= 1 && at <= 1_000_000 && (i === 0 || at > value[i - 1]));
    if (!fits) {
      refuse({ en: `${name}:`, ja: `${name}: ` }, range, value);
    }
    return value;
  };
  return {
    kind: "sizes",
    default: spec.default,
    about: spec.about,
    range,
    parse: (text, name) => check(partsOf(text).map(numberOf), name),
    check,
  };
}

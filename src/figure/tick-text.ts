import { largestOf, smallestOf } from "../core/long-lists.ts";

/** A number at an axis: so many significant digits, one fewer and a power of ten where it would be long. */
export function tickText(value: number, digits = 3): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= Math.max(1e5, 10 ** digits))
    ? value.toExponential(digits - 2).replace(/\.?0+e/, "e")
    : String(Number(value.toPrecision(digits)));
}

/** Numbers along one scale, its ends among them, with the digits that say where they are to a hundredth of it. */
export function tickTexts(values: readonly number[]): string[] {
  const length = largestOf(values) - smallestOf(values);
  const isNear = (value: number, text: string) => length === 0 || Math.abs(Number(text) - value) <= length / 100;
  let digits = 3;
  while (digits < 17 && !values.every((value) => isNear(value, tickText(value, digits)))) {
    digits++;
  }
  return values.map((value) => tickText(value, digits));
}

import { HyperError } from "./errors.ts";

/** Makes sure that a count can be counted with. @throws HyperError `where: name must be a whole number in …, got …` */
export function wholeNumber(
  where: string,
  name: string,
  value: number,
  { min, max = Number.POSITIVE_INFINITY }: { readonly min: number; readonly max?: number },
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range =
      max === Number.POSITIVE_INFINITY
        ? { en: `of ${min} or more`, ja: `${min}以上の整数` }
        : { en: `from ${min} to ${max}`, ja: `[${min}, ${max}] の整数` };
    throw new HyperError({
      en: `${where}: ${name} must be a whole number ${range.en}, got ${value}. Give one in that range.`,
      ja: `${where}: ${name} には${range.ja}を指定してください(指定された値: ${value})。`,
    });
  }
}

/** Makes sure that a number is finite and at least `min`, and below `below`. @throws HyperError */
export function finiteNumber(
  where: string,
  name: string,
  value: number,
  { min, below = Number.POSITIVE_INFINITY }: { readonly min: number; readonly below?: number },
): void {
  if (typeof value !== "number" || !Number.isFinite(value) || value < min || value >= below) {
    const range =
      below === Number.POSITIVE_INFINITY
        ? { en: `of ${min} or more`, ja: `${min}以上の有限の数` }
        : { en: `in [${min}, ${below})`, ja: `[${min}, ${below}) の数` };
    throw new HyperError({
      en: `${where}: ${name} must be a finite number ${range.en}, got ${value}. Give one in that range.`,
      ja: `${where}: ${name} には${range.ja}を指定してください(指定された値: ${value})。`,
    });
  }
}

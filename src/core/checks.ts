import { HyperError } from "./errors.ts";

/** Makes sure that a count can be counted with. @throws HyperError `where: name must be a whole number in …, got …` */
export function wholeNumber(
  where: string,
  name: string,
  value: number,
  { min, max = Number.POSITIVE_INFINITY }: { readonly min: number; readonly max?: number },
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range = max === Number.POSITIVE_INFINITY ? `of ${min} or more` : `from ${min} to ${max}`;
    throw new HyperError(`${where}: ${name} must be a whole number ${range}, got ${value}. Give one in that range.`);
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
    const range = below === Number.POSITIVE_INFINITY ? `of ${min} or more` : `in [${min}, ${below})`;
    throw new HyperError(`${where}: ${name} must be a finite number ${range}, got ${value}. Give one in that range.`);
  }
}

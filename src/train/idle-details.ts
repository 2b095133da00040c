import { HyperError } from "../core/errors.ts";

/** Settings that say how a technique is done, and do nothing where that is off. */
export const detailsOf: Readonly<Record<string, string>> = {
  swaEvery: "swaFrom",
  lookaheadAlpha: "lookahead",
  elasticSigma: "elastic",
};

/** The details that are asked for while what they are of is off, each with it. */
export function idleDetails(
  details: Readonly<Record<string, string>>,
  isOff: (name: string) => boolean,
): [detail: string, of: string][] {
  return Object.entries(details).filter(([detail, of]) => !isOff(detail) && isOff(of));
}

/**
 * Makes sure that nothing is asked for which nobody would heed.
 * @param details each with what it is of
 * @param isOff whether a setting is neither searched nor given another value than its default
 * @throws HyperError naming both
 */
export function checkDetails(details: Readonly<Record<string, string>>, isOff: (name: string) => boolean): void {
  const [idle] = idleDetails(details, isOff);
  if (idle !== undefined) {
    const [detail, of] = idle;
    throw new HyperError({
      en: `${detail}: must go with ${of}, got it without. Give ${of} too, or leave ${detail} out.`,
      ja: `${detail}: ${of} と組み合わせる設定ですが、${of} が指定されていません。${of} も指定するか、${detail} を外してください。`,
    });
  }
}

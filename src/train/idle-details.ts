import { HyperError } from "../core/errors.ts";

/** Settings that say how a technique is done, and do nothing where that is off. */
export const detailsOf: Readonly<Record<string, string>> = {
  swaEvery: "swaFrom",
  lookaheadAlpha: "lookahead",
  elasticSigma: "elastic",
};

/**
 * Makes sure that nothing is asked for which nobody would heed.
 * @param details each with what it is of
 * @param isOff whether a setting is neither searched nor given another value than its default
 * @throws HyperError naming both
 */
export function checkDetails(details: Readonly<Record<string, string>>, isOff: (name: string) => boolean): void {
  const idle = Object.entries(details).find(([detail, of]) => !isOff(detail) && isOff(of));
  if (idle !== undefined) {
    const [detail, of] = idle;
    throw new HyperError({
      en: `${detail}: must go with ${of}, got it without. Give ${of} too, or leave ${detail} out.`,
      ja: `${detail}: ${of} と組み合わせる設定ですが、${of} が指定されていません。${of} も指定するか、${detail} を外してください。`,
    });
  }
}

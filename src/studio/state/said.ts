import { inLanguage, languages, type Text } from "../../core/text.ts";
import type { Session } from "./session.svelte.ts";

/**
 * Of what the page's numbers are where that is not the whole of one run: until which iteration, or of which of several
 * seeds; null otherwise.
 */
export function placeOf({ at, reached, ofSeeds, record }: Session): Text | null {
  const seed = ofSeeds.length > 1 ? record?.seed : undefined;
  if (at === reached) {
    return seed === undefined ? null : { en: `Seed ${seed}`, ja: `シード ${seed}` };
  }
  const place = { en: `${at} of ${reached}`, ja: `${reached} 回中 ${at} 回目` };
  return seed === undefined
    ? { en: `Iteration ${place.en}`, ja: place.ja }
    : { en: `Seed ${seed}, iteration ${place.en}`, ja: `シード ${seed}、${place.ja}` };
}

/** A sentence that says first of what it is, where that is not a whole run. */
export function saidOf(place: Text | null, sentence: Text): Text {
  if (place === null) {
    return sentence;
  }
  const [en, ja] = languages.map((language) => `${inLanguage(place, language)}: ${inLanguage(sentence, language)}`);
  return { en, ja };
}

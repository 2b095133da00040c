import { inLanguage, languages, type Text } from "../../core/text.ts";
import type { Session } from "./session.svelte.ts";

/**
 * Of what the page's numbers are where that is not the whole of one run: until which iteration, or of which of several
 * seeds; null otherwise.
 */
export function placeOf({ at, reached, ofSeeds, record }: Session): Text | null {
  const seed = ofSeeds.length > 1 ? record?.seed : undefined;
  const places = [
    ...(seed === undefined ? [] : [{ en: `Seed ${seed}`, ja: `シード ${seed}` }]),
    ...(at === reached ? [] : [{ en: `Iteration ${at} of ${reached}`, ja: `${reached} 回中 ${at} 回目` }]),
  ];
  const [en, ja] = languages.map((language) => places.map((place) => place[language]).join(": "));
  return places.length === 0 ? null : { en, ja };
}

/** A sentence that says first of what it is, where that is not a whole run. */
export function saidOf(place: Text | null, sentence: Text): Text {
  if (place === null) {
    return sentence;
  }
  const [en, ja] = languages.map((language) => `${inLanguage(place, language)}: ${inLanguage(sentence, language)}`);
  return { en, ja };
}

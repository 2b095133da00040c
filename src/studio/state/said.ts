import { inLanguage, type Text } from "../../core/text.ts";
import type { Session } from "./session.svelte.ts";

/**
 * The sentence of a page about the run in its figure. Of a run that is looked at before its end it speaks as if training
 * had ended there, and of one among several seeds; it says so first.
 */
export function saidOf({ at, reached, ofSeeds, record }: Session, sentence: Text): Text {
  const seed = ofSeeds.length > 1 ? record?.seed : undefined;
  const places = [
    ...(seed === undefined ? [] : [{ en: `Seed ${seed}`, ja: `シード ${seed}` }]),
    ...(at === reached ? [] : [{ en: `Iteration ${at} of ${reached}`, ja: `${reached} 回中 ${at} 回目` }]),
  ];
  const [en, ja] = (["en", "ja"] as const).map((language) =>
    [...places.map((place) => place[language]), inLanguage(sentence, language)].join(": "),
  );
  return { en, ja };
}

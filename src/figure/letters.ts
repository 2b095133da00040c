import { inLanguage, type Language } from "../core/text.ts";
import type { Layer, PlanePanel, StyleIndex } from "./figure-spec.ts";

/** A thing with a name in a panel, and the letter it goes by where there is no colour to tell it by. */
export interface Lettered {
  readonly name: string;
  readonly style: StyleIndex;
  readonly letter: string;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** What a panel's layer is known by; null for those that stand in no legend. */
function nameOf(layer: Layer, language: Language): string | null {
  const named =
    layer.kind === "path" ||
    layer.kind === "points" ||
    layer.kind === "spans" ||
    (layer.kind === "curve" && layer.role !== "raw");
  return named && layer.name !== undefined && layer.name !== "" ? inLanguage(layer.name, language) : null;
}

/** The named things of a panel in their order; a single one needs no letter, and past Z they begin again. */
export function lettered({ layers }: Pick<PlanePanel, "layers">, language: Language): ReadonlyMap<string, Lettered> {
  const found = new Map<string, StyleIndex>();
  for (const layer of layers) {
    const name = nameOf(layer, language);
    if (name !== null && "style" in layer) {
      found.set(name, layer.style);
    }
  }
  return new Map(
    [...found].map(([name, style], i): [string, Lettered] => [
      name,
      { name, style, letter: found.size < 2 ? "■" : alphabet[i % alphabet.length] },
    ]),
  );
}

/** The letter of a layer and its place among all; null where it needs none. */
export function letterOf(
  layer: Layer,
  all: ReadonlyMap<string, Lettered>,
  language: Language,
): { readonly letter: string; readonly place: number } | null {
  const name = nameOf(layer, language);
  const own = name === null ? undefined : all.get(name);
  return own === undefined || all.size < 2 ? null : { letter: own.letter, place: [...all.keys()].indexOf(own.name) };
}

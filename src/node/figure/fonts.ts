import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageRoot } from "../paths.ts";

/** The shipped faces: one made for reading for Latin and Greek, one for Japanese. */
export const latinFamily = "Source Sans 3";
export const japaneseFamily = "BIZ UDPGothic";

/** Files of the Japanese font; none when its package is missing. */
export function japaneseFonts(): string[] {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/biz-udpgothic/package.json"));
    return [join("400Regular", "BIZUDPGothic_400Regular.ttf"), join("700Bold", "BIZUDPGothic_700Bold.ttf")]
      .map((file) => join(folder, file))
      .filter((file) => existsSync(file));
  } catch {
    return [];
  }
}

/** Files of the Latin face; none where they were not made (scripts/subset-fonts.mjs). The Japanese font has Latin letters too. */
function latinFonts(): string[] {
  small ??= smallFonts();
  return [...small.latin];
}

/** All shipped fonts, whole. */
export function shippedFonts(): string[] {
  return [...latinFonts(), ...japaneseFonts()];
}

/** What the Latin face has no letters for. */
const japanese = /[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]+/g;

/**
 * A drawing whose Japanese words name their font: resvg takes what a text's first family lacks from whichever file has it,
 * the regular weight for bold too.
 */
export function withFamilies(svg: string): string {
  return svg.replace(/<text\b[^>]*>.*?<\/text>/gs, (text) =>
    text.replace(/>([^<]+)</g, (_, words: string) => {
      const named = words.replace(japanese, (part) => `<tspan font-family="${japaneseFamily}">${part}</tspan>`);
      return `>${named}<`;
    }),
  );
}

/**
 * Files of the shipped fonts that hold every character of a drawing: small ones where they do (scripts/subset-fonts.mjs), else
 * the whole ones. The picture is the same; a file of 4.5 MB that is opened for every letter takes ten times as long.
 */
export function fontsFor(drawing: string): string[] {
  small ??= smallFonts();
  const { files, characters } = small;
  const enough =
    files.length > 0 &&
    !drawing.includes("&#") &&
    [...drawing].every((character) => character <= "~" || characters.has(character));
  return enough ? [...latinFonts(), ...files] : shippedFonts();
}

interface SmallFonts {
  readonly latin: readonly string[];
  /** Of the Japanese font. */
  readonly files: readonly string[];
  readonly characters: ReadonlySet<string>;
}

let small: SmallFonts | undefined;

function smallFonts(): SmallFonts {
  const root = packageRoot(import.meta.url);
  // From source, and packed.
  const folder = [join(root, "build", "fonts"), join(root, "dist", "fonts")].find((path) => existsSync(path));
  if (folder === undefined) {
    return { latin: [], files: [], characters: new Set() };
  }
  return {
    latin: ["SourceSans3_400Regular.ttf", "SourceSans3_700Bold.ttf"]
      .map((file) => join(folder, file))
      .filter((file) => existsSync(file)),
    files: ["BIZUDPGothic_400Regular.ttf", "BIZUDPGothic_700Bold.ttf"].map((file) => join(folder, file)),
    characters: new Set(readFileSync(join(folder, "characters.txt"), "utf8")),
  };
}

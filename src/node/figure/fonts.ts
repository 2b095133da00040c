import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { packageRoot } from "../paths.ts";

/** The shipped font: Latin, Greek and Japanese. */
export const shippedFamily = "BIZ UDPGothic";

/** Files of the shipped font; none when its package is missing. */
export function shippedFonts(): string[] {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve("@expo-google-fonts/biz-udpgothic/package.json"));
    return [join("400Regular", "BIZUDPGothic_400Regular.ttf"), join("700Bold", "BIZUDPGothic_700Bold.ttf")]
      .map((file) => join(folder, file))
      .filter((file) => existsSync(file));
  } catch {
    return [];
  }
}

/**
 * Files of the shipped font that hold every character of a drawing: small ones where they do (scripts/subset-fonts.mjs), else
 * the whole ones. The picture is the same; a file of 4.5 MB that is opened for every letter takes ten times as long.
 */
export function fontsFor(drawing: string): string[] {
  small ??= smallFonts();
  const { files, characters } = small;
  const enough =
    files.length > 0 &&
    !drawing.includes("&#") &&
    [...drawing].every((character) => character <= "~" || characters.has(character));
  return enough ? [...files] : shippedFonts();
}

interface SmallFonts {
  readonly files: readonly string[];
  readonly characters: ReadonlySet<string>;
}

let small: SmallFonts | undefined;

function smallFonts(): SmallFonts {
  const root = packageRoot(import.meta.url);
  // From source, and packed.
  const folder = [join(root, "build", "fonts"), join(root, "dist", "fonts")].find((path) => existsSync(path));
  if (folder === undefined) {
    return { files: [], characters: new Set() };
  }
  return {
    files: ["BIZUDPGothic_400Regular.ttf", "BIZUDPGothic_700Bold.ttf"].map((file) => join(folder, file)),
    characters: new Set(readFileSync(join(folder, "characters.txt"), "utf8")),
  };
}

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

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

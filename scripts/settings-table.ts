// Writes the settings of a training into the pages of docs/how-to, in each page's language: node scripts/settings-table.ts
import { readFileSync, writeFileSync } from "node:fs";
import { flagOf } from "../src/cli/training/setting-flags.ts";
import type { Hyper } from "../src/core/hyper.ts";
import { inLanguage, type Language } from "../src/core/text.ts";
import { fitSettings } from "../src/model/fit-settings.ts";

const heads = { en: ["flag", "means", "default"], ja: ["オプション", "意味", "省略時"] } as const;
const ends = /(<!-- settings[^>]*-->)[\s\S]*(<!-- \/settings -->)/;

/** The table between the two marks of a page. */
export function settingsTable(language: Language): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  const rows = Object.entries<Hyper>(fitSettings).map(([name, { about, kind, options = [], default: value }]) => {
    const among = kind === "choice" ? ` (${options.map((option) => `\`${option}\``).join(", ")})` : "";
    return line([`\`${flagOf(name)}\``, `${inLanguage(about, language)}${among}`, value === "" ? "–" : `\`${value}\``]);
  });
  return [line(heads[language]), line(["---", "---", "---"]), ...rows].join("\n");
}

/** A page with its table as it should be. */
export function withSettings(page: string, language: Language): string {
  return page.replace(ends, (_, begin, end) => `${begin}\n${settingsTable(language)}\n${end}`);
}

/** The pages that hold it. */
export const settingsPages = [
  ["docs/how-to/models.md", "en"],
  ["docs/how-to/models.ja.md", "ja"],
] as const;

if (import.meta.main) {
  for (const [path, language] of settingsPages) {
    const file = new URL(`../${path}`, import.meta.url);
    writeFileSync(file, withSettings(readFileSync(file, "utf8"), language));
  }
}

// Writes the settings of a training and the layers of a network into the pages of docs/how-to, in each page's language:
//   node scripts/settings-table.ts
import { readFileSync, writeFileSync } from "node:fs";
import { flagOf } from "../src/core/command-words.ts";
import type { Hyper } from "../src/core/hyper.ts";
import { inLanguage, type Language } from "../src/core/text.ts";
import { fitSettings } from "../src/model/fit-settings.ts";
import { exampleOf, layerKinds, layerWords } from "../src/nn/layer-words.ts";
import { printLayer } from "../src/nn/network-text.ts";

const settingHeads = { en: ["flag", "means", "default"], ja: ["オプション", "意味", "省略時"] } as const;
const layerHeads = {
  en: ["layer", "is", "numbers, in this order or by name (without it)"],
  ja: ["層", "内容", "数(この順か、名前付きで書く。括弧内は省略時)"],
} as const;

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [head, head.map(() => "---"), ...rows].map(line).join("\n");
}

function settingsTable(language: Language): string {
  const rows = Object.entries<Hyper>(fitSettings).map(([name, { about, kind, options = [], default: value }]) => {
    const among = kind === "choice" ? ` (${options.map((option) => `\`${option}\``).join(", ")})` : "";
    return [`\`${flagOf(name)}\``, `${inLanguage(about, language)}${among}`, value === "" ? "–" : `\`${value}\``];
  });
  return tableOf(settingHeads[language], rows);
}

function layersTable(language: Language): string {
  const named = layerKinds.filter((kind) => layerWords[kind].about.en === "");
  const activations = { en: "activation functions", ja: "活性化関数" };
  const rows = layerKinds
    .filter((kind) => !named.includes(kind))
    .map((kind) => {
      const { about, numbers, complete } = layerWords[kind];
      const defaults = complete({});
      const all = Object.entries<Hyper>(numbers).map(([name, { about: meaning }]) => {
        const without = defaults[name] === undefined ? "" : ` (${defaults[name]})`;
        return `\`${name}\`: ${inLanguage(meaning, language)}${without}`;
      });
      return [`\`${printLayer(exampleOf(kind))}\``, inLanguage(about, language), all.join("; ")];
    });
  return tableOf(layerHeads[language], [
    [named.map((kind) => `\`${kind}\``).join(", "), inLanguage(activations, language), ""],
    ...rows,
  ]);
}

const tables = { settings: settingsTable, layers: layersTable } as const;

/** A page with its tables as they should be, each between two marks. */
export function withTables(page: string, language: Language): string {
  return Object.entries(tables).reduce((text, [name, table]) => {
    const between = new RegExp(`(<!-- ${name}[^>]*-->)[\\s\\S]*(<!-- /${name} -->)`);
    return text.replace(between, (_, begin, end) => `${begin}\n${table(language)}\n${end}`);
  }, page);
}

/** The pages that hold them. */
export const tablePages = [
  ["docs/how-to/models.md", "en"],
  ["docs/how-to/models.ja.md", "ja"],
] as const;

if (import.meta.main) {
  for (const [path, language] of tablePages) {
    const file = new URL(`../${path}`, import.meta.url);
    writeFileSync(file, withTables(readFileSync(file, "utf8"), language));
  }
}

import type { Command } from "commander";
import { flagOf } from "../../core/command-words.ts";
import type { Hyper } from "../../core/hyper.ts";
import { inLanguage, type Language, type Told } from "../../core/text.ts";
import { fitSettings } from "../../model/fit-settings.ts";

const settings: readonly (readonly [name: string, hyper: Hyper])[] = Object.entries(fitSettings);

/** What a flag's help says of its setting. */
function helpOf({ about, options, kind, default: value }: Hyper): Told {
  const among = (language: Language) => (options === undefined ? "" : options.join(language === "en" ? ", " : "、"));
  const parts = {
    en: [...(kind === "choice" ? [`one of ${among("en")}`] : []), ...(value === "" ? [] : [`default: ${value}`])],
    ja: [...(kind === "choice" ? [`選択肢: ${among("ja")}`] : []), ...(value === "" ? [] : [`省略時: ${value}`])],
  };
  const en = inLanguage(about, "en");
  const ja = inLanguage(about, "ja");
  return {
    en: parts.en.length === 0 ? en : `${en} (${parts.en.join("; ")})`,
    ja: parts.ja.length === 0 ? ja : `${ja}(${parts.ja.join("。")})`,
  };
}

/** The help of these flags in Japanese, by their English text. */
export const settingHelp: Readonly<Record<string, string>> = Object.fromEntries(
  settings.map(([, hyper]) => {
    const { en, ja } = helpOf(hyper);
    return [en, ja];
  }),
);

/** A flag for each setting of a training. They stay text: how one is read depends on the rule. */
export function addSettingFlags(command: Command): Command {
  for (const [name, hyper] of settings) {
    const what = hyper.kind === "choice" ? "name" : hyper.kind === "text" ? "text" : hyper.kind === "real" ? "x" : "n";
    command.option(`${flagOf(name)} <${what}>`, helpOf(hyper).en);
  }
  return command;
}

/** What was given of them, as text. */
export function settingTexts(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    settings.flatMap(([name]) => (typeof flags[name] === "string" ? [[name, flags[name] as string]] : [])),
  );
}

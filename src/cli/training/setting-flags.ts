import type { Command } from "commander";
import { flagOf } from "../../core/command-words.ts";
import type { Hyper } from "../../core/hyper.ts";
import { inLanguage, type Language } from "../../core/text.ts";
import { fitSettings } from "../../model/fit-settings.ts";

const settings: readonly (readonly [name: string, hyper: Hyper])[] = Object.entries(fitSettings);

/** What a flag's help says of its setting. */
function helpOf({ about, options, kind, default: value }: Hyper, language: Language): string {
  return optionText(inLanguage(about, language), { choices: kind === "choice" ? options : undefined, value }, language);
}

/** The help of these flags in Japanese, by their English text. */
export const settingHelp: Readonly<Record<string, string>> = Object.fromEntries(
  settings.map(([, hyper]) => [helpOf(hyper, "en"), helpOf(hyper, "ja")]),
);

/** A flag for each setting of a training. They stay text: how one is read depends on the rule. */
export function addSettingFlags(command: Command): Command {
  for (const [name, hyper] of settings) {
    const what = hyper.kind === "choice" ? "name" : hyper.kind === "text" ? "text" : hyper.kind === "real" ? "x" : "n";
    command.option(`${flagOf(name)} <${what}>`, helpOf(hyper, "en"));
  }
  return command;
}

/** What was given of them, as text. */
export function settingTexts(flags: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    settings.flatMap(([name]) => (typeof flags[name] === "string" ? [[name, flags[name] as string]] : [])),
  );
}

/** A description, and behind it what may stand there (`choices`) and what counts when nothing does (`value`). */
export function optionText(
  what: string,
  { choices, value = "" }: { readonly choices?: readonly string[]; readonly value?: unknown },
  language: Language,
): string {
  const en = language === "en";
  const more = [
    ...(choices === undefined ? [] : [en ? `one of ${choices.join(", ")}` : `選択肢: ${choices.join("、")}`]),
    ...(value === "" ? [] : [`${en ? "default" : "省略時"}: ${value}`]),
  ];
  return more.length === 0 ? what : en ? `${what} (${more.join("; ")})` : `${what}(${more.join("。")})`;
}

import type { Language } from "../core/text.ts";

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

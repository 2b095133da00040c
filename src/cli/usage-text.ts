import type { Text } from "../core/text.ts";

/** What the options' own checks say (`options.ts`), and commander of a choice. */
const reasons: readonly (readonly [said: RegExp, ja: string])[] = [
  [/^It must be a whole number in (\[.*\])\.$/, "$1 の整数を指定してください"],
  [/^It must be a number > 0\.$/, "0より大きい数を指定してください"],
  [
    /^It must be A\.\.B with A ≤ B, at most (\d+) seeds\.$/,
    "A..B の形(A ≤ B)で、シードが$1個以下になるように指定してください",
  ],
];

/** Commander's sentences: https://github.com/tj/commander.js, lib/command.js. */
const sentences: readonly (readonly [said: RegExp, ja: string])[] = [
  [/^missing required argument '(.*)'$/, "引数 $1 が必要です。"],
  [/^option '(.*)' argument missing$/, "オプション $1 に値が必要です。"],
  [/^required option '(.*)' not specified$/, "オプション $1 の指定が必要です。"],
  [/^option '(.*)' cannot be used with option '(.*)'$/, "オプション $1 と $2 は同時に使えません。"],
  [/^unknown option '(.*)'$/s, "オプション $1 はありません。"],
  [/^unknown command '(.*)'$/s, "コマンド $1 はありません。"],
  [
    /^too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+): (.*)\.$/s,
    "引数が多すぎます。$1個のところに$2個あります($3)。",
  ],
];

const invalid =
  /^(?:option '(.*?)' argument '(.*)' is invalid\.|command-argument value '(.*)' is invalid for argument '(.*?)'\.) (.*)$/s;

/** What commander says of a wrong command line, with where to look; in Japanese as one line. */
export function usageText(said: string): Text {
  const [, body, near] = /^error: (.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?\n?$/s.exec(said) ?? [];
  const ja = body === undefined ? undefined : japanese(body);
  const hint = near === undefined ? "" : `${near.replaceAll(", ", " か ")} ではありませんか。`;
  return {
    en: `${said}Run it with --help to see what there is.\n`,
    ja: `tanren: ${ja ?? said.trim()}${hint}使い方は --help で確かめられます。\n`,
  };
}

function japanese(body: string): string | undefined {
  const [, option, given, value, argument, reason] = invalid.exec(body) ?? [];
  if (reason !== undefined) {
    return `${option ?? argument}: ${reasonText(reason)}(指定された値: ${given ?? value})。`;
  }
  return filled(sentences, body);
}

function reasonText(reason: string): string {
  const choices = /^Allowed choices are (.*)\.$/.exec(reason)?.[1];
  const found =
    choices === undefined ? filled(reasons, reason) : `${choices.replaceAll(", ", "、")} のいずれかを指定してください`;
  return found ?? reason;
}

function filled(table: readonly (readonly [said: RegExp, ja: string])[], text: string): string | undefined {
  const found = table.find(([said]) => said.test(text));
  return found === undefined ? undefined : text.replace(found[0], found[1]);
}

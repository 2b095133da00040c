import { nearest } from "../core/errors.ts";
import type { Told } from "../core/text.ts";
import { settingOfFlag } from "./setting-of-flag.ts";

/** A sentence of somebody else's, and the same in ours: `$1` stands for what its first parentheses hold. */
type Sentence = readonly [said: RegExp, en: string, ja: string];

/** Commander's sentences: https://github.com/tj/commander.js, lib/command.js. */
const sentences: readonly Sentence[] = [
  [/^missing required argument '(.*)'$/, "the argument <$1> must be given, got none.", "引数 <$1> が必要です。"],
  [
    /^option '(.*)' argument missing$/,
    "the option $1 must be followed by a value, got none.",
    "オプション $1 に値が必要です。",
  ],
  [
    /^required option '(.*)' not specified$/,
    "the option $1 must be given, got none.",
    "オプション $1 の指定が必要です。",
  ],
  [
    /^option '(.*)' cannot be used with option '(.*)'$/,
    "of the options $1 and $2 one must be left out, got both.",
    "オプション $1 と $2 は同時に使えません。",
  ],
  [/^unknown option '(.*)'$/s, 'must be a known option, got "$1".', "オプション $1 はありません。"],
  [/^unknown command '(.*)'$/s, 'must be a known command, got "$1".', "コマンド $1 はありません。"],
  [
    /^too many arguments(?: for '.*')?\. Expected (\d+) arguments? but got (\d+): (.*)\.$/s,
    "the number of arguments must be at most $1, got $2 ($3).",
    "引数が多すぎます。$1個のところに$2個あります($3)。",
  ],
];

/** What commander says of a choice. */
const choicesSaid = /^Allowed choices are (.*)\.$/;

/** What the options' own checks say of a value (`options.ts`), and commander. */
const reasons: readonly Sentence[] = [
  [/^It must be a whole number in (\[.*\])\.$/, "must be a whole number in $1", "$1 の整数を指定してください"],
  [/^It must be a number > 0\.$/, "must be a number > 0", "0より大きい数を指定してください"],
  [
    /^It must be A\.\.B with A ≤ B or seeds parted by commas, at most (\d+) of them\.$/,
    "must be A..B with A ≤ B or seeds parted by commas, at most $1 of them",
    "A..B の形(A ≤ B)か、カンマ区切りで、シードが$1個以下になるように指定してください",
  ],
  [choicesSaid, "must be one of $1", "$1 のいずれかを指定してください"],
];

const invalid =
  /^(?:option '(?:-., )?(\S+).*?' argument '(.*)' is invalid\.|command-argument value '(.*)' is invalid for argument '(.*?)'\.) (.*)$/s;

/** What commander says of a wrong line of a command, as one sentence of ours and where to look. */
export function usageText(command: string, said: string): Told {
  const [, body = said.trim(), near] = /^error: (.*?)(?:\n\(Did you mean (?:one of )?(.*)\?\))?\n?$/s.exec(said) ?? [];
  const [, option, given, value, argument, reason] = invalid.exec(body) ?? [];
  if (reason === undefined) {
    const { en, ja } = inOurs(sentences, body);
    const [, flag] = /^unknown option '(.*)'$/s.exec(body) ?? [];
    const setting = flag === undefined ? undefined : settingOfFlag(command, flag);
    if (setting !== undefined) {
      return {
        en: `${command}: ${en} Write --set ${setting}=VALUE.`,
        ja: `${command}: ${ja}--set ${setting}=値 と書きます。`,
      };
    }
    return withAdvice({ en: `${command}: ${en}`, ja: `${command}: ${ja}` }, near?.split(", ") ?? []);
  }
  const { en, ja } = inOurs(reasons, reason);
  const got = given ?? value;
  const choices = choicesSaid.exec(reason)?.[1].split(", ") ?? [];
  const likely = nearest(got, choices);
  return withAdvice(
    {
      en: `${option ?? argument}: ${en}, got "${got}".`,
      ja: `${option ?? argument}: ${ja}(指定された値: "${got}")。`,
    },
    likely === undefined ? [] : [likely],
  );
}

/** Of a sentence that is in no table (another version of commander's) what it says, in both languages. */
function inOurs(table: readonly Sentence[], said: string): Told {
  const [pattern, en, ja] = table.find(([known]) => known.test(said)) ?? [/^.*$/s, "$&", "$&"];
  return { en: said.replace(pattern, en), ja: said.replace(pattern, ja) };
}

function withAdvice({ en, ja }: Told, near: readonly string[]): Told {
  return near.length === 0
    ? { en: `${en} Run it with --help to see what there is.`, ja: `${ja}使い方は --help で確かめられます。` }
    : { en: `${en} Did you mean ${near.join(" or ")}?`, ja: `${ja}${near.join(" か ")} ではありませんか。` };
}

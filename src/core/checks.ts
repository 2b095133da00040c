import { HyperError, suggestName } from "./errors.ts";
import { inLanguage, quoted, type Text, type Told } from "./text.ts";

const inThatRange: Told = { en: "Give a value in that range.", ja: "" };

/**
 * Says that a value is not what it must be. @param subject `lr:`, or `fit: epochs`
 * @throws HyperError
 */
export function refuse(subject: Told, range: Told, got: unknown, advice: Told = inThatRange): never {
  throw new HyperError({
    en: `${subject.en} must be ${range.en}, got ${quoted(got)}. ${advice.en}`,
    ja: `${subject.ja}${range.ja}を指定してください(指定された値: ${quoted(got)})。${advice.ja}`,
  });
}

/** The subject of a refusal: an option and whose it is. */
export const optionOf = (where: string, name: string): Told => ({
  en: `${where}: ${name}`,
  ja: `${where}: ${name} には`,
});

/** Makes sure that a count can be counted with. @throws HyperError `where: name must be a whole number in …, got …` */
export function wholeNumber(
  where: string,
  name: string,
  value: number,
  { min, max = Number.POSITIVE_INFINITY }: { readonly min: number; readonly max?: number },
): void {
  if (!Number.isSafeInteger(value) || value < min || value > max) {
    const range =
      max === Number.POSITIVE_INFINITY
        ? { en: `a whole number of ${min} or more`, ja: `${min}以上の整数` }
        : { en: `a whole number in [${min}, ${max}]`, ja: `[${min}, ${max}] の整数` };
    refuse(optionOf(where, name), range, value);
  }
}

/** Makes sure that a number is finite and at least `min`, and below `below`. @throws HyperError */
export function finiteNumber(
  where: string,
  name: string,
  value: number,
  { min, below = Number.POSITIVE_INFINITY }: { readonly min: number; readonly below?: number },
): void {
  if (!Number.isFinite(value) || value < min || value >= below) {
    const range =
      below === Number.POSITIVE_INFINITY
        ? { en: `a finite number of ${min} or more`, ja: `${min}以上の有限の数` }
        : { en: `a finite number in [${min}, ${below})`, ja: `[${min}, ${below}) の数` };
    refuse(optionOf(where, name), range, value);
  }
}

/** Makes sure that a word is one of those there are. @throws HyperError with the nearest of them, or all */
export function oneOf(where: string, name: string, value: string, words: readonly string[]): void {
  if (!words.includes(value)) {
    refuse(optionOf(where, name), { en: "a known name", ja: "既知の名前" }, value, suggestName(String(value), words));
  }
}

/**
 * The one of that name or label, whatever its case.
 * @param where whose name it is: `optimizer`  @param noun the same in Japanese
 * @throws HyperError that suggests the nearest
 */
export function named<T extends { readonly name: string; readonly label?: string }>(
  where: string,
  noun: string,
  known: readonly T[],
  name: string,
): T {
  if (typeof name !== "string") {
    const { en, ja } = suggestName(
      "",
      known.map((one) => one.name),
    );
    refuse({ en: `${where}:`, ja: `${where}: ${noun}の名前として` }, { en: "a name", ja: "文字列" }, name, { en, ja });
  }
  const wanted = name.toLowerCase();
  const found = known.find((one) => one.name.toLowerCase() === wanted || one.label?.toLowerCase() === wanted);
  if (found === undefined) {
    const { en, ja } = suggestName(
      name,
      known.map((one) => one.name),
    );
    throw new HyperError({
      en: `${where}: must be a known name, got "${name}". ${en}`,
      ja: `${where}: "${name}" という${noun}はありません。${ja}`,
    });
  }
  return found;
}

/** Makes sure that what is to stop something can: a controller in its place would be left unheeded. @throws HyperError */
export function checkSignal(where: string, signal: AbortSignal | undefined): void {
  if (signal !== undefined && typeof (signal as Partial<AbortSignal> | null)?.aborted !== "boolean") {
    refuse(optionOf(where, "signal"), { en: "an AbortSignal", ja: "AbortSignal" }, signal, {
      en: "Of an AbortController give its signal.",
      ja: "AbortController なら、その signal を渡します。",
    });
  }
}

/** Makes sure that what shall bound something is a number above 0. @throws HyperError */
export function checkBound(where: string, name: string, value: number): void {
  if (typeof value !== "number" || !(value > 0)) {
    refuse(optionOf(where, name), { en: "above 0", ja: "0より大きい数" }, value, {
      en: "Leave it out to bound nothing.",
      ja: "制限しないなら省いてください。",
    });
  }
}

/** Each name that `Options` may have, kept complete by the compiler; with how it is written where it must be given, and an object. */
export type OptionNames<Options> = Readonly<Record<keyof Options, true | string>>;

/**
 * Makes sure that every option given is one there is: a misspelt one would be left unheeded, and nobody told.
 * @param where whose options they are: `fit`
 * @throws HyperError naming the first that is unknown, with the nearest that is not, or that must be an object and is none
 */
export function checkOptions<Options extends object>(where: string, given: Options, known: OptionNames<Options>): void {
  const names = Object.keys(known) as (keyof Options & string)[];
  // Plain JavaScript may give anything.
  if (typeof given !== "object" || given === null) {
    noObject(where, "options", given, `{ ${names[0]}: … }`);
  }
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && !Object.hasOwn(known, name)) {
      throw noSuchSetting(`${where}.`, name, names);
    }
  }
  for (const name of names) {
    const form = known[name];
    // A rule can be called, and is an object all the same.
    if (form !== true && Object(given[name]) !== given[name]) {
      noObject(where, name, given[name], form);
    }
  }
}

function noObject(where: string, name: string, got: unknown, form: string): never {
  refuse(optionOf(where, name), { en: "an object", ja: "オブジェクト" }, got, {
    en: `Give ${form}.`,
    ja: `${form} のように書きます。`,
  });
}

/** The error of a setting that nothing has. @param where it was given, as it stands before the name: `fit.` */
export function noSuchSetting(where: Text, name: string, known: readonly string[]): HyperError {
  const { en, ja } = suggestName(name, known);
  return new HyperError({
    en: `${inLanguage(where, "en")}${name}: no such setting. ${en}`,
    ja: `${inLanguage(where, "ja")}${name}: その名前の設定はありません。${ja}`,
  });
}

import { noSuchSetting, refuse as say } from "./checks.ts";
import { HyperError, saidBy, suggestName } from "./errors.ts";
import { shortened, type Text, type Told } from "./text.ts";

/** What a value must be, in words. */
export type RangeWords = Told;

/** Values that settings take; plain JSON, so that a record can hold them. */
export type HyperValue = number | string | boolean | readonly number[] | readonly string[];

/**
 * One hyper-parameter or setting: its default, its range, its meaning. Command-line flags, studio controls, docs rows and
 * search ranges are all made from this.
 */
export interface Hyper<T extends HyperValue = HyperValue> {
  readonly kind: "real" | "integer" | "choice" | "sizes" | "names" | "text";
  readonly default: T;
  /** What the value means, its unit included. */
  readonly about: Text;
  /** What a value must be: `a number in [0, 1)` or `one of relu, sigmoid, tanh`. */
  readonly range: RangeWords;
  /** For a slider: the numeric bounds and whether steps are multiplicative. */
  readonly min?: number;
  readonly max?: number;
  readonly scale?: "linear" | "log";
  /** Where it is one run's own (`SGD.lr`): the run, and what the setting is called there. */
  readonly of?: SettingOfRun;
  /** All values of a choice, the words of names; for a text, values to choose from beside what may be typed. */
  readonly options?: readonly string[];
  /** The value in a text a person typed. @throws HyperError naming `name`, the range and what came */
  parse(text: string, name: string): T;
  /** The value itself when it is in range. @throws HyperError */
  check(value: unknown, name: string): T;
}

/** Whose a setting is: `SGD` and `lr` of `SGD.lr`. A run's name may hold points itself, so the two are never cut apart. */
export interface SettingOfRun {
  readonly run: string;
  readonly name: string;
}

export type HyperSet = Readonly<Record<string, Hyper>>;
/** The values of a set: `{ lr: Hyper<number> }` gives `{ lr: number }`. */
export type ValuesOf<S extends HyperSet> = {
  [K in keyof S]: S[K] extends Hyper<infer T> ? T : never;
};

export interface NumberSpec {
  default: number;
  /** Smallest value allowed; with `above`, the value itself is not. */
  min?: number;
  above?: number;
  max?: number;
  below?: number;
  scale?: "linear" | "log";
  about?: Text;
}

function refuse(name: string, range: RangeWords, got: unknown, advice?: Told): never {
  return say({ en: `${name}:`, ja: `${name}: ` }, range, got, advice);
}

function said<T, O>({ default: usual, about = "", options }: { default: T; about?: Text; options?: O }) {
  return { default: usual, about, options };
}

function describeRange(kind: "real" | "integer", spec: NumberSpec): RangeWords {
  const noun = kind === "real" ? { en: "a number", ja: "数" } : { en: "a whole number", ja: "整数" };
  const low = spec.above ?? spec.min;
  const high = spec.below ?? spec.max;
  if (low === undefined && high === undefined) {
    return noun;
  }
  const open = spec.above !== undefined || low === undefined ? "(" : "[";
  const close = spec.below !== undefined || high === undefined ? ")" : "]";
  const interval = `${open}${low ?? "−∞"}, ${high ?? "∞"}${close}`;
  const ja =
    high === undefined
      ? `${low}${spec.above === undefined ? "以上の" : "より大きい"}${noun.ja}`
      : `${interval} の${noun.ja}`;
  return { en: `${noun.en} in ${interval}`, ja };
}

function number(kind: "real" | "integer", spec: NumberSpec): Hyper<number> {
  const range = describeRange(kind, spec);
  const inRange = (v: number) =>
    Number.isFinite(v) &&
    (kind === "real" || Number.isSafeInteger(v)) &&
    v >= (spec.min ?? -Infinity) &&
    v > (spec.above ?? -Infinity) &&
    v <= (spec.max ?? Infinity) &&
    v < (spec.below ?? Infinity);
  return {
    kind,
    ...said(spec),
    range,
    min: spec.min ?? spec.above,
    max: spec.max ?? spec.below,
    scale: spec.scale ?? "linear",
    parse(text, name) {
      const value = numberOf(text);
      return inRange(value) ? value : refuse(name, range, text);
    },
    check(value, name) {
      return typeof value === "number" && inRange(value) ? value : refuse(name, range, value);
    },
  };
}

/** A real number. */
export function real(spec: NumberSpec): Hyper<number> {
  return number("real", spec);
}

/** A whole number. */
export function integer(spec: NumberSpec): Hyper<number> {
  return number("integer", spec);
}

/** A fraction in [0, 1). */
export function fraction(value: number, about: Text = ""): Hyper<number> {
  return number("real", { default: value, min: 0, below: 1, about });
}

/** One of a few names. */
export function choice<const O extends readonly string[]>(spec: {
  options: O;
  default: O[number];
  about?: Text;
}): Hyper<O[number]> {
  const range = { en: `one of ${spec.options.join(", ")}`, ja: `${spec.options.join("、")} のいずれか` };
  const check = (value: unknown, name: string): O[number] => {
    if (typeof value === "string" && spec.options.includes(value)) {
      return value;
    }
    return refuse(name, range, value, suggestName(String(value), spec.options));
  };
  return {
    kind: "choice",
    ...said(spec),
    range,
    parse: check,
    check,
  };
}

/** A number that a person typed; NaN where nothing is. */
export function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

/** What a person typed between commas, with or without brackets around it. */
export function partsOf(text: string): string[] {
  return text
    .replace(/^\s*\[|\]\s*$/g, "")
    .split(",")
    .map((part) => part.trim());
}

/** Widths of hidden layers: `[100, 100]`, typed as `100,100` or `100x2` (width × how many). */
export function sizes(spec: { default: readonly number[]; about?: Text }): Hyper<readonly number[]> {
  const range = {
    en: "layer widths such as 100,100 or 100x4 (1 to 64 layers of 1 to 65536)",
    ja: "100,100 や 100x4 のような層の幅(1〜64 層、幅は 1〜65536)",
  };
  const fits = (v: readonly number[]) =>
    v.length >= 1 && v.length <= 64 && v.every((n) => Number.isSafeInteger(n) && n >= 1 && n <= 65536);
  return {
    kind: "sizes",
    ...said(spec),
    range,
    parse(text, name) {
      const repeated = /^\s*(\d+)\s*[x×*]\s*(\d+)\s*$/.exec(text);
      const widths =
        repeated !== null
          ? new Array<number>(Math.min(Number(repeated[2]), 65)).fill(Number(repeated[1]))
          : partsOf(text).map(numberOf);
      return fits(widths) ? widths : refuse(name, range, text);
    },
    check(value, name) {
      return Array.isArray(value) && fits(value) ? value : refuse(name, range, value);
    },
  };
}

/** Some of a few names, each at most once and at least one: typed as `SGD,Adam`. */
export function names(spec: {
  options: readonly string[];
  default: readonly string[];
  about?: Text;
}): Hyper<readonly string[]> {
  const range = {
    en: `one or more of ${spec.options.join(", ")}`,
    ja: `${spec.options.join("、")} のうち1つ以上`,
  };
  const check = (value: unknown, name: string): readonly string[] => {
    if (!Array.isArray(value) || value.length === 0) {
      return refuse(name, range, value);
    }
    const found = value.map((word) => {
      const known = spec.options.find((option) => option.toLowerCase() === String(word).toLowerCase());
      if (known === undefined) {
        return refuse(name, range, word, suggestName(word, spec.options));
      }
      return known;
    });
    const twice = found.find((word, i) => found.indexOf(word) !== i);
    if (twice !== undefined) {
      throw new HyperError({
        en: `${name}: each may be named once, got ${twice} twice. Leave one out.`,
        ja: `${name}: 同じ名前は1度しか指定できません(${twice} が2回あります)。片方を消してください。`,
      });
    }
    return found;
  };
  return {
    kind: "names",
    ...said(spec),
    range,
    parse: (text, name) => check(partsOf(text), name),
    check,
  };
}

/**
 * A text of a person's own. Typed where a line cannot be broken, `\\n` stands for one.
 * @param spec.range what it must be, in words
 * @param spec.validate throws any error whose message says what is wrong
 * @param spec.plain the text as it is kept, where it may be written in several ways
 */
export function text(spec: {
  default: string;
  range: RangeWords;
  validate: (value: string) => void;
  plain?: (value: string) => string;
  options?: readonly string[];
  about?: Text;
}): Hyper<string> {
  const { range } = spec;
  const check = (value: unknown, name: string): string => {
    if (typeof value !== "string") {
      return refuse(name, range, value);
    }
    try {
      spec.validate(value);
    } catch (error) {
      const why = saidBy(error);
      throw new HyperError({
        en: `${name}: must be ${range.en}, got "${shortened(value, 60)}". ${why.en}`,
        ja: `${name}: ${range.ja}を指定してください(指定された値: "${shortened(value, 60)}")。${why.ja}`,
      });
    }
    return spec.plain === undefined ? value : spec.plain(value);
  };
  return {
    kind: "text",
    ...said(spec),
    range,
    parse: (typed, name) => check(typed.replaceAll("\\n", "\n").trim(), name),
    check,
  };
}

/** The values of `set`: its defaults, with `given` over them. @throws HyperError on an unknown name, a bad value, bounds the wrong way round */
export function resolve<S extends HyperSet>(set: S, given: Readonly<Record<string, unknown>>): ValuesOf<S> {
  const values: Record<string, HyperValue> = {};
  for (const [name, hyper] of Object.entries(set)) {
    values[name] = hyper.default;
  }
  for (const [name, value] of Object.entries(given)) {
    values[name] = known(set, name).check(value, name);
  }
  checkBounds(values);
  return values as ValuesOf<S>;
}

/** A setting `low` or `…Low` is the lower bound of what `high` or `…High` bounds from above. @throws HyperError naming both */
function checkBounds(values: Readonly<Record<string, HyperValue>>): void {
  for (const [name, low] of Object.entries(values)) {
    const upper = name.replace(/Low$/, "High").replace(/^low$/, "high");
    const high = upper === name ? undefined : values[upper];
    if (typeof low === "number" && typeof high === "number" && low > high) {
      throw new HyperError({
        en: `${name}, ${upper}: the lower bound must be ≤ the upper one, got ${low} and ${high}. Swap them.`,
        ja: `${name}, ${upper}: 下限は上限以下にしてください(${low} と ${high} が指定されています)。逆になっていませんか。`,
      });
    }
  }
}

/** A value as a person types it: what `parse` takes. */
export function written(value: HyperValue): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** `name=value` as a person typed it. @throws HyperError on a missing `=`, an unknown name or a bad value */
export function parseAssignment(set: HyperSet, text: string): [name: string, value: HyperValue] {
  const at = text.indexOf("=");
  if (at < 1) {
    throw new HyperError({
      en: `--set: must be name=value, got "${text}". Known names: ${Object.keys(set).join(", ")}.`,
      ja: `--set: name=value の形で指定してください(指定された値: "${text}")。使える名前: ${Object.keys(set).join("、")}。`,
    });
  }
  const name = text.slice(0, at).trim();
  return [name, known(set, name).parse(text.slice(at + 1), name)];
}

/** Several `name=value`, each name once. @throws HyperError as `parseAssignment`, and on a name that comes twice */
export function assignmentsOf(set: HyperSet, texts: readonly string[]): Record<string, HyperValue> {
  return eachOnce(
    "--set",
    texts.map((text) => parseAssignment(set, text)),
  );
}

/** The pairs as an object. @param option that they were given with  @throws HyperError naming what was given twice */
export function eachOnce<T>(option: string, pairs: readonly (readonly [name: string, value: T])[]): Record<string, T> {
  const names = pairs.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new HyperError({
      en: `${option} ${twice}: must be given once, got it twice. Leave one out.`,
      ja: `${option} ${twice}: 2回指定されています。1回だけ指定してください。`,
    });
  }
  return Object.fromEntries(pairs);
}

function known(set: HyperSet, name: string): Hyper {
  const hyper = Object.hasOwn(set, name) ? set[name] : undefined;
  if (hyper === undefined) {
    throw noSuchSetting("", name, Object.keys(set));
  }
  return hyper;
}

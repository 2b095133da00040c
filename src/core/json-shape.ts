import { quoted } from "./text.ts";

/** What JSON of others must be, piece by piece: a reader takes any value, and gives it back as what it is or throws. */
export type Reader<T> = (value: unknown, at: string) => T;

/** A value is not what it must be; its place is `model.layers[2].kind`. */
export class Misfit extends Error {
  override name = "Misfit";
  readonly at: string;
  readonly must: { readonly en: string; readonly ja: string };
  readonly got: string;

  constructor(at: string, must: { readonly en: string; readonly ja: string }, value: unknown) {
    super(`${at} must be ${must.en}`);
    this.at = at;
    this.must = must;
    this.got = value === undefined ? "nothing" : quoted(value);
  }
}

/** Whether a value holds others by name. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const text: Reader<string> = (value, at) => {
  if (typeof value !== "string") {
    throw new Misfit(at, { en: "text", ja: "文字列" }, value);
  }
  return value;
};

/** Text of at most so many characters. */
export const textUpTo =
  (most: number): Reader<string> =>
  (value, at) => {
    if (typeof value !== "string" || value.length > most) {
      throw new Misfit(at, { en: `text of at most ${most} characters`, ja: `${most} 文字までの文字列` }, value);
    }
    return value;
  };

/** Text of this form. @param form what it is, for the sentence */
export const textLike =
  (pattern: RegExp, form: { readonly en: string; readonly ja: string }): Reader<string> =>
  (value, at) => {
    if (typeof value !== "string" || !pattern.test(value)) {
      throw new Misfit(at, form, value);
    }
    return value;
  };

export const yesOrNo: Reader<boolean> = (value, at) => {
  if (typeof value !== "boolean") {
    throw new Misfit(at, { en: "true or false", ja: "true か false" }, value);
  }
  return value;
};

/** Any finite number. */
export const finite: Reader<number> = (value, at) => {
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new Misfit(at, { en: "a finite number", ja: "有限の数" }, value);
  }
  return value;
};

/** Any number of `min` to `max`. */
export const between =
  (min: number, max: number): Reader<number> =>
  (value, at) => {
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      throw new Misfit(at, { en: `a number of ${min} to ${max}`, ja: `${min} から ${max} の数` }, value);
    }
    return value;
  };

/** Whole numbers of `min` to `max`. */
export const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, at) => {
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      const range =
        max === Number.MAX_SAFE_INTEGER
          ? { en: `${min} or more`, ja: `${min}以上` }
          : { en: `${min} to ${max}`, ja: `${min} から ${max} ` };
      throw new Misfit(at, { en: `a whole number of ${range.en}`, ja: `${range.ja}の整数` }, value);
    }
    return value as number;
  };

/** One of some words. */
export const among =
  <const W extends string>(words: readonly W[]): Reader<W> =>
  (value, at) => {
    if (!words.includes(value as W)) {
      throw new Misfit(at, { en: `one of ${words.join(", ")}`, ja: `${words.join("、")} のいずれか` }, value);
    }
    return value as W;
  };

export const orNull =
  <T>(read: Reader<T>): Reader<T | null> =>
  (value, at) =>
    value === null ? null : read(value, at);

/** What may be left out, and is then this. */
export const byDefault =
  <T>(read: Reader<T>, value: T): Reader<T> =>
  (given, at) =>
    given === undefined ? value : read(given, at);

/** What may be left out. */
export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : read(value, at);

export const either =
  <A, B>(first: Reader<A>, second: Reader<B>, isFirst: (value: unknown) => boolean): Reader<A | B> =>
  (value, at) =>
    isFirst(value) ? first(value, at) : second(value, at);

/** @param most how many there may be */
export const listOf =
  <T>(read: Reader<T>, most = Number.POSITIVE_INFINITY): Reader<T[]> =>
  (value, at) => {
    if (!Array.isArray(value) || value.length > most) {
      const must =
        most === Number.POSITIVE_INFINITY
          ? { en: "a list", ja: "リスト" }
          : { en: `a list of at most ${most}`, ja: `${most} 個までのリスト` };
      throw new Misfit(at, must, value);
    }
    return value.map((item, i) => read(item, `${at}[${i}]`));
  };

/** A list of finite numbers, of any length: it is not copied. */
export const numbers: Reader<number[]> = (value, at) => {
  if (!Array.isArray(value) || !value.every(Number.isFinite)) {
    throw new Misfit(at, { en: "a list of finite numbers", ja: "有限の数のリスト" }, value);
  }
  return value;
};

/** An object as it is. */
export const anyObject: Reader<Record<string, unknown>> = (value, at) => {
  if (!isObject(value)) {
    throw new Misfit(at, { en: "an object", ja: "オブジェクト" }, value);
  }
  return value;
};

/** Values by any names. @param most characters of a name */
export const namedOf = <T>(read: Reader<T>, most = Number.POSITIVE_INFINITY): Reader<Record<string, T>> => {
  const nameOf = textUpTo(most);
  return (value, at) =>
    Object.fromEntries(
      Object.entries(anyObject(value, at)).map(([name, item]) => [nameOf(name, at), read(item, `${at}.${name}`)]),
    );
};

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Simplified<T> = { readonly [K in keyof T]: T[K] };
type Read<F extends Fields> = Simplified<
  { [K in keyof F as undefined extends ReturnType<F[K]> ? never : K]: ReturnType<F[K]> } & {
    [K in keyof F as undefined extends ReturnType<F[K]> ? K : never]?: ReturnType<F[K]>;
  }
>;

/** What a reader gives. */
export type Given<R extends Reader<unknown>> = ReturnType<R>;

/** These fields, and others as they came; in the order they came in. The object itself where all are as they came. */
export const looseOf = <F extends Fields>(fields: F): Reader<Read<F>> => {
  const named = Object.entries(fields);
  return (value, at) => {
    const object = anyObject(value, at);
    let read = object;
    for (const [name, field] of named) {
      const given = Object.hasOwn(object, name) ? object[name] : undefined;
      const item = field(given, `${at}.${name}`);
      if (item !== given) {
        read = read === object ? { ...object } : read;
        read[name] = item;
      }
    }
    return read as Read<F>;
  };
};

/** These fields, in this order, and no others. */
export const objectOf =
  <F extends Fields>(fields: F): Reader<Read<F>> =>
  (value, at) => {
    const object = anyObject(value, at);
    // What a program leaves undefined is not there, as in JSON.
    const unknown = Object.keys(object).find((name) => object[name] !== undefined && !Object.hasOwn(fields, name));
    if (unknown !== undefined) {
      const known = Object.keys(fields).join(", ");
      throw new Misfit(
        at,
        { en: `an object of ${known}`, ja: `${known} からなるオブジェクト` },
        { [unknown]: object[unknown] },
      );
    }
    return readFields(fields, object, at) as Read<F>;
  };

function readFields(fields: Fields, object: Record<string, unknown>, at: string): Record<string, unknown> {
  const read: [string, unknown][] = [];
  for (const [name, field] of Object.entries(fields)) {
    const item = field(Object.hasOwn(object, name) ? object[name] : undefined, `${at}.${name}`);
    if (item !== undefined) {
      read.push([name, item]);
    }
  }
  return Object.fromEntries(read);
}

/** Any JSON as it is. */
export const anything: Reader<unknown> = (value) => value;

import { quoted } from "./refusal.ts";

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

export const text: Reader<string> = (value, at) => {
  if (typeof value !== "string") {
    throw new Misfit(at, { en: "text", ja: "文字列" }, value);
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

/** Whole numbers of `min` to `max`. */
export const whole =
  (min: number, max = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, at) => {
    if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
      throw new Misfit(at, { en: `a whole number of ${min} to ${max}`, ja: `${min} から ${max} の整数` }, value);
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

/** What may be left out. */
export const optional =
  <T>(read: Reader<T>): Reader<T | undefined> =>
  (value, at) =>
    value === undefined ? undefined : read(value, at);

export const either =
  <A, B>(first: Reader<A>, second: Reader<B>, isFirst: (value: unknown) => boolean): Reader<A | B> =>
  (value, at) =>
    isFirst(value) ? first(value, at) : second(value, at);

export const listOf =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value, at) => {
    if (!Array.isArray(value)) {
      throw new Misfit(at, { en: "a list", ja: "リスト" }, value);
    }
    return value.map((item, i) => read(item, `${at}[${i}]`));
  };

function objectAt(value: unknown, at: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Misfit(at, { en: "an object", ja: "オブジェクト" }, value);
  }
  return value as Record<string, unknown>;
}

/** Values by any names. */
export const namedOf =
  <T>(read: Reader<T>): Reader<Record<string, T>> =>
  (value, at) =>
    Object.fromEntries(Object.entries(objectAt(value, at)).map(([name, item]) => [name, read(item, `${at}.${name}`)]));

type Fields = Readonly<Record<string, Reader<unknown>>>;
type Read<F extends Fields> = { readonly [K in keyof F]: ReturnType<F[K]> };

/** These fields, in this order, and no others. */
export const objectOf =
  <F extends Fields>(fields: F): Reader<Read<F>> =>
  (value, at) => {
    const object = objectAt(value, at);
    const unknown = Object.keys(object).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) {
      const known = Object.keys(fields).join(", ");
      throw new Misfit(
        at,
        { en: `an object of ${known}`, ja: `${known} からなるオブジェクト` },
        { [unknown]: object[unknown] },
      );
    }
    const read: [string, unknown][] = [];
    for (const [name, field] of Object.entries(fields)) {
      const item = field(Object.hasOwn(object, name) ? object[name] : undefined, `${at}.${name}`);
      if (item !== undefined) {
        read.push([name, item]);
      }
    }
    return Object.fromEntries(read) as Read<F>;
  };

/** Any JSON as it is. */
export const anything: Reader<unknown> = (value) => value;

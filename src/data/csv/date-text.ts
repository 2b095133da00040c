/** A date's order of day and month where the year comes last. */
export type DateOrder = "dmy" | "mdy";

const time = String.raw`(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?`;
const zone = String.raw`\s*(Z|UTC|[+-]\d{2}:?\d{2}|[+-]\d{2})?`;
const yearFirst = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[T ]\s*${time}${zone})?$`, "i");
const japanese = new RegExp(String.raw`^(\d{4})年(\d{1,2})月(\d{1,2})日(?:\s*${time}${zone})?$`, "i");
const yearLast = new RegExp(String.raw`^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?:[T ]\s*${time}${zone})?$`, "i");
const timeOnly = new RegExp(`^${time}$`);

/** What one cell says when it is read as a date or time. */
export interface DateFound {
  /** Seconds since 1970 began in UTC; of a time alone, since midnight. */
  readonly seconds: number;
  /** Whether it has a time of day but no zone. */
  readonly zoneless: boolean;
  /** Whether day and month could be told only by `order`. */
  readonly byOrder: boolean;
}

/**
 * A date or time as a number: 2024-01-31, 2024/1/31, 2024年1月31日, 31.1.2024, 1/31/2024, each with 12:34 or 12:34:56.7 and a
 * zone or not, and 12:34 alone. Null for all else, and for days that there are not.
 */
export function dateOf(given: string, order: DateOrder): DateFound | null {
  const cell = /[０-９：／]/.test(given) ? given.normalize("NFKC") : given;
  const alone = timeOnly.exec(cell);
  if (alone !== null) {
    const seconds = clock(alone.slice(1, 4));
    return seconds === null ? null : { seconds, zoneless: false, byOrder: false };
  }
  const big = yearFirst.exec(cell);
  if (big !== null) {
    return found([big[1], big[3], big[4]], big.slice(5), false);
  }
  const kanji = japanese.exec(cell);
  if (kanji !== null) {
    return found([kanji[1], kanji[2], kanji[3]], kanji.slice(4), false);
  }
  const small = yearLast.exec(cell);
  if (small === null) {
    return null;
  }
  const [, first, mark, second, year] = small;
  // With points the day always comes first.
  const day = mark === "." || order === "dmy";
  return found(day ? [year, second, first] : [year, first, second], small.slice(5), mark !== ".");
}

function found(date: readonly string[], rest: readonly (string | undefined)[], byOrder: boolean): DateFound | null {
  const [year, month, day] = date.map(Number);
  const midnight = Date.UTC(year, month - 1, day);
  const back = new Date(midnight);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day || back.getUTCFullYear() !== year) {
    return null;
  }
  const timed = rest[0] !== undefined;
  const seconds = timed ? clock(rest) : 0;
  if (seconds === null) {
    return null;
  }
  const offset = offsetOf(rest[3]);
  return { seconds: midnight / 1000 + seconds - (offset ?? 0), zoneless: timed && offset === null, byOrder };
}

function clock([hours, minutes, seconds = "0"]: readonly (string | undefined)[]): number | null {
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)];
  return h > 24 || m > 59 || s >= 61 || (h === 24 && m + s > 0) ? null : 3600 * h + 60 * m + s;
}

/** Seconds east of Greenwich; null when no zone is named. */
function offsetOf(text: string | undefined): number | null {
  if (text === undefined) {
    return null;
  }
  const [, sign, hours, minutes = "0"] = /^([+-])(\d{2}):?(\d{2})?$/.exec(text) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (3600 * Number(hours) + 60 * Number(minutes));
}

/** The order of day and month that the cells themselves tell: a number above 12 is a day. Null when none does. */
export function dateOrderOf(cells: Iterable<string>): DateOrder | null {
  for (const cell of cells) {
    const [, first, mark, second] = yearLast.exec(cell) ?? [];
    if (mark !== undefined && mark !== ".") {
      if (Number(first) > 12) {
        return "dmy";
      }
      if (Number(second) > 12) {
        return "mdy";
      }
    }
  }
  return null;
}

import { DataError, nearest } from "../../core/errors.ts";

/**
 * An id that sorts by time: `20261124-053012-3f2a`, the start in UTC and 16 random bits.
 * @param startedAt ISO 8601, UTC
 * @param random gives a number in [0, 1)
 * @throws DataError when `startedAt` is not a time
 */
export function makeRunId(startedAt: string, random: () => number): string {
  const digits = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?Z$/.exec(startedAt);
  if (digits === null) {
    throw new DataError({
      en: `run store: startedAt must be a UTC time such as 2026-11-24T05:30:12Z, got "${startedAt}". Give one.`,
      ja: `run store: startedAt には 2026-11-24T05:30:12Z のような UTC の時刻を指定してください(指定された値: "${startedAt}")。`,
    });
  }
  const [, year, month, day, hour, minute, second] = digits;
  const tail = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, "0");
  return `${year}${month}${day}-${hour}${minute}${second}-${tail}`;
}

/** How many ids an error names. */
const shown = 3;

/**
 * The one id a person means by an id, the beginning of one, or `latest`.
 * @param ids all ids, newest first
 * @throws DataError when none or several fit
 */
export function chooseRun(asked: string, ids: readonly string[]): string {
  if (ids.length === 0) {
    throw new DataError({
      en: `run: must be a recorded run, got "${asked}" and the store is empty. Record one with: tanren run optimizer-comparison`,
      ja: `run: "${asked}" という実行記録はありません(ストアは空です)。記録するには: tanren run optimizer-comparison`,
    });
  }
  if (asked === "latest") {
    return ids[0];
  }
  if (ids.includes(asked)) {
    return asked;
  }
  const fitting = asked === "" ? [] : ids.filter((id) => id.startsWith(asked));
  if (fitting.length === 1) {
    return fitting[0];
  }
  if (fitting.length > 1) {
    const more = fitting.length > shown ? ", …" : "";
    throw new DataError({
      en: `run: must fit one recorded run, got "${asked}", which fits ${fitting.length} (${fitting.slice(0, shown).join(", ")}${more}). Give more of the id.`,
      ja: `run: "${asked}" に当てはまる実行記録が ${fitting.length} 件あります(${fitting.slice(0, shown).join("、")}${more === "" ? "" : "、…"})。ID をもう少し長く指定してください。`,
    });
  }
  const near = nearest(asked, ids);
  const last = ids.slice(0, shown);
  const hint =
    near === undefined
      ? { en: `The last: ${last.join(", ")}.`, ja: `最近の記録: ${last.join("、")}。` }
      : { en: `Did you mean ${near}?`, ja: `${near} ではありませんか。` };
  throw new DataError({
    en: `run: must be the id of a recorded run, its beginning, or latest, got "${asked}". ${hint.en}`,
    ja: `run: 実行記録の ID、その先頭部分、または latest を指定してください(指定された値: "${asked}")。${hint.ja}`,
  });
}

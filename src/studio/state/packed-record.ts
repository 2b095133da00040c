import type { RunRecord, Series } from "../../core/record.ts";

/** Evenly spaced numbers, as a figure's x mostly are. */
interface Even {
  readonly from: number;
  readonly step: number;
  readonly count: number;
}

/** A series as it is shipped: x in a word where it is evenly spaced. */
export type PackedSeries = Omit<Series, "x"> & { readonly x: Even | number[] };

/** A record as it is shipped with the page: what was measured is rounded to {@link digits} significant digits. */
export type PackedRecord = Omit<RunRecord, "series"> & { readonly series: readonly PackedSeries[] };

/** Significant digits of a shipped number: more than a figure or a table of results shows. */
export const digits = 5;

/** Makes a record small. */
export function packRecord(record: RunRecord): PackedRecord {
  // Settings stay as they are: a run of rounded ones would be another.
  const { settings } = record;
  return { ...(rounded(record) as RunRecord), settings, series: record.series.map(packSeries) };
}

/** The record again, what was measured rounded. */
export function unpackRecord(packed: PackedRecord): RunRecord {
  return { ...packed, series: packed.series.map((series) => ({ ...series, x: spread(series.x) })) };
}

function packSeries(series: Series): PackedSeries {
  const { x } = series;
  const step = x.length > 1 ? x[1] - x[0] : 1;
  const even = x.every((value, i) => value === x[0] + i * step);
  return { ...(rounded(series) as Series), x: even && x.length > 0 ? { from: x[0], step, count: x.length } : x };
}

function spread(x: Even | number[]): number[] {
  return Array.isArray(x) ? x : Array.from({ length: x.count }, (_, i) => x.from + i * x.step);
}

/** Every number within, rounded; whole numbers stay. */
function rounded(value: unknown): unknown {
  if (typeof value === "number") {
    return Number.isInteger(value) || !Number.isFinite(value) ? value : Number(value.toPrecision(digits));
  }
  if (Array.isArray(value)) {
    return value.map(rounded);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, rounded(part)]))
    : value;
}

import { meanOf } from "../core/long-lists.ts";
import type { Tags } from "../core/note.ts";
import type { Recorded, Series } from "../core/record.ts";

/** The series of a run and metric; undefined while nothing of it is recorded. */
export function seriesOf(record: Pick<Recorded, "series">, run: string, metric: string): Series | undefined {
  return record.series.find((series) => series.run === run && series.metric === metric);
}

/** The last value of a metric of a run; null where there is none. */
export function lastOf(record: Pick<Recorded, "series">, run: string, metric: string): number | null {
  return seriesOf(record, run, metric)?.y.at(-1) ?? null;
}

/** The names of the runs that a record holds, in their order. */
export function runsOf({ series }: Pick<Recorded, "series">): string[] {
  return [...new Set(series.map(({ run }) => run))];
}

/** Values as figures take them: what a record has no number for was none (the run diverged), and not merely missing. */
export function drawn(values: readonly (number | null)[]): number[] {
  return values.map((value) => value ?? Number.NaN);
}

/** Mean of the last hundred losses that are numbers; null when the last one is not. */
export function meanOfEnd(losses: readonly (number | null)[]): number | null {
  const last = losses.slice(-100);
  return last.at(-1) == null ? null : meanOf(last.filter((value) => value !== null));
}

/** What a run is called where several stand together: its name, and those tags that the name does not tell. */
export function runName({ run, tags }: { readonly run: string; readonly tags: Tags }): string {
  const told = Object.entries(tags).filter(([, value]) => !run.endsWith(`=${value}`));
  return [run, ...told.map(([key, value]) => `${key}=${tagText(value)}`)].join(" ");
}

/** A tag's value as it is read: a number with three digits, a word as it is. */
export function tagText(value: Tags[string]): string {
  return typeof value === "number" ? value.toPrecision(3) : value;
}

import type { DataOrigin } from "../core/data-origin.ts";
import { DataError } from "../core/errors.ts";
import { resolve, written } from "../core/hyper.ts";
import type { RunRecord } from "../core/record.ts";
import type { Experiment, ResultTable } from "../runs/experiment.ts";

/** A record of a comparison. */
export interface Compared {
  readonly id: string;
  /** What a person calls it; its id when absent. */
  readonly name?: string;
  readonly record: RunRecord;
}

/** What differs between runs: a row a setting, a column a run. Rows on which all agree are left out. */
export function differences(runs: readonly Compared[]): ResultTable {
  const facts = runs.map(({ record }) => factsOf(record));
  const names = [...new Set(facts.flatMap((values) => Object.keys(values)))];
  const rows = names
    .map((name) => [name, ...facts.map((values) => values[name] ?? null)])
    .filter(([, ...values]) => new Set(values).size > 1);
  return { columns: [{ en: "differs", ja: "異なる点" }, ...runs.map(({ id, name }) => name ?? id)], rows };
}

/**
 * Several records of one experiment as one, each run's name followed by what tells its record apart (or by its id), so
 * that the experiment draws them together.
 * @throws DataError when they are of different experiments
 */
export function merged(runs: readonly Compared[]): RunRecord {
  const [first] = runs;
  const stranger = runs.find(({ record }) => record.experiment !== first.record.experiment);
  if (stranger !== undefined) {
    throw new DataError({
      en: `compare: runs must be of one experiment, got ${first.record.experiment} (${first.id}) and ${stranger.record.experiment} (${stranger.id}). Compare runs of the same one.`,
      ja: `compare: 比べられるのは同じ実験の記録だけです(${first.record.experiment}(${first.id})と ${stranger.record.experiment}(${stranger.id})が指定されています)。`,
    });
  }
  const unique = labelsOf(runs);
  const renamed = <T extends { readonly run: string }>(items: readonly T[], i: number): T[] =>
    items.map((item) => ({ ...item, run: `${item.run} (${unique[i]})` }));
  return {
    ...first.record,
    series: runs.flatMap(({ record }, i) => renamed(record.series, i)),
    histograms: runs.flatMap(({ record }) => record.histograms),
    checks: runs.flatMap(({ record }) => record.checks),
    events: runs.flatMap(({ record }, i) => renamed(record.events, i)),
  };
}

/** What tells each record from the others: the settings that differ, short of room its name or the end of its id. */
export function labelsOf(runs: readonly Compared[]): string[] {
  const { rows } = differences(runs);
  const labels = runs.map(({ id, name }, i) => {
    const told = rows
      .filter(([name]) => name !== "kernels" || rows.length === 1)
      .map((row) => `${row[0]}=${row[i + 1]}`)
      .join(" ");
    return told === "" || told.length > 32 ? (name ?? id.slice(-4)) : told;
  });
  const ids = runs.map(({ id }) => id);
  const ends = ids.map((id) => id.slice(-4));
  return [labels, ends].find((names) => new Set(names).size === names.length) ?? ids;
}

/** Shorter than `originText`: the name and what tells it from another of that name. */
function dataName({ name, fingerprint }: DataOrigin): string {
  return `${name} ${fingerprint.slice(0, 8)}`;
}

function factsOf({ preset, seed, settings, engine, tanren, data = [] }: RunRecord): Record<string, string | number> {
  return {
    seed,
    preset,
    kernels: engine.kernels,
    dtype: engine.dtype,
    // Of a record that does not say, nothing is known.
    ...(data.length === 0 ? {} : { data: data.map(dataName).join(", ") }),
    tanren,
    // As one types them: 0.03, not the 0.03000 of a measured number.
    ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, written(value)])),
  };
}

/** Names of the settings in which a run differs from the book's, of which texts and lessons were written; `seed` among them. */
export function changedSettings(
  { settings }: Experiment,
  record: Pick<RunRecord, "settings"> & Partial<Pick<RunRecord, "seed">>,
): string[] {
  const book = resolve(settings, {});
  const changed = Object.keys(settings).filter(
    (name) => written(record.settings[name] ?? book[name]) !== written(book[name]),
  );
  return (record.seed ?? 0) === 0 ? changed : [...changed, "seed"];
}

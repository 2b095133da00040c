import { resolve, written } from "../core/hyper.ts";
import type { RunRecord } from "../core/record.ts";
import type { Experiment } from "../runs/experiment.ts";

/** Names of the settings in which a run differs from the book's, of which texts and lessons were written. */
export function changedSettings({ settings }: Experiment, record: Pick<RunRecord, "settings">): string[] {
  const book = resolve(settings, {});
  return Object.keys(settings).filter((name) => written(record.settings[name] ?? book[name]) !== written(book[name]));
}

import { type HyperValue, resolve, written } from "../../core/hyper.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";

/** A setting in which a figure is of something else than what stands beside it. */
export interface StaleSetting {
  readonly name: string;
  /** What the figure is of. */
  readonly shown: string;
  readonly now: string;
}

/** What would be run now. `seeds`: the last seed of a range, null for one run. */
export interface Wanted {
  readonly settings: Settings;
  readonly seed: number;
  readonly seeds: number | null;
  readonly dtype: Dtype;
}

/**
 * In what a record differs from what would be run now: settings first, then seed and element type.
 * @param first the first record of the range of seeds that is shown, whose last `record` is
 */
export function staleSettings(
  experiment: Experiment,
  record: RunRecord,
  wanted: Wanted,
  first: Pick<RunRecord, "seed"> = record,
): StaleSetting[] {
  const shown = settingsOf(experiment, record.settings);
  const settings = Object.keys(experiment.settings)
    .filter((name) => written(shown[name]) !== written(wanted.settings[name]))
    .map((name) => ({ name, shown: text(shown[name]), now: text(wanted.settings[name]) }));
  const seeds = wanted.seeds === null ? String(wanted.seed) : `${wanted.seed}..${wanted.seeds}`;
  const others = [
    {
      name: "seed",
      shown: first.seed === record.seed ? String(record.seed) : `${first.seed}..${record.seed}`,
      now: seeds,
    },
    { name: "dtype", shown: record.engine.dtype, now: wanted.dtype },
  ];
  return [...settings, ...others.filter((one) => one.shown !== one.now)];
}

/** A record's settings, complete; those of a version with other settings as far as they are known here. */
export function settingsOf(experiment: Experiment, settings: Settings): Settings {
  const known = Object.fromEntries(
    Object.entries(settings).filter(([name]) => Object.hasOwn(experiment.settings, name)),
  );
  try {
    return resolve(experiment.settings, known);
  } catch {
    return { ...resolve(experiment.settings, {}), ...known };
  }
}

const text = (value: HyperValue) => written(value) || "–";

import type { RunRecord } from "../../core/record.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";

/** A record of nothing yet, for the figures' axes before the first run. */
export function emptyRecord(experiment: Experiment, settings: Settings, seed: number): RunRecord {
  return {
    tanren: "",
    experiment: experiment.id,
    preset: "book",
    seed,
    settings,
    engine: { kernels: "", dtype: "float32", workers: 0 },
    startedAt: "",
    seconds: { total: 0, train: 0 },
    series: [],
    histograms: [],
    checks: [],
    events: [],
  };
}

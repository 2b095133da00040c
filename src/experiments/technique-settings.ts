import { resolve } from "../core/hyper.ts";
import type { Settings } from "../runs/experiment.ts";
import { askableTechniques } from "../train/techniques/open.ts";
import { perRun, settingsOfRun } from "./per-run.ts";

/** The techniques of training stand under this name among an experiment's settings: `training.clipNorm`. */
export const techniqueGroup = "training";

/** The techniques of training as settings of an experiment. */
export const trainingSettings = perRun([{ label: techniqueGroup, hyper: askableTechniques }]);

/** Those that the settings ask for: values that are not the defaults. Undefined where there are none. */
export function techniquesAsked(settings: Settings): Readonly<Record<string, unknown>> | undefined {
  const usual: Readonly<Record<string, unknown>> = resolve(askableTechniques, {});
  const asked = Object.entries(settingsOfRun(settings, techniqueGroup)).filter(
    ([name, value]) => value !== usual[name],
  );
  return asked.length === 0 ? undefined : Object.fromEntries(asked);
}

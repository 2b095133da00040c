import type { HyperSet } from "../../core/hyper.ts";
import { fitSettings } from "../../model/fit-settings.ts";
import { networkSettings, searchableBeside } from "./network-settings.ts";

/** Of a network's settings those that say nothing of a table: it is used whole, and weights begin as fits the activations. */
export const notOfTables: readonly string[] = ["trainRows", "weightInit"];

/**
 * What may be fixed or searched of a network on a table: all that `tanren train` knows, by the same words, beside what says
 * the layers. `validation` is another word for `validationShare`.
 */
export const tableSettings: HyperSet = {
  ...fitSettings,
  ...Object.fromEntries(Object.entries(networkSettings).filter(([name]) => !notOfTables.includes(name))),
  validation: networkSettings.validationShare,
};

/** Every name that may be fixed or searched of a network on a table. */
export const searchableOfTables: HyperSet = searchableBeside(tableSettings);

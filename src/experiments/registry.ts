import { HyperError, suggest, suggestName } from "../core/errors.ts";
import type { Experiment } from "../runs/experiment.ts";
import { ownData } from "./own-data/own-data.ts";
import { sandbox } from "./sandbox/sandbox.ts";
import { taught } from "./taught.ts";

export { chapter, nextPages, taught } from "./taught.ts";

/** What can be run beside the chapter: found by its name only. */
const beside: readonly Experiment[] = [sandbox, ownData];

/** @throws HyperError that suggests the nearest id */
export function experimentNamed(id: string): Experiment {
  const found = [...taught, ...beside].find((experiment) => experiment.id === id);
  if (found === undefined) {
    const ids = taught.map((experiment) => experiment.id);
    throw new HyperError({
      en: `experiment: must be a known experiment, got "${id}". ${suggest(id, ids)}`,
      ja: `experiment: "${id}" という実験はありません。${suggestName(id, ids).ja}`,
    });
  }
  return found;
}

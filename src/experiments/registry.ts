import { HyperError, suggest, suggestName } from "../core/errors.ts";
import type { Experiment } from "../runs/experiment.ts";
import { experiments } from "./ch06/index.generated.ts";
import { nextPages as next } from "./next/index.generated.ts";
import { ownData } from "./own-data/own-data.ts";
import { sandbox } from "./sandbox/sandbox.ts";

const bySection = (some: readonly Experiment[]): readonly Experiment[] =>
  some.toSorted((a, b) => a.section.localeCompare(b.section, "en", { numeric: true }));

/** All experiments, in the order of the book. */
export const chapter = bySection(experiments);

/** What the chapter goes on with, in its manner; `run all` does not run it. */
export const nextPages = bySection(next);

/** All that are taught, each with a page and a lesson. */
export const taught: readonly Experiment[] = [...chapter, ...nextPages];

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

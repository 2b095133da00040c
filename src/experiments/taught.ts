import type { Experiment } from "../runs/experiment.ts";
import { experiments } from "./ch06/index.generated.ts";
import { nextPages as next } from "./next/index.generated.ts";

const bySection = (some: readonly Experiment[]): readonly Experiment[] =>
  some.toSorted((a, b) => a.section.localeCompare(b.section, "en", { numeric: true }));

/** All experiments, in the order of the book. */
export const chapter = bySection(experiments);

/** What the chapter goes on with, in its manner; `run all` does not run it. */
export const nextPages = bySection(next);

/** All that are taught, each with a page and a lesson. */
export const taught: readonly Experiment[] = [...chapter, ...nextPages];

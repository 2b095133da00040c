import type { Component } from "svelte";
import type { Session } from "../state/session.svelte.ts";

type Lab = Component<{ session: Session }>;

/** What an experiment's page has beside settings, figures and text: loaded with that page only. */
export interface LabPlaces {
  /** Above the figures. */
  readonly before?: () => Promise<{ readonly default: Lab }>;
  /** Below the results. */
  readonly after?: () => Promise<{ readonly default: Lab }>;
}

const microscope: LabPlaces = { after: () => import("./microscope/Microscope.svelte") };

const labs: Readonly<Record<string, LabPlaces>> = {
  "optimizer-paths": { before: () => import("./paths/PathsLab.svelte") },
  "optimizer-comparison": { ...microscope, before: () => import("../editor/RuleCard.svelte") },
  "init-comparison": microscope,
  "batchnorm-scales": microscope,
  "weight-decay": microscope,
  dropout: microscope,
  "hyperparameter-search": { before: () => import("./search/SearchLab.svelte") },
};

export function labOf(experiment: string): LabPlaces | undefined {
  return labs[experiment];
}

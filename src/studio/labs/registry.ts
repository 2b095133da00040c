import type { Component } from "svelte";
import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { Session } from "../state/session.svelte.ts";

type Part = () => Promise<{ readonly default: Component<{ session: Session }> }>;

/** What an experiment's page has beside settings, figures and text: loaded with that page only. */
export interface LabPlaces {
  /** In the figure's place, with a transport of its own: the lesson's view `lab`. */
  readonly stage?: Part;
  /** In the settings' place. */
  readonly settings?: () => Promise<{
    readonly default: Component<{ session: Session; elsewhere?: readonly string[] }>;
  }>;
  /** Beside the figure, a tab each. */
  readonly tabs?: readonly { readonly id: string; readonly name: Text; readonly load: Part }[];
  /** The numbers of what the stage shows, which no run is needed for. */
  readonly record?: () => Promise<(session: Session) => RunRecord | null>;
}

const microscope = {
  id: "inside",
  name: { en: "Inside", ja: "内部" },
  load: () => import("./microscope/Microscope.svelte"),
};

const labs: Readonly<Record<string, LabPlaces>> = {
  "optimizer-paths": {
    stage: () => import("./paths/PathsStage.svelte"),
    settings: () => import("./paths/PathsSettings.svelte"),
    tabs: [
      { id: "numbers", name: { en: "Numbers", ja: "数値" }, load: () => import("./paths/PathsNumbers.svelte") },
      { id: "rule", name: { en: "Own rule", ja: "自作の更新則" }, load: () => import("./paths/PathsRule.svelte") },
      { id: "surface", name: { en: "Surface", ja: "曲面" }, load: () => import("./paths/PathsSurface.svelte") },
    ],
    record: async () => (await import("./paths/lab-record.ts")).labRecord,
  },
  "optimizer-comparison": {
    tabs: [
      microscope,
      { id: "rule", name: { en: "Own rule", ja: "自作の更新則" }, load: () => import("../editor/RuleCard.svelte") },
    ],
  },
  "init-comparison": { tabs: [microscope] },
  "batchnorm-scales": { tabs: [microscope] },
  "weight-decay": { tabs: [microscope] },
  dropout: { tabs: [microscope] },
  "hyperparameter-search": {
    tabs: [{ id: "map", name: { en: "Search map", ja: "探索範囲" }, load: () => import("./search/SearchLab.svelte") }],
  },
};

export function labOf(experiment: string): LabPlaces | undefined {
  return labs[experiment];
}

import { written } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";
import type { Experiment } from "../../runs/experiment.ts";
import type { ShelfSummary } from "../../web/shelf/shelf.ts";
import { differences } from "./experiment-link.ts";
import { settingsOf } from "./stale.ts";

/** In what a run's settings are other than the book's, as a person tells runs apart by. */
export function whatDiffers(
  experiment: Experiment,
  { preset, settings }: Pick<ShelfSummary, "preset" | "settings">,
): Text {
  const told = differences(experiment, {
    preset: Object.hasOwn(experiment.presets, preset) ? preset : "book",
    settings: settingsOf(experiment, settings),
  }).map(({ name, value }) => `${name}=${written(value)}`);
  const words = [...(preset === "book" ? [] : [preset]), ...told].join(" ");
  return words === "" ? { en: "as in the book", ja: "本のとおり" } : words;
}

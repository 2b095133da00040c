import { resolve, written } from "../../core/hyper.ts";
import type { Text } from "../../core/text.ts";
import type { Experiment } from "../../runs/experiment.ts";
import type { ShelfSummary } from "../../web/shelf/shelf.ts";
import { differences } from "./experiment-link.ts";

/** In what a run's settings are other than the book's, as a person tells runs apart by. */
export function whatDiffers(
  experiment: Experiment,
  { preset, settings }: Pick<ShelfSummary, "preset" | "settings">,
): Text {
  const base = resolve(experiment.settings, {});
  // Recorded by a version with other settings: those that are known here.
  const known = Object.entries(settings).filter(([name]) => Object.hasOwn(base, name));
  const told = differences(experiment, {
    preset: Object.hasOwn(experiment.presets, preset) ? preset : "book",
    settings: { ...base, ...Object.fromEntries(known) },
  }).map(({ name, value }) => `${name}=${written(value)}`);
  const words = [...(preset === "book" ? [] : [preset]), ...told].join(" ");
  return words === "" ? { en: "as in the book", ja: "本のとおり" } : words;
}

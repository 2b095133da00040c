import type { Settings } from "../../runs/experiment.ts";
import { mnistShape } from "../mnist-settings.ts";
import type { NetworkSketch } from "../sketch.ts";
import { checkRate, optimizerOf } from "./chosen-rule.ts";
import { layersOf } from "./layers-of.ts";
import { runName } from "./name.ts";
import { typedRule, valuesOf } from "./settings.ts";

/** The network of the settings; none where a file that only the page has says how wide its rows are. */
export function sandboxSketch(settings: Settings): NetworkSketch[] {
  const { data, inputs, classes, network, batchSize, rule } = valuesOf(settings);
  if (data === "csv" || data === "idx") {
    return [];
  }
  const shape = data === "mnist" ? mnistShape : { inputSize: inputs.length, classes };
  const layers = layersOf({ data, network }, shape);
  const chosen = optimizerOf(settings);
  checkRate(settings, chosen);
  const { name } = chosen.optimizer;
  const typed = String(settings.optimizer) === typedRule ? { rule } : {};
  return [{ run: runName, tags: {}, layers, optimizer: name, ...typed, batchSize }];
}

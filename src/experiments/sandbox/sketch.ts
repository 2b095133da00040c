import { decodePoints, planePoints } from "../../data/drawn-points.ts";
import { toySets } from "../../data/toy.ts";
import { valueSetNames } from "../../data/toy-values.ts";
import type { Settings } from "../../runs/experiment.ts";
import { mnistShape } from "../mnist-settings.ts";
import type { NetworkSketch } from "../sketch.ts";
import { checkRate, optimizerOf } from "./chosen-rule.ts";
import { layersOf } from "./layers-of.ts";
import { runName } from "./name.ts";
import { type SandboxValues, typedRule, valuesOf } from "./settings.ts";

/** The network of the settings; none where a file that only the page has says how wide its rows are. */
export function sandboxSketch(settings: Settings): NetworkSketch[] {
  const values = valuesOf(settings);
  const { data, inputs, network, batchSize, rule } = values;
  if (data === "csv" || data === "idx") {
    return [];
  }
  const shape = data === "mnist" ? mnistShape : { inputSize: inputs.length, classes: planeOutputs(values) };
  const layers = layersOf({ data, network }, shape);
  const chosen = optimizerOf(settings);
  checkRate(settings, chosen);
  const { name } = chosen.optimizer;
  const typed = String(settings.optimizer) === typedRule ? { rule } : {};
  return [{ run: runName, tags: {}, layers, optimizer: name, ...typed, batchSize }];
}

/** Outputs for points of the plane: one a class, or one for a number. */
function planeOutputs({ data, drawn, toy, classes }: SandboxValues): number {
  if (data === "drawn") {
    return Math.max(2, planePoints(decodePoints(drawn)).classes);
  }
  return valueSetNames.includes(toy) ? 1 : (toySets.find(({ name }) => name === toy)?.classes ?? classes);
}

import { buildNetwork, parseNetwork } from "../../nn/network-text.ts";
import type { Settings } from "../../runs/experiment.ts";
import { mnistShape } from "../mnist-settings.ts";
import type { NetworkSketch } from "../sketch.ts";
import { checkSize } from "./check-size.ts";
import { checkRate, optimizerOf } from "./chosen-rule.ts";
import { runName } from "./name.ts";
import { typedRule, valuesOf } from "./settings.ts";

/** The network of the settings; none where a file that only the page has says how wide its rows are. */
export function sandboxSketch(settings: Settings): NetworkSketch[] {
  const { data, inputs, classes, network, batchSize, rule } = valuesOf(settings);
  if (data === "csv" || data === "idx") {
    return [];
  }
  const shape = data === "mnist" ? mnistShape : { inputSize: inputs.length, classes };
  const specs = parseNetwork(network);
  checkSize(specs, shape.inputSize, shape.classes);
  const layers = buildNetwork(specs, { ...shape, dropoutVariant: "inverted" });
  const chosen = optimizerOf(settings);
  checkRate(settings, chosen);
  const { name } = chosen.optimizer;
  const typed = String(settings.optimizer) === typedRule ? { rule } : {};
  return [{ run: runName, tags: {}, layers, optimizer: name, ...typed, batchSize }];
}

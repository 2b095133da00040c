import { sandbox } from "../../experiments/sandbox/sandbox.ts";
import type { ModelState } from "../../model/model-state.ts";
import type { PlacedLayer } from "../../model/placed-layers.ts";
import { isWeighted, type LayerSpec, layerWords } from "../../nn/layer-words.ts";
import { printNetwork } from "../../nn/network-text.ts";
import { optimizers } from "../../optim/registry.ts";

/**
 * Settings of the sandbox, as text, that are a model's network and how it was trained; null where one of them is none that
 * the sandbox takes.
 */
export function sandboxSettingsOf({
  layers,
  training,
}: Pick<ModelState, "layers" | "training">): Readonly<Record<string, string>> | null {
  if (!layers.every(hasWords)) {
    return null;
  }
  const specs = layers.slice(0, -1).flatMap(specsOf);
  const params: Record<string, string> = { network: printNetwork(specs) };
  const rule = optimizers.find(({ name }) => name === training?.optimizer.name);
  if (training !== null && rule !== undefined) {
    params.optimizer = rule.label;
    for (const [name, value] of Object.entries(training.optimizer.hyper)) {
      params[`${rule.label}.${name}`] = String(value);
    }
    params.batchSize = String(training.batchSize);
    params.weightDecay = String(training.weightDecay);
  }
  try {
    for (const [name, value] of Object.entries(params)) {
      sandbox.settings[name].parse(value, name);
    }
  } catch {
    return null;
  }
  return layers.at(-1)?.kind === "affine" ? params : null;
}

/** Whether a text can make it: a block's text counts back to a layer with weights, and knows no block within another. */
function hasWords(layer: PlacedLayer): boolean {
  return (
    layer.kind !== "residual" ||
    (isWeighted(layer.layers[0]) && layer.layers.every((within) => within.kind !== "residual"))
  );
}

/** A layer in the sandbox's words, with its numbers as a model's file names them. */
function specsOf(layer: PlacedLayer): LayerSpec[] {
  const kind = layer.kind === "batchNorm" ? "batchnorm" : layer.kind;
  const within = layer.kind === "residual" ? layer.layers.flatMap(specsOf) : [];
  const own = layer.kind === "residual" ? { layers: layer.layers.filter(isWeighted).length } : { units: layer.outputs };
  const kept: Readonly<Record<string, unknown>> = { ...layer, ...own };
  const numbers = Object.keys(layerWords[kind].numbers).map((name) => [name, kept[name]]);
  return [...within, { kind, ...Object.fromEntries(numbers) } as LayerSpec];
}

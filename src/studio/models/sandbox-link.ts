import { sandbox } from "../../experiments/sandbox/sandbox.ts";
import type { ModelState } from "../../model/model-state.ts";
import type { PlacedLayer } from "../../model/placed-layers.ts";
import { type LayerSpec, printNetwork } from "../../nn/network-text.ts";
import { optimizers } from "../../optim/registry.ts";
import { hashOf } from "../state/route.svelte.ts";

/**
 * A link to the sandbox with a model's network and how it was trained; null where the sandbox has no words for one of its
 * layers.
 */
export function sandboxLink({ layers, training }: Pick<ModelState, "layers" | "training">): string | null {
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
  return layers.at(-1)?.kind === "affine" ? hashOf(sandbox.id, params) : null;
}

/** A layer in the sandbox's words; its kind alone where there may be none. */
function specsOf(layer: PlacedLayer): LayerSpec[] {
  const { kind } = layer;
  switch (kind) {
    case "affine":
      return [{ kind, units: layer.outputs }];
    case "batchNorm":
      return [{ kind: "batchnorm" }];
    case "dropout":
      return [{ kind, dropRatio: layer.dropRatio }];
    case "residual":
      return [...layer.layers.flatMap(specsOf), { kind, survival: layer.survival }];
    default:
      return [{ kind } as LayerSpec];
  }
}

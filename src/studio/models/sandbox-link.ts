import { sandbox } from "../../experiments/sandbox/sandbox.ts";
import type { ModelState } from "../../model/model-state.ts";
import { type LayerSpec, printNetwork } from "../../nn/network-text.ts";
import { optimizers } from "../../optim/registry.ts";
import { hashOf } from "../state/route.svelte.ts";

/**
 * A link to the sandbox with a model's network and how it was trained; null where the sandbox has no words for one of its
 * layers.
 */
export function sandboxLink({ layers, training }: Pick<ModelState, "layers" | "training">): string | null {
  const specs: LayerSpec[] = [];
  for (const layer of layers.slice(0, -1)) {
    const { kind } = layer;
    if (kind === "affine") {
      specs.push({ kind, units: layer.outputs });
    } else if (kind === "batchNorm") {
      specs.push({ kind: "batchnorm" });
    } else if (kind === "dropout") {
      specs.push({ kind, dropRatio: layer.dropRatio });
    } else {
      specs.push({ kind } as LayerSpec);
    }
  }
  const params: Record<string, string> = { network: printNetwork(specs).replaceAll("\n", "; ") };
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

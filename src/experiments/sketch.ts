import type { Layer } from "../nn/layer.ts";
import { type MlpSpec, mlp } from "../nn/mlp.ts";
import type { Experiment, Settings, Task } from "../runs/experiment.ts";
import { customRuleOf, customRun, type RuleOfTask } from "./custom-rule.ts";
import { mnistShape } from "./mnist-settings.ts";
import { optimizersInOrder } from "./optimizers-in-order.ts";

/**
 * A network that a run would train, without its weights and without its place in the random stream: what no run can be made
 * of is refused by it, before anything is begun.
 */
export interface NetworkSketch extends Task, Omit<RuleOfTask, "hyper"> {
  readonly layers: readonly Layer[];
  readonly batchSize: number;
}

/** A sketch of a fully connected network. */
export function sketchOf(
  run: string,
  { network, ...rest }: { readonly network: MlpSpec; readonly batchSize: number } & Omit<RuleOfTask, "hyper">,
): NetworkSketch {
  return { run, tags: {}, layers: mlp(network), ...rest };
}

/** Whether a sketch is of a network; the others have their `bytes`. */
export function isNetwork(sketch: Task): sketch is NetworkSketch {
  return Array.isArray(sketch.layers);
}

/** What a run with these settings would place in memory, a sketch of each kind of task. */
export function sketches(experiment: Pick<Experiment, "sketch">, settings: Settings): readonly Task[] {
  return experiment.sketch?.(settings) ?? usualSketches(settings);
}

/** The network that `hiddenSizes` and `batchSize` describe, with each of the update rules that the settings name: SGD where none. */
function usualSketches(settings: Settings): NetworkSketch[] {
  const { hiddenSizes, batchSize = 1 } = settings;
  if (!Array.isArray(hiddenSizes)) {
    return [];
  }
  const network = { ...mnistShape, hiddenSizes };
  return rulesOf(settings).map(({ run, ...rule }) => sketchOf(run, { network, batchSize: Number(batchSize), ...rule }));
}

function rulesOf(settings: Settings): { run: string; optimizer: string; rule?: string }[] {
  const named = [settings.optimizers ?? settings.optimizer ?? "sgd"].flat().map(String);
  const custom = customRuleOf(settings);
  return [
    ...optimizersInOrder
      .filter(({ name, label }) => named.includes(label) || named.includes(name))
      .map(({ name, label }) => ({ run: label, optimizer: name })),
    ...(custom === null ? [] : [{ run: customRun, optimizer: customRun, rule: custom.task.rule }]),
  ];
}

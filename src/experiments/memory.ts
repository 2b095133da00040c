import { mostBytes } from "../core/arena.ts";
import { HyperError } from "../core/errors.ts";
import type { Dtype } from "../core/tensor.ts";
import { bytesFor } from "../kernels/planned.ts";
import { mlp } from "../nn/mlp.ts";
import { Sequential } from "../nn/sequential.ts";
import type { Optimizer } from "../optim/optimizer.ts";
import { Updater } from "../optim/updater.ts";
import type { Settings } from "../runs/experiment.ts";
import { customRuleOf } from "./custom-rule.ts";
import { mnistShape } from "./mnist-settings.ts";
import { optimizersInOrder } from "./optimizers-in-order.ts";

/** Settings whose networks do not fit into the memory. */
export class MemoryError extends HyperError {
  override name = "MemoryError";
}

/**
 * Bytes that the largest network of a run takes at least, by its settings `hiddenSizes` and `batchSize`: parameters and
 * gradients, the update rule's state, a minibatch and what each layer keeps of it. 0 where there are no such settings.
 */
export function memoryNeeded(settings: Settings, dtype: Dtype): number {
  const { hiddenSizes, batchSize = 1 } = settings;
  if (!Array.isArray(hiddenSizes)) {
    return 0;
  }
  const layers = mlp({ ...mnistShape, hiddenSizes });
  const rules = rulesOf(settings);
  return Math.max(
    ...(rules.length === 0 ? [null] : rules).map((optimizer) =>
      bytesFor(dtype, (kernels) => {
        const { params, grads, parameters } = new Sequential({ kernels, layers, maxRows: Number(batchSize) });
        if (optimizer !== null) {
          new Updater({ optimizer, kernels, params, grads, segments: parameters });
        }
      }),
    ),
  );
}

function rulesOf(settings: Settings): Optimizer[] {
  const named = [settings.optimizers ?? settings.optimizer ?? []].flat().map(String);
  const custom = customRuleOf(settings);
  return [
    ...optimizersInOrder.filter(({ name, label }) => named.includes(label) || named.includes(name)),
    ...(custom === null ? [] : [custom.optimizer]),
  ];
}

/**
 * Refuses settings whose network cannot fit.
 * @param available bytes that are free; Infinity where nobody can say
 * @throws MemoryError saying how much is needed and how much there is
 */
export function checkMemory(settings: Settings, dtype: Dtype, available: number): void {
  const needed = memoryNeeded(settings, dtype);
  const most = Math.min(available, mostBytes);
  if (needed <= most) {
    return;
  }
  const [need, have] = [sizeText(needed), sizeText(most)];
  throw new MemoryError(
    available < mostBytes
      ? {
          en: `memory: the settings' network must fit into the ${have} that are free, got one of ${need}. Make hiddenSizes or batchSize smaller.`,
          ja: `この設定のネットワークには${need}のメモリが必要ですが、空きは${have}です。hiddenSizes か batchSize を小さくしてください。`,
        }
      : {
          en: `memory: a network may take at most ${have}, got one of ${need}. Make hiddenSizes or batchSize smaller.`,
          ja: `1つのネットワークが使えるメモリは${have}までですが、この設定では${need}必要です。hiddenSizes か batchSize を小さくしてください。`,
        },
  );
}

function sizeText(bytes: number): string {
  const gib = bytes / 2 ** 30;
  return gib >= 1 ? `${gib.toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

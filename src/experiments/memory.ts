import { mostBytes } from "../core/arena.ts";
import { HyperError } from "../core/errors.ts";
import { largestOf } from "../core/long-lists.ts";
import type { Dtype } from "../core/tensor.ts";
import { inLanguage } from "../core/text.ts";
import { bytesFor } from "../kernels/planned.ts";
import { Sequential } from "../nn/sequential.ts";
import { Updater } from "../optim/updater.ts";
import type { Experiment, Settings } from "../runs/experiment.ts";
import { techniquesOf } from "../train/technique-settings.ts";
import type { Techniques } from "../train/techniques.ts";
import { optimizerOfTask } from "./custom-rule.ts";
import { isNetwork, type NetworkSketch, sketches } from "./sketch.ts";
import { techniquesAsked } from "./technique-settings.ts";

/** Settings whose networks do not fit into the memory. */
export class MemoryError extends HyperError {
  override name = "MemoryError";
}

/**
 * Bytes that the largest of a run's tasks takes at least: parameters and gradients, the update rule's state, a minibatch and
 * what each layer keeps of it. 0 where the settings say nothing of it.
 * @throws HyperError where a group of parameters names none, naming the run
 */
export function memoryNeeded(experiment: Pick<Experiment, "sketch">, settings: Settings, dtype: Dtype): number {
  const asked = techniquesAsked(settings) ?? {};
  const { groups } = techniquesOf({ groups: String(asked.groups ?? "") });
  return largestOf(
    sketches(experiment, settings).map((sketch) =>
      isNetwork(sketch) ? bytesOf(sketch, dtype, groups) : ((sketch.bytes ?? 0) * bytesPerElement[dtype]) / 8,
    ),
    0,
  );
}

const bytesPerElement: Readonly<Record<Dtype, number>> = { float32: 4, float64: 8 };

function bytesOf(sketch: NetworkSketch, dtype: Dtype, groups: Techniques["groups"]): number {
  const { run, layers, batchSize } = sketch;
  const optimizer = optimizerOfTask(sketch);
  return bytesFor(dtype, (kernels) => {
    const { params, grads, parameters } = new Sequential({ kernels, layers, maxRows: batchSize });
    try {
      new Updater({ optimizer, kernels, params, grads, segments: parameters, groups });
    } catch (error) {
      throw groups !== undefined && error instanceof HyperError ? ofRun(run, error) : error;
    }
  });
}

/** Networks of one run may have different parameters. */
function ofRun(run: string, { text }: HyperError): HyperError {
  return new HyperError({ en: `${run}: ${inLanguage(text, "en")}`, ja: `${run}: ${inLanguage(text, "ja")}` });
}

/**
 * Refuses settings whose network cannot fit.
 * @param available bytes that are free; Infinity where nobody can say
 * @throws MemoryError saying how much is needed and how much there is
 */
export function checkMemory(
  experiment: Pick<Experiment, "sketch">,
  settings: Settings,
  dtype: Dtype,
  available: number,
): void {
  const needed = memoryNeeded(experiment, settings, dtype);
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

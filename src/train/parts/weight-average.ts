import { checkOptions, finiteNumber, oneOf, wholeNumber } from "../../core/checks.ts";
import type { Tensor } from "../../core/tensor.ts";
import type { Kernels } from "../../kernels/kernels.ts";
import type { TrainingPart } from "./training-part.ts";

export type AverageOptions =
  /** Exponential moving average: keeps the share `decay` of what it was at every update. */
  | { readonly kind: "ema"; readonly decay: number }
  /** Stochastic weight averaging: the plain mean of the weights after update `from` (counted from 1) and every `every` after it. */
  | { readonly kind: "swa"; readonly from: number; readonly every: number };

/**
 * The mean of the weights along the way, to be evaluated with in place of the last ones; training itself does not see it.
 *
 * - `ema`: a ← d·a + (1 − d)·w, a = w after the first update. Polyak & Juditsky 1992 in the form of Tarvainen & Valpola 2017, eq. (2).
 * - `swa`: a ← a + (w − a)/(n + 1). Izmailov, Podoprikhin, Garipov, Vetrov & Wilson 2018, Algorithm 1.
 *
 * Running statistics of Batch Normalization stay those of the weights trained.
 */
export class WeightAverage implements TrainingPart {
  readonly name = "average";
  readonly tensors: { readonly mean: Tensor };
  private readonly kernels: Kernels;
  private readonly params: Tensor;
  private readonly options: AverageOptions;
  private updates = 0;
  private taken = 0;

  /** @param params [1, n] @param mean [1, n], room for the mean @throws HyperError */
  constructor(kernels: Kernels, params: Tensor, mean: Tensor, options: AverageOptions) {
    oneOf("average", "kind", options.kind, ["ema", "swa"]);
    if (options.kind === "ema") {
      checkOptions("average", options, { kind: true, decay: true });
      finiteNumber("average", "decay", options.decay, { min: 0, below: 1 });
    } else {
      checkOptions("average", options, { kind: true, from: true, every: true });
      wholeNumber("average", "from", options.from, { min: 1 });
      wholeNumber("average", "every", options.every, { min: 1 });
    }
    this.kernels = kernels;
    this.params = params;
    this.options = options;
    this.tensors = { mean };
  }

  /** The mean, [1, n]; null before the first weights have gone in. */
  get mean(): Tensor | null {
    return this.taken === 0 ? null : this.tensors.mean;
  }

  get numbers(): Readonly<Record<string, number>> {
    return { updates: this.updates, taken: this.taken };
  }

  restore({ updates = 0, taken = 0 }: Readonly<Record<string, number>>): void {
    this.updates = updates;
    this.taken = taken;
  }

  afterUpdate(): void {
    const { options, kernels, params } = this;
    const { mean } = this.tensors;
    this.updates++;
    if (
      options.kind === "swa" &&
      (this.updates < options.from || (this.updates - options.from) % options.every !== 0)
    ) {
      return;
    }
    const kept = this.taken === 0 ? 0 : options.kind === "ema" ? options.decay : this.taken / (this.taken + 1);
    if (kept === 0) {
      mean.data.set(params.data);
    } else {
      kernels.scale(mean, kept, mean);
      kernels.axpy(mean, 1 - kept, params);
    }
    this.taken++;
  }
}

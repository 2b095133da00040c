import { checkOptions, finiteNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { Tensor } from "../core/tensor.ts";
import type { Layer, LayerMemory, Mode } from "./layer.ts";
import { layerNames, planFusion } from "./network-plan.ts";

/**
 * A residual block: y = x + F(x), F some layers one after the other. He, Zhang, Ren & Sun 2016, eq. (1).
 *
 * Backward: dx = dy + ∂F: the gradient has a way back that nothing shrinks.
 *
 * With `survival` below 1, stochastic depth: in training F is left out of a whole minibatch with probability 1 − survival,
 * in evaluation it counts `survival` times. Huang, Sun, Liu, Sedra & Weinberger 2016, §3.
 */
export class Residual implements Layer {
  readonly kind = "residual";
  readonly inputSize: number;
  readonly outputSize: number;
  readonly layers: readonly Layer[];
  readonly survival: number;
  readonly parameters;
  readonly buffers;
  readonly batch;
  private memory!: LayerMemory;
  private dropped = false;

  /** @throws ShapeError when F does not give as many columns as it takes, HyperError when `survival` is outside (0, 1] */
  constructor(layers: readonly Layer[], options: { readonly survival?: number } = {}) {
    checkOptions("residual", options, { survival: true });
    const { survival = 1 } = options;
    const fits = layers.length > 0 && layers.every((layer, i) => layer.inputSize === layers.at(i - 1)!.outputSize);
    if (!fits) {
      const sizes = layers.map(({ kind, inputSize, outputSize }) => `${kind} ${inputSize}→${outputSize}`).join(", ");
      throw new ShapeError({
        en: `residual: the layers must follow one another and give as many columns as they take, got ${sizes || "none"}. Give the last one as many outputs as the first has inputs.`,
        ja: `residual: 層の入出力の数がつながり、最後の出力が最初の入力と同じ数でなければなりません(${sizes || "層がありません"})。`,
      });
    }
    finiteNumber("residual", "1 − survival", 1 - survival, { min: 0, below: 1 });
    this.layers = layers;
    this.survival = survival;
    this.inputSize = layers[0].inputSize;
    this.outputSize = this.inputSize;
    this.parameters = prefixed(layers, ({ parameters }) => parameters);
    this.buffers = prefixed(layers, ({ buffers }) => buffers);
    this.batch = { ...prefixed(layers, ({ batch }) => batch), y: this.inputSize, skip: this.inputSize };
  }

  attach(memory: LayerMemory): void {
    this.memory = memory;
    const names = layerNames(this.layers);
    const fusion = planFusion(this.layers);
    for (const [i, layer] of this.layers.entries()) {
      const own = <T>(of: Readonly<Record<string, unknown>>, all: Readonly<Record<string, T>>) =>
        Object.fromEntries(Object.keys(of).map((key) => [key, all[`${names[i]}.${key}`]]));
      layer.attach({
        kernels: memory.kernels,
        fusion: fusion[i],
        params: own(layer.parameters, memory.params),
        grads: own(layer.parameters, memory.grads),
        buffers: own(layer.buffers, memory.buffers),
        batch: own(layer.batch, memory.batch),
        random: memory.random,
      });
    }
  }

  forward(x: Tensor, mode: Mode): Tensor {
    const { kernels, batch } = this.memory;
    const y = batch.y.at(x.rows);
    kernels.scale(y, 1, x);
    this.dropped = mode === "train" && this.survival < 1 && this.memory.random().double() >= this.survival;
    if (!this.dropped) {
      const f = this.layers.reduce((of, layer) => layer.forward(of, mode), x);
      kernels.axpy(y, mode === "train" ? 1 : this.survival, f);
    }
    return y;
  }

  backward(dy: Tensor): Tensor {
    const { kernels, grads, batch } = this.memory;
    if (this.dropped) {
      for (const { data } of Object.values(grads)) {
        data.fill(0);
      }
      return dy;
    }
    const skip = batch.skip.at(dy.rows); // The layers may overwrite dy.
    kernels.scale(skip, 1, dy);
    const through = this.layers.reduceRight((d, layer) => layer.backward(d, "all") as Tensor, dy);
    kernels.axpy(skip, 1, through);
    return skip;
  }
}

/**
 * The chance that the block behind each width but the first is kept, null where the width changes and there is none. It falls
 * evenly from the input to `last` at the last block: layers that others build on are left out less often. Huang et al. 2016,
 * §3, eq. (4): 1 − (l/L)·(1 − p_L).
 */
export function survivalOfBlocks(widths: readonly number[], last: number): (number | null)[] {
  const around = widths.slice(1).map((width, i) => width === widths[i]);
  const blocks = around.filter(Boolean).length;
  let block = 0;
  return around.map((one) => (one ? 1 - (++block / blocks) * (1 - last) : null));
}

/** What the layers have, each thing by its layer's name and its own: `affine1.W`. */
function prefixed<T>(layers: readonly Layer[], of: (layer: Layer) => Readonly<Record<string, T>>): Record<string, T> {
  const names = layerNames(layers);
  return Object.fromEntries(
    layers.flatMap((layer, i) =>
      Object.entries(of(layer)).map(([key, value]) => [`${names[i]}.${key}`, value] as const),
    ),
  );
}

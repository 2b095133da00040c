import { checkOptions, finiteNumber, type OptionNames, oneOf, wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import { shapeOf, Tensor } from "../core/tensor.ts";
import { type WeightInit, type WeightInitName, weightInitNamed } from "../init/weights.ts";
import type { KernelSet, Kernels } from "../kernels/kernels.ts";
import { roomFor } from "../kernels/planned.ts";
import { BatchTensor, type Layer, type Mode, modes, type ParameterShape } from "./layer.ts";
import type { Loss, OpenLoss, Targets } from "./loss.ts";
import { crossEntropy } from "./losses/cross-entropy.ts";
import { checkChain, layerNames, planFusion, planParameters } from "./network-plan.ts";
import { addPenaltyGradient, penaltyOf } from "./penalty.ts";
import { type RowMix, withPartners } from "./row-mix.ts";

export interface SequentialOptions {
  /** Kernels with the arena to be placed in, or kernels to open one with that has just the room. */
  readonly kernels: KernelSet | Kernels;
  readonly layers: readonly Layer[];
  /** Largest number of rows of a batch. */
  readonly maxRows: number;
  /** Softmax with cross entropy when absent. */
  readonly loss?: Loss;
  /** L2 in the loss: ½·λ·ΣW² over every weight matrix. 0 when absent. */
  readonly weightDecay?: number;
  /** L1 in the loss: λ·Σ|W| over every weight matrix. 0 when absent. */
  readonly l1?: number;
}

const optionNames: OptionNames<SequentialOptions> = {
  kernels: true,
  layers: true,
  maxRows: true,
  loss: true,
  weightDecay: true,
  l1: true,
};

/** One learnt tensor: its value and gradient are views into the network's flat buffers. */
export interface Parameter {
  /** `affine1.W` */
  readonly name: string;
  readonly layer: string;
  readonly shape: ParameterShape;
  /** Place in the flat buffers, in elements. */
  readonly begin: number;
  readonly count: number;
  readonly value: Tensor;
  readonly grad: Tensor;
}

export interface NamedLayer {
  /** The kind and a number from 1: `affine1`, `relu1`, `affine2` … */
  readonly name: string;
  readonly layer: Layer;
  /** Output of the last forward, [m, outputSize]. */
  output: Tensor | null;
}

/**
 * Layers one after the other, with a loss at the end. All tensors lie in one arena; parameters and gradients are one flat
 * buffer each, so that an update is one call.
 */
export class Sequential {
  readonly kernels: Kernels;
  readonly layers: readonly NamedLayer[];
  readonly parameters: readonly Parameter[];
  /** [1, n] */
  readonly params: Tensor;
  /** [1, n] */
  readonly grads: Tensor;
  /** What the layers keep beside their parameters, by name: `batchNorm1.runningMean`. */
  readonly buffers = new Map<string, Tensor>();
  readonly maxRows: number;
  readonly inputSize: number;
  /** Outputs: logits of classes, unless another loss makes other sense of them. */
  readonly classes: number;
  /** The stream Dropout draws from; set it before training with Dropout. */
  random: RandomStream | null = null;
  readonly loss: OpenLoss;
  private decay = 0;
  /** λ of the L1 term. */
  private readonly l1: number;

  /** @throws ShapeError when neighbouring layers do not fit, HyperError on an option that is unknown or out of range */
  constructor(options: SequentialOptions) {
    checkOptions("network", options, optionNames);
    const { layers, maxRows, loss = crossEntropy(), weightDecay = 0, l1 = 0 } = options;
    checkChain(layers);
    wholeNumber("network", "maxRows", maxRows, { min: 1 });
    this.weightDecay = weightDecay;
    finiteNumber("network", "l1", l1, { min: 0 });
    this.l1 = l1;
    this.kernels = roomFor(options.kernels, (kernels) => new Sequential({ ...options, kernels }));
    const plan = planParameters(layers, this.kernels.dtype);
    const last = layers.at(-1)!;
    const { arena } = this.kernels;
    this.maxRows = maxRows;
    this.inputSize = layers[0].inputSize;
    this.classes = last.outputSize;
    this.params = arena.floats(1, plan.total);
    this.grads = arena.floats(1, plan.total);
    const names = layerNames(layers);
    this.layers = layers.map((layer, i) => ({ name: names[i], layer, output: null }));
    const view = ({ rows, cols }: ParameterShape, flat: Tensor, begin: number) =>
      new Tensor(rows, cols, flat.data.subarray(begin, begin + rows * cols));
    this.parameters = plan.parts.map(({ index, key, shape, begin }) => ({
      name: `${names[index]}.${key}`,
      layer: names[index],
      shape,
      begin,
      count: shape.rows * shape.cols,
      value: view(shape, this.params, begin),
      grad: view(shape, this.grads, begin),
    }));
    const fusion = planFusion(layers);
    layers.forEach((layer, index) => {
      const of = (what: "value" | "grad") =>
        Object.fromEntries(
          plan.parts.flatMap((part, p) => (part.index === index ? [[part.key, this.parameters[p][what]]] : [])),
        );
      const buffers = mapValues(layer.buffers, ({ rows, cols }) => arena.floats(rows, cols));
      for (const [key, tensor] of Object.entries(buffers)) {
        this.buffers.set(`${names[index]}.${key}`, tensor);
      }
      layer.attach({
        kernels: this.kernels,
        fusion: fusion[index],
        params: of("value"),
        grads: of("grad"),
        buffers,
        batch: mapValues(layer.batch, (cols) => new BatchTensor(arena.floats(maxRows, cols))),
        random: () => this.drawFrom(),
      });
    });
    this.loss = loss.open({
      kernels: this.kernels,
      work: new BatchTensor(arena.floats(maxRows, this.classes)),
      dx: new BatchTensor(arena.floats(maxRows, this.classes)),
    });
  }

  /** λ of the L2 term, finite and at least 0. */
  get weightDecay(): number {
    return this.decay;
  }

  set weightDecay(value: number) {
    finiteNumber("network", "weightDecay", value, { min: 0 });
    this.decay = value;
  }

  /** Draws every weight matrix in order from the stream; biases and the like get their fixed start. */
  initialize(init: WeightInitName | WeightInit, stream: RandomStream): void {
    const { draw } = weightInitNamed(init);
    if (this.kernels.arena.counts) {
      return; // The stream must not move for a network that only tells how much memory it takes.
    }
    for (const { shape, value } of this.parameters) {
      if (shape.start === "drawn") {
        draw(value, stream);
      } else {
        value.data.fill(shape.start);
      }
    }
  }

  /** x [m, inputSize] → logits [m, classes]. @throws ShapeError, HyperError on an unknown mode */
  forward(x: Tensor, mode: Mode): Tensor {
    oneOf("network", "mode", mode, modes);
    if (x.cols !== this.inputSize || x.rows > this.maxRows) {
      throw new ShapeError({
        en: `network: x must be [at most ${this.maxRows}, ${this.inputSize}], got ${shapeOf(x)}.`,
        ja: `network: x は [${this.maxRows} 行以下, ${this.inputSize}] でなければなりません(${shapeOf(x)} でした)。`,
      });
    }
    let y = x;
    for (const entry of this.layers) {
      y = entry.layer.forward(y, mode);
      entry.output = y;
    }
    return y;
  }

  /**
   * The mean loss of a batch, with the L2 term: x [m, inputSize], labels [1, m] or values [m, outputs], weights [1, m].
   * @param mix where x has been mixed with other rows: targets and weights are the rows' own
   */
  lossOf(x: Tensor, targets: Targets, mode: Mode, weights: Tensor | null = null, mix: RowMix | null = null): number {
    const outputs = this.forward(x, mode);
    let sum = this.loss.forward(outputs, targets, weights);
    if (mix !== null) {
      const other = withPartners(mix, targets, weights, () => this.loss.forward(outputs, targets, weights));
      sum = mix.share * sum + (1 - mix.share) * other;
    }
    return sum / x.rows + this.penalty();
  }

  /** Forward in training mode, then every gradient: the mean loss, ∂loss/∂parameter in {@link grads}. */
  gradient(x: Tensor, targets: Targets, weights: Tensor | null = null, mix: RowMix | null = null): number {
    const loss = this.lossOf(x, targets, "train", weights, mix);
    let dy = this.outputGradient(targets, weights, mix);
    for (let i = this.layers.length - 1; i > 0; i--) {
      dy = this.layers[i].layer.backward(dy, "all") as Tensor;
    }
    this.layers[0].layer.backward(dy, "params");
    addPenaltyGradient(this.kernels, this.parameters, this.penalties);
    return loss;
  }

  /** ∂loss/∂outputs of the last {@link lossOf}. */
  private outputGradient(targets: Targets, weights: Tensor | null, mix: RowMix | null): Tensor {
    const dy = this.loss.backward(targets, weights);
    if (mix !== null) {
      const own = dy.data.slice();
      withPartners(mix, targets, weights, () => this.loss.backward(targets, weights));
      for (let k = 0; k < own.length; k++) {
        dy.data[k] = mix.share * own[k] + (1 - mix.share) * dy.data[k];
      }
    }
    return dy;
  }

  /** The first layer whose last output holds a NaN or an Infinity, or null. */
  firstNonFinite(): string | null {
    const broken = this.layers.find(({ output }) => output !== null && !this.kernels.allFinite(output));
    return broken?.name ?? null;
  }

  /** ½·λ·ΣW² of weight decay, and λ·Σ|W| of L1 */
  penalty(): number {
    return penaltyOf(this.kernels, this.parameters, this.penalties);
  }

  private get penalties() {
    return { l2: this.decay, l1: this.l1 };
  }

  private drawFrom(): RandomStream {
    if (this.random === null) {
      throw new ShapeError({
        en: "dropout: training needs a random stream, got none. Set network.random.",
        ja: "dropout: 学習には乱数列が必要です。network.random を設定してください。",
      });
    }
    return this.random;
  }
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}

import { align } from "../core/arena.ts";
import { finiteNumber, wholeNumber } from "../core/checks.ts";
import { ShapeError } from "../core/errors.ts";
import type { RandomStream } from "../core/random.ts";
import { bytesPerElement, type Dtype, shapeOf, Tensor } from "../core/tensor.ts";
import { type WeightInit, type WeightInitName, weightInitNamed } from "../init/weights.ts";
import type { KernelSet, Kernels } from "../kernels/kernels.ts";
import { fuseActivations } from "./fuse-activations.ts";
import { BatchTensor, type Layer, type Mode, type ParameterShape } from "./layer.ts";
import type { Loss, OpenLoss, Targets } from "./loss.ts";
import { crossEntropy } from "./losses/cross-entropy.ts";

export interface SequentialOptions {
  /** The kernels to open an arena with. */
  readonly kernels: KernelSet;
  readonly layers: readonly Layer[];
  /** Largest number of rows of a batch. */
  readonly maxRows: number;
  /** Softmax with cross entropy when absent. */
  readonly loss?: Loss;
  /** L2 in the loss: ½·λ·ΣW² over every weight matrix. 0 when absent. */
  readonly weightDecay?: number;
  /** L1 in the loss: λ·Σ|W| over every weight matrix. 0 when absent. */
  readonly l1?: number;
  /** Bytes the caller will take from the arena beside: batches, an optimizer's slots. */
  readonly extraBytes?: number;
}

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
 * Layers one after the other, with a loss at the end. All tensors lie in one arena that is planned
 * here; parameters and gradients are one flat buffer each, so that an update is one call.
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

  /** @throws ShapeError when neighbouring layers do not fit, HyperError on `maxRows` or `weightDecay` */
  constructor(options: SequentialOptions) {
    const { kernels: set, layers, maxRows, loss = crossEntropy(), weightDecay = 0, l1 = 0, extraBytes = 0 } = options;
    checkChain(layers);
    wholeNumber("network", "maxRows", maxRows, { min: 1 });
    this.weightDecay = weightDecay;
    finiteNumber("network", "l1", l1, { min: 0 });
    this.l1 = l1;
    const plan = planParameters(layers, set.dtype);
    const last = layers[layers.length - 1];
    this.kernels = set.open(bytesNeeded(layers, plan.total, maxRows, set.dtype) + extraBytes);
    const { arena } = this.kernels;
    this.maxRows = maxRows;
    this.inputSize = layers[0].inputSize;
    this.classes = last.outputSize;
    this.params = arena.floats(1, plan.total);
    this.grads = arena.floats(1, plan.total);
    this.layers = nameLayers(layers);
    this.parameters = plan.parts.map(({ index, key, shape, begin }) => {
      const count = shape.rows * shape.cols;
      const view = (flat: Tensor) => new Tensor(shape.rows, shape.cols, flat.data.subarray(begin, begin + count));
      const layer = this.layers[index].name;
      return { name: `${layer}.${key}`, layer, shape, begin, count, value: view(this.params), grad: view(this.grads) };
    });
    for (const { name, layer } of this.layers) {
      this.attach(name, layer);
    }
    fuseActivations(layers);
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
    for (const { shape, value } of this.parameters) {
      if (shape.start === "drawn") {
        draw(value, stream);
      } else {
        value.data.fill(shape.start);
      }
    }
  }

  /** x [m, inputSize] → logits [m, classes]. @throws ShapeError */
  forward(x: Tensor, mode: Mode): Tensor {
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

  /** The mean loss of a batch, with the L2 term: x [m, inputSize], labels [1, m] or values [m, outputs], weights [1, m]. */
  lossOf(x: Tensor, targets: Targets, mode: Mode, weights: Tensor | null = null): number {
    const sum = this.loss.forward(this.forward(x, mode), targets, weights);
    return sum / x.rows + this.penalty();
  }

  /** Forward in training mode, then every gradient: the mean loss, ∂loss/∂parameter in {@link grads}. */
  gradient(x: Tensor, targets: Targets, weights: Tensor | null = null): number {
    const loss = this.lossOf(x, targets, "train", weights);
    let dy = this.loss.backward(targets, weights);
    for (let i = this.layers.length - 1; i > 0; i--) {
      dy = this.layers[i].layer.backward(dy, "all") as Tensor;
    }
    this.layers[0].layer.backward(dy, "params");
    if (this.weightDecay !== 0) {
      for (const { shape, value, grad } of this.parameters) {
        if (shape.decays) {
          this.kernels.axpy(grad, this.weightDecay, value);
        }
      }
    }
    if (this.l1 !== 0) {
      for (const { shape, value, grad } of this.parameters) {
        if (shape.decays) {
          addSigns(grad, this.l1, value);
        }
      }
    }
    return loss;
  }

  /** The first layer whose last output holds a NaN or an Infinity, or null. */
  firstNonFinite(): string | null {
    const broken = this.layers.find(({ output }) => output !== null && !this.kernels.allFinite(output));
    return broken?.name ?? null;
  }

  /** ½·λ·ΣW² of weight decay, and λ·Σ|W| of L1 */
  penalty(): number {
    const weights = this.parameters.filter(({ shape }) => shape.decays);
    let penalty = 0;
    if (this.weightDecay !== 0) {
      let sum = 0;
      for (const { value } of weights) {
        sum += this.kernels.sumOfSquares(value);
      }
      penalty = 0.5 * this.weightDecay * sum;
    }
    if (this.l1 !== 0) {
      for (const { value } of weights) {
        penalty += this.l1 * sumOfSizes(value);
      }
    }
    return penalty;
  }

  private attach(name: string, layer: Layer): void {
    const { arena } = this.kernels;
    const own = this.parameters.filter((p) => p.layer === name);
    const keyOf = (p: Parameter) => p.name.slice(name.length + 1);
    const buffers = mapValues(layer.buffers, ({ rows, cols }) => arena.floats(rows, cols));
    for (const [key, tensor] of Object.entries(buffers)) {
      this.buffers.set(`${name}.${key}`, tensor);
    }
    layer.attach({
      kernels: this.kernels,
      params: Object.fromEntries(own.map((p) => [keyOf(p), p.value])),
      grads: Object.fromEntries(own.map((p) => [keyOf(p), p.grad])),
      buffers,
      batch: mapValues(layer.batch, (cols) => new BatchTensor(arena.floats(this.maxRows, cols))),
      random: () => {
        if (this.random === null) {
          throw new ShapeError({
            en: "dropout: training needs a random stream, got none. Set network.random.",
            ja: "dropout: 学習には乱数列が必要です。network.random を設定してください。",
          });
        }
        return this.random;
      },
    });
  }
}

/** grad += λ·sign(w); nothing where w is 0. */
function addSigns({ data: grad }: Tensor, lambda: number, { data: w }: Tensor): void {
  for (let i = 0; i < grad.length; i++) {
    grad[i] += lambda * Math.sign(w[i]);
  }
}

function sumOfSizes({ data }: Tensor): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) {
    sum += Math.abs(data[i]);
  }
  return sum;
}

function checkChain(layers: readonly Layer[]): void {
  if (layers.length === 0) {
    throw new ShapeError({
      en: "network: at least 1 layer is needed, got none.",
      ja: "network: 層が1つ以上必要です。",
    });
  }
  if (new Set(layers).size !== layers.length) {
    throw new ShapeError({
      en: "network: every layer must stand in one place, got one twice. Make a layer for each place.",
      ja: "network: 同じ層のオブジェクトが2か所で使われています。場所ごとに別の層を作ってください。",
    });
  }
  for (let i = 1; i < layers.length; i++) {
    const before = layers[i - 1];
    if (before.outputSize !== layers[i].inputSize) {
      throw new ShapeError({
        en: `network: layer ${i + 1} (${layers[i].kind}) must take ${before.outputSize} columns, got one for ${layers[i].inputSize}.`,
        ja: `network: 第 ${i + 1} 層(${layers[i].kind})の入力は ${before.outputSize} 列でなければなりません(${layers[i].inputSize} 列でした)。`,
      });
    }
  }
}

function nameLayers(layers: readonly Layer[]): NamedLayer[] {
  const counts = new Map<string, number>();
  return layers.map((layer) => {
    const number = (counts.get(layer.kind) ?? 0) + 1;
    counts.set(layer.kind, number);
    return { name: `${layer.kind}${number}`, layer, output: null };
  });
}

/** Bytes a network takes in its arena. @param maxRows rows of the largest batch */
export function networkBytes(layers: readonly Layer[], maxRows: number, dtype: Dtype): number {
  return bytesNeeded(layers, planParameters(layers, dtype).total, maxRows, dtype);
}

/** Elements of the flat buffer that holds all parameters of these layers, gaps included. */
export function parameterCount(layers: readonly Layer[], dtype: Dtype): number {
  return planParameters(layers, dtype).total;
}

/** Each parameter begins on a cache line of the flat buffer; the elements between stay 0. */
function planParameters(layers: readonly Layer[], dtype: Dtype) {
  const size = bytesPerElement(dtype);
  const parts: { index: number; key: string; shape: ParameterShape; begin: number }[] = [];
  let total = 0;
  layers.forEach((layer, index) => {
    for (const [key, shape] of Object.entries(layer.parameters)) {
      parts.push({ index, key, shape, begin: total });
      total += align(shape.rows * shape.cols * size) / size;
    }
  });
  return { parts, total };
}

function bytesNeeded(layers: readonly Layer[], parameters: number, maxRows: number, dtype: Dtype): number {
  const size = bytesPerElement(dtype);
  const matrix = (rows: number, cols: number) => align(rows * cols * size);
  let bytes = 2 * matrix(1, parameters) + 2 * matrix(maxRows, layers[layers.length - 1].outputSize);
  for (const { buffers, batch } of layers) {
    for (const { rows, cols } of Object.values(buffers)) {
      bytes += matrix(rows, cols);
    }
    for (const cols of Object.values(batch)) {
      bytes += matrix(maxRows, cols);
    }
  }
  return bytes;
}

function mapValues<A, B>(record: Readonly<Record<string, A>>, f: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}

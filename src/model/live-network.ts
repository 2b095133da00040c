import { align } from "../core/arena.ts";
import { DataError } from "../core/errors.ts";
import { bytesPerElement, type IntTensor, Tensor } from "../core/tensor.ts";
import type { NumberArray } from "../formats/number-array.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import { Sequential } from "../nn/sequential.ts";
import { evaluationRows } from "../train/accuracy.ts";
import { layerTensors, placedLayer } from "./placed-layers.ts";
import { keptShape } from "./tensor-shapes.ts";

export interface KeptTensor {
  /** `W1` */
  readonly name: string;
  readonly shape: readonly number[];
  /** A view into the network. */
  readonly tensor: Tensor;
  /** Place in the flat parameters, in elements; null of what is not learnt. */
  readonly begin: number | null;
}

/** The tensors of a network that a file keeps, by the names it gives them. */
export function keptTensors(network: Sequential): KeptTensor[] {
  const names = layerTensors(network.layers.map(({ layer }) => placedLayer(layer)));
  return network.layers.flatMap(({ name: layerName, layer }, i) =>
    Object.entries(names[i]).map(([own, name]): KeptTensor => {
      const parameter = network.parameters.find((one) => one.name === `${layerName}.${own}`);
      const tensor = parameter?.value ?? (network.buffers.get(`${layerName}.${own}`) as Tensor);
      return { name, shape: keptShape(layer, own), tensor, begin: parameter?.begin ?? null };
    }),
  );
}

/** Copies of a network's tensors by name. */
export function tensorsOf(network: Sequential): Record<string, NumberArray> {
  return Object.fromEntries(
    keptTensors(network).map(({ name, shape, tensor }) => [name, kept(network, shape, tensor.data.slice())]),
  );
}

function kept({ kernels }: Sequential, shape: readonly number[], data: Tensor["data"]): NumberArray {
  return { dtype: kernels.dtype, shape, data };
}

/** Writes tensors into a network of the same layers. */
export function writeTensors(network: Sequential, tensors: Readonly<Record<string, NumberArray>>): void {
  for (const { name, tensor } of keptTensors(network)) {
    tensor.data.set(tensors[name].data as Float64Array);
  }
}

/** A vector as long as the flat parameters (an optimizer's slot) by the tensors it belongs to. */
export function slotTensors(network: Sequential, slot: Tensor): Record<string, NumberArray> {
  return Object.fromEntries(
    learnt(network).map(({ name, shape, tensor, begin }) => [
      name,
      kept(network, shape, slot.data.slice(begin, begin + tensor.data.length)),
    ]),
  );
}

/** Writes what {@link slotTensors} gave. @throws DataError where one is missing or has another shape */
export function writeSlot(network: Sequential, slot: Tensor, tensors: Readonly<Record<string, NumberArray>>): void {
  for (const { name, begin, shape } of learnt(network)) {
    const there = tensors[name];
    if (there?.dtype !== network.kernels.dtype || there.shape.join() !== shape.join()) {
      throw new DataError({
        en: `resume: the file must hold what training keeps of ${name}, ${network.kernels.dtype} of [${shape}], got ${there === undefined ? "none" : `${there.dtype} of [${there.shape}]`}. Take the file as it was saved.`,
        ja: `resume: ${name} の学習途中の値(${network.kernels.dtype}、形状 [${shape}])がファイルに正しく入っていません。保存したままのファイルを使ってください。`,
      });
    }
    slot.data.set(there.data as Float64Array, begin);
  }
}

function learnt(network: Sequential): (KeptTensor & { readonly begin: number })[] {
  return keptTensors(network).filter((one): one is KeptTensor & { begin: number } => one.begin !== null);
}

/** Bytes that asking takes in the arena of a network: a block's inputs and labels. */
export function askerBytes(inputs: number, { dtype }: KernelSet): number {
  return align(evaluationRows * inputs * bytesPerElement(dtype)) + align(evaluationRows * 4);
}

/** A network to be asked only. */
export function openNetwork(options: { kernels: KernelSet; layers: readonly Layer[]; loss: Loss }): Sequential {
  const { kernels, layers } = options;
  return new Sequential({
    ...options,
    maxRows: evaluationRows,
    extraBytes: askerBytes(layers[0].inputSize, kernels),
  });
}

/** Rows as a network takes them: bytes, or numbers already scaled. */
export interface NetworkRows {
  readonly data: Uint8Array | Float32Array;
  readonly count: number;
  readonly width: number;
}

/** Runs a network over any number of rows, in evaluation mode, block by block. */
export class Asker {
  readonly network: Sequential;
  /** Room for a block's labels. */
  readonly labels: IntTensor;
  private readonly x: Tensor;

  constructor(network: Sequential) {
    this.network = network;
    this.labels = network.kernels.arena.ints(evaluationRows);
    this.x = network.kernels.arena.floats(evaluationRows, network.inputSize);
  }

  /** Outputs [rows, outputs]; `seen` hears each block's, with the number of its first row. */
  outputs({ data, count, width }: NetworkRows, seen?: (block: Tensor, first: number) => void): Float64Array {
    const { network } = this;
    const out = new Float64Array(count * network.classes);
    const bytes = data instanceof Uint8Array;
    for (let first = 0; first < count; first += evaluationRows) {
      const rows = Math.min(evaluationRows, count - first);
      const x = rows === evaluationRows ? this.x : new Tensor(rows, width, this.x.data.subarray(0, rows * width));
      for (let k = 0; k < rows * width; k++) {
        // As gatherRows has it: pixels are float32 in either dtype.
        x.data[k] = bytes ? Math.fround(data[first * width + k] / 255) : data[first * width + k];
      }
      const block = network.forward(x, "evaluate");
      seen?.(block, first);
      out.set(block.data, first * network.classes);
    }
    return out;
  }
}

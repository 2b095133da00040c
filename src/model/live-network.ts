import { DataError } from "../core/errors.ts";
import type { ByteRows, FloatRows } from "../core/rows.ts";
import type { IntTensor, Tensor } from "../core/tensor.ts";
import type { NumberArray } from "../formats/number-array.ts";
import type { KernelSet } from "../kernels/kernels.ts";
import { planned } from "../kernels/planned.ts";
import type { Layer } from "../nn/layer.ts";
import type { Loss } from "../nn/loss.ts";
import { Sequential } from "../nn/sequential.ts";
import { Evaluator, evaluationRows } from "../train/evaluate.ts";
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

/** A network to be asked only. */
export function openAsker(options: { kernels: KernelSet; layers: readonly Layer[]; loss: Loss }): Asker {
  return planned(
    options.kernels,
    (kernels) => new Asker(new Sequential({ ...options, kernels, maxRows: evaluationRows })),
  );
}

/** A network that answers: its outputs for any number of rows. */
export class Asker {
  private readonly evaluator: Evaluator;

  constructor(network: Sequential) {
    this.evaluator = new Evaluator(network, network.inputSize);
  }

  get network(): Sequential {
    return this.evaluator.network;
  }

  /** Room for a block's labels. */
  get labels(): IntTensor {
    return this.evaluator.labels;
  }

  /** Outputs [rows, outputs]; `seen` hears each block's, with the number of its first row. */
  outputs(images: ByteRows | FloatRows, seen?: (block: Tensor, first: number) => void): Float64Array {
    const { classes } = this.network;
    const out = new Float64Array(images.count * classes);
    this.evaluator.over({ images }, ({ outputs, from }) => {
      seen?.(outputs, from);
      out.set(outputs.data, from * classes);
    });
    return out;
  }
}

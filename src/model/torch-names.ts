import { DataError } from "../core/errors.ts";
import { inType, type NumberArray } from "../formats/number-array.ts";
import { quoted } from "../formats/refusal.ts";
import type { ModelState } from "./model-state.ts";
import { layerTensors } from "./placed-layers.ts";

/** PyTorch's names of each kind's tensors by our own. */
const torchNames: Readonly<Record<string, string>> = {
  W: "weight",
  b: "bias",
  gamma: "weight",
  a: "weight",
  beta: "bias",
  runningMean: "running_mean",
  runningVariance: "running_var",
};

/** PyTorch's eps of BatchNorm where nothing else was chosen. */
const torchEps = 1e-5;

/**
 * A model's tensors as a PyTorch `state_dict` of `nn.Sequential` with a module for each layer: `0.weight` [out, in],
 * `0.bias`, `1.running_mean` … Numbers stay as they are but for the order. In PyTorch `nn.BatchNorm1d(n, eps=1e-6)` gives
 * the same outputs, its own 1e-5 does not; where a Dropout of the book's kind multiplies in evaluation, which PyTorch's does
 * not, the weights behind it are multiplied instead.
 * @throws DataError when the book's Dropout has no Affine behind it
 */
export function toTorch({ layers, tensors }: Pick<ModelState, "layers" | "tensors">): Map<string, NumberArray> {
  const names = layerTensors(layers);
  checkKinds(layers, names);
  const factors = weightFactors(layers);
  const torch = new Map<string, NumberArray>();
  layers.forEach(({ kind }, i) => {
    for (const [own, name] of Object.entries(names[i])) {
      const array = tensors[name];
      const turned = own === "W" ? times(transposed(array), factors[i]) : array;
      torch.set(`${i}.${torchName(own)}`, turned);
    }
    if (kind === "batchNorm") {
      torch.set(`${i}.num_batches_tracked`, { dtype: "int64", shape: [], data: BigInt64Array.of(0n) });
    }
  });
  return torch;
}

/**
 * The tensors of a PyTorch `state_dict` for a model of the same layers. Modules of a kind are taken in
 * the order of their names, whatever these are (`fc1.weight`, `layers.0.weight`). Where PyTorch's BatchNorm had another eps than
 * ours, the running variance makes up for the difference, so that outputs are the same.
 * @param eps of PyTorch's BatchNorm; 1e-5, its default, when absent
 * @throws DataError when there are fewer or more modules than layers with tensors, or one lacks a tensor
 */
export function fromTorch(
  { layers, dtype }: Pick<ModelState, "layers" | "dtype">,
  torch: ReadonlyMap<string, NumberArray>,
  { eps = torchEps }: { readonly eps?: number } = {},
): Record<string, NumberArray> {
  const names = layerTensors(layers);
  checkKinds(layers, names);
  const factors = weightFactors(layers);
  const modules = matched(layers, names, torch);
  const tensors: Record<string, NumberArray> = {};
  for (const [layer, module, parts] of modules) {
    const spec = layers[layer];
    for (const [own, name] of Object.entries(names[layer])) {
      const array = parts.get(torchName(own)) ?? missingBias(own, spec.outputs);
      if (array === undefined) {
        throw new DataError({
          en: `torch: ${module} must be a ${spec.kind} with ${torchName(own)}, got ${[...parts.keys()].join(", ")}. Make a model of the same layers.`,
          ja: `torch: ${module} は ${torchName(own)} をもつ ${spec.kind} のはずですが、${[...parts.keys()].join("、")} です。同じ層のモデルを用意してください。`,
        });
      }
      tensors[name] = inType(array, dtype);
      if (own === "W") {
        tensors[name] = times(transposed(tensors[name]), 1 / factors[layer]);
      } else if (own === "runningVariance" && spec.kind === "batchNorm" && eps !== spec.eps) {
        const { shape, data } = tensors[name];
        tensors[name] = { dtype, shape, data: (data as Float64Array).map((value) => value + (eps - spec.eps)) };
      }
    }
  }
  return tensors;
}

/** Whether names are those of a `state_dict`. */
export function looksLikeTorch(names: Iterable<string>): boolean {
  return [...names].some((name) => /(^|\.)(weight|bias|running_mean|running_var)$/.test(name));
}

function torchName(own: string): string {
  const name = torchNames[own];
  if (name === undefined) {
    throw new DataError({
      en: `torch: every tensor must have a name in PyTorch, got ${own}. Export to npz or safetensors with the book's names.`,
      ja: `torch: ${own} にあたる PyTorch の名前がありません。npz か、教科書の名前の safetensors で書き出してください。`,
    });
  }
  return name;
}

type Parts = ReadonlyMap<string, NumberArray>;

/** What a module's tensors tell of it. */
type Looks = "affine" | "batchNorm" | "layerNorm" | "scale";

function looksOf(parts: Parts): Looks {
  if (parts.has("running_mean")) {
    return "batchNorm";
  }
  return parts.get("weight")?.shape.length !== 1 ? "affine" : parts.has("bias") ? "layerNorm" : "scale";
}

/** How PyTorch's module for each kind of layer looks. */
const layerLooks: Readonly<Record<string, Looks>> = {
  affine: "affine",
  batchNorm: "batchNorm",
  layerNorm: "layerNorm",
  rmsNorm: "scale",
  prelu: "scale",
};

/** Makes sure that PyTorch has a module for each layer with tensors. */
function checkKinds(layers: ModelState["layers"], names: readonly Readonly<Record<string, string>>[]): void {
  const other = layers.find(({ kind }, i) => Object.keys(names[i]).length > 0 && !Object.hasOwn(layerLooks, kind));
  if (other !== undefined) {
    throw new DataError({
      en: `torch: layers with weights must be of ${Object.keys(layerLooks).join(", ")}, got ${other.kind}. Use the book's names, or ONNX.`,
      ja: `torch: 重みのある層は ${Object.keys(layerLooks).join("、")} に限られます(${other.kind} があります)。教科書の名前か ONNX を使ってください。`,
    });
  }
}

/**
 * A module for each layer with tensors: those of a kind in the order of their names, numbers as numbers. Files sort names
 * (`bn1`, `fc1`, `fc10`, `fc2`), so that the order between kinds is lost in them.
 */
function matched(
  layers: ModelState["layers"],
  names: readonly Readonly<Record<string, string>>[],
  torch: Parts,
): [layer: number, module: string, parts: Parts][] {
  const modules = new Map<string, Map<string, NumberArray>>();
  for (const [name, array] of torch) {
    const dot = name.lastIndexOf(".");
    const module = name.slice(0, Math.max(dot, 0));
    modules.set(module, (modules.get(module) ?? new Map<string, NumberArray>()).set(name.slice(dot + 1), array));
  }
  const numbered = new Intl.Collator("en", { numeric: true });
  const sorted = [...modules].sort(([a], [b]) => numbered.compare(a, b));
  const wanted = layers.flatMap(({ kind }, layer) => (Object.keys(names[layer]).length > 0 ? [{ layer, kind }] : []));
  const found = wanted.flatMap(({ layer, kind }) => {
    const next = sorted.findIndex(([, parts]) => looksOf(parts) === layerLooks[kind]);
    return next < 0
      ? []
      : sorted.splice(next, 1).map(([module, parts]): [number, string, Parts] => [layer, module, parts]);
  });
  if (found.length < wanted.length || sorted.length > 0) {
    throw new DataError({
      en: `torch: modules with weights must be those of the model's layers (${wanted.map(({ kind }) => kind).join(", ")}), got ${[...modules].map(([name, parts]) => `${name} (${looksOf(parts)})`).join(", ")}. Make a model of the same layers.`,
      ja: `torch: 重みのあるモジュールがモデルの層(${wanted.map(({ kind }) => kind).join("、")})と合いません(${[...modules].map(([name, parts]) => `${name}: ${looksOf(parts)}`).join("、")})。同じ層のモデルを用意してください。`,
    });
  }
  return found;
}

/** `nn.Linear(…, bias=False)` has none: zeros. */
function missingBias(own: string, outputs: number): NumberArray | undefined {
  return own === "b" ? { dtype: "float64", shape: [outputs], data: new Float64Array(outputs) } : undefined;
}

/**
 * What each layer's weights are multiplied by for PyTorch: the book's Dropout multiplies in evaluation by 1 − ratio, and so
 * does the next product's matrix instead.
 */
function weightFactors(layers: ModelState["layers"]): number[] {
  let pending = 1;
  const factors = layers.map((spec) => {
    if (spec.kind === "dropout") {
      pending *= spec.variant === "book" ? 1 - spec.dropRatio : 1;
      return 1;
    }
    const factor = spec.kind === "affine" ? pending : 1;
    if (spec.kind !== "affine" && pending !== 1) {
      throw noProduct();
    }
    pending = 1;
    return factor;
  });
  if (pending !== 1) {
    throw noProduct();
  }
  return factors;
}

function noProduct(): DataError {
  return new DataError({
    en: 'torch: a Dropout of variant "book" must have an Affine right behind it, got another layer. Use variant "inverted".',
    ja: 'torch: 変種 "book" の Dropout のすぐ後には Affine が必要です。変種 "inverted" を使ってください。',
  });
}

function times(array: NumberArray, factor: number): NumberArray {
  return factor === 1 ? array : { ...array, data: (array.data as Float64Array).map((value) => value * factor) };
}

/** [rows, cols] → [cols, rows] */
function transposed({ dtype, shape, data }: NumberArray): NumberArray {
  if (shape.length !== 2) {
    throw new DataError({
      en: `torch: weights must have 2 dimensions, got ${quoted(shape)}. Only linear layers are turned.`,
      ja: `torch: 重みは2次元でなければなりません(形状 ${quoted(shape)})。`,
    });
  }
  const [rows, cols] = shape;
  const turned = data.slice();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      turned[j * rows + i] = data[i * cols + j];
    }
  }
  return { dtype, shape: [cols, rows], data: turned };
}

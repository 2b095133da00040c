import { DataError } from "../core/errors.ts";
import { inType, type NumberArray } from "../formats/number-array.ts";
import { layerNames } from "../nn/network-plan.ts";
import type { ModelState } from "./model-state.ts";
import { layersWithin, layerTensors, type PlacedLayer } from "./placed-layers.ts";
import {
  affineWeight,
  columnsTurned,
  convolutionW,
  convolutionWeight,
  type Flattened,
  flattenedBehind,
  linearWeight,
} from "./torch-layout.ts";

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

/** A layer with weights or none as PyTorch has a module for it. */
interface Module {
  /** Its place among the modules: `3`, within a block `3.0`. */
  readonly path: string;
  readonly spec: PlacedLayer;
  /** Names of its tensors in our files by the layer's own. */
  readonly names: Readonly<Record<string, string>>;
  /** What its columns are an image of, where PyTorch has them in another order. */
  readonly image: Flattened;
  /** What its weights are multiplied by for PyTorch. */
  readonly factor: number;
}

/**
 * A model's tensors as a PyTorch `state_dict` of `nn.Sequential` with a module for each layer: `0.weight` [out, in],
 * `0.bias`, `1.running_mean` …; within a residual block, whose F is such a Sequential, `2.0.weight`. Numbers stay as they are
 * but for the order: weights of convolutions become [filters, channels, height, width], and behind a convolution or pooling
 * the columns are taken channels first, as `nn.Flatten` has them. In PyTorch `nn.BatchNorm1d(n, eps=1e-6)` gives the same
 * outputs, its own 1e-5 does not; where a Dropout of the book's kind multiplies in evaluation, which PyTorch's does not, the
 * weights behind it are multiplied instead.
 * @throws DataError when the book's Dropout has no Affine behind it, or a block counts less than once
 */
export function toTorch({ layers, tensors }: Pick<ModelState, "layers" | "tensors">): Map<string, NumberArray> {
  const torch = new Map<string, NumberArray>();
  for (const { path, spec, names, image, factor } of modulesOf(layers)) {
    for (const [own, name] of Object.entries(names)) {
      const array = tensors[name];
      const turned =
        own !== "W"
          ? columnsOf(own, array, spec, image, "out")
          : times(spec.kind === "conv2d" ? convolutionWeight(array, spec) : linearWeight(array, image), factor);
      torch.set(`${path}.${torchName(own)}`, turned);
    }
    if (spec.kind === "batchNorm") {
      torch.set(`${path}.num_batches_tracked`, { dtype: "int64", shape: [], data: BigInt64Array.of(0n) });
    }
  }
  return torch;
}

/**
 * The tensors of a PyTorch `state_dict` for a model of the same layers, turned back as {@link toTorch} turns them. Modules of
 * a kind are taken in the order of their names, whatever these are (`fc1.weight`, `layers.0.weight`). Where PyTorch's
 * BatchNorm had another eps than ours, the running variance makes up for the difference, so that outputs are the same.
 * @param eps of PyTorch's BatchNorm; 1e-5, its default, when absent
 * @throws DataError when there are fewer or more modules than layers with tensors, or one lacks a tensor
 */
export function fromTorch(
  { layers, dtype }: Pick<ModelState, "layers" | "dtype">,
  torch: ReadonlyMap<string, NumberArray>,
  { eps = torchEps }: { readonly eps?: number } = {},
): Record<string, NumberArray> {
  const tensors: Record<string, NumberArray> = {};
  for (const [{ spec, names, image, factor }, module, parts] of matched(modulesOf(layers), torch)) {
    for (const [own, name] of Object.entries(names)) {
      const outputs = spec.kind === "conv2d" ? spec.filters : spec.outputs;
      const array = parts.get(torchName(own)) ?? missingBias(own, outputs);
      if (array === undefined) {
        throw new DataError({
          en: `torch: ${module} must be a ${spec.kind} with ${torchName(own)}, got ${[...parts.keys()].join(", ")}. Make a model of the same layers.`,
          ja: `torch: ${module} は ${torchName(own)} をもつ ${spec.kind} のはずですが、${[...parts.keys()].join("、")} です。同じ層のモデルを用意してください。`,
        });
      }
      const typed = inType(array, dtype);
      if (own === "W") {
        const turned = spec.kind === "conv2d" ? convolutionW(typed, spec) : affineWeight(typed, image);
        tensors[name] = times(turned, 1 / factor);
      } else {
        const turned = columnsOf(own, typed, spec, image, "in");
        const less = own === "runningVariance" && spec.kind === "batchNorm" ? eps - spec.eps : 0;
        tensors[name] =
          less === 0
            ? turned
            : { ...turned, data: (turned.data as Float64Array).map((value) => value + less) as NumberArray["data"] };
      }
    }
  }
  return tensors;
}

/** What a layer has a number of for each column; biases are of what comes out. */
function columnsOf(own: string, array: NumberArray, spec: PlacedLayer, image: Flattened, way: "out" | "in") {
  return own === "b" || array.data.length !== spec.inputs ? array : columnsTurned(array, image, way);
}

/** The layers one after the other, those within blocks in their places. @throws DataError where PyTorch has no such module */
function modulesOf(layers: readonly PlacedLayer[]): Module[] {
  const walk = (
    chain: readonly PlacedLayer[],
    names: readonly Readonly<Record<string, string>>[],
    first: Flattened,
    prefix: string,
  ): Module[] => {
    const factors = weightFactors(chain);
    let image = first;
    return chain.flatMap((spec, i): Module[] => {
      const before = image;
      image = flattenedBehind(spec, before);
      const path = `${prefix}${i}`;
      const within = layersWithin(spec);
      if (within.length === 0) {
        return [{ path, spec, names: names[i], image: before, factor: factors[i] }];
      }
      checkBlock(spec);
      const own = layerNames(within).map((name) =>
        Object.fromEntries(
          Object.entries(names[i])
            .filter(([key]) => key.startsWith(`${name}.`))
            .map(([key, kept]) => [key.slice(name.length + 1), kept]),
        ),
      );
      return walk(within, own, before, `${path}.`);
    });
  };
  const modules = walk(layers, layerTensors(layers), null, "");
  checkKinds(modules);
  return modules;
}

function checkBlock(spec: PlacedLayer): void {
  if (spec.kind === "residual" && spec.survival !== 1) {
    throw new DataError({
      en: `torch: a residual block must count once in evaluation, got one of survival ${spec.survival}. Use the book's names, or ONNX.`,
      ja: `torch: survival が ${spec.survival} の残差ブロックは書き出せません(1 に限られます)。教科書の名前か ONNX を使ってください。`,
    });
  }
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
type Looks = "affine" | "conv2d" | "batchNorm" | "layerNorm" | "scale";

function looksOf(parts: Parts): Looks {
  if (parts.has("running_mean")) {
    return "batchNorm";
  }
  const dimensions = parts.get("weight")?.shape.length;
  if (dimensions === 4) {
    return "conv2d";
  }
  return dimensions !== 1 ? "affine" : parts.has("bias") ? "layerNorm" : "scale";
}

/** How PyTorch's module for each kind of layer looks. */
const layerLooks: Readonly<Record<string, Looks>> = {
  affine: "affine",
  conv2d: "conv2d",
  batchNorm: "batchNorm",
  layerNorm: "layerNorm",
  rmsNorm: "scale",
  prelu: "scale",
};

/** Makes sure that PyTorch has a module for each layer with tensors. */
function checkKinds(modules: readonly Module[]): void {
  const other = modules
    .filter(({ names }) => Object.keys(names).length > 0)
    .map(({ spec }) => spec)
    .find(({ kind }) => !Object.hasOwn(layerLooks, kind));
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
function matched(layers: readonly Module[], torch: Parts): [layer: Module, module: string, parts: Parts][] {
  const modules = new Map<string, Map<string, NumberArray>>();
  for (const [name, array] of torch) {
    const dot = name.lastIndexOf(".");
    const module = name.slice(0, Math.max(dot, 0));
    modules.set(module, (modules.get(module) ?? new Map<string, NumberArray>()).set(name.slice(dot + 1), array));
  }
  const numbered = new Intl.Collator("en", { numeric: true });
  const sorted = [...modules].sort(([a], [b]) => numbered.compare(a, b));
  const wanted = layers.filter(({ names }) => Object.keys(names).length > 0);
  const found = wanted.flatMap((layer) => {
    const next = sorted.findIndex(([, parts]) => looksOf(parts) === layerLooks[layer.spec.kind]);
    return next < 0
      ? []
      : sorted.splice(next, 1).map(([module, parts]): [Module, string, Parts] => [layer, module, parts]);
  });
  if (found.length < wanted.length || sorted.length > 0) {
    throw new DataError({
      en: `torch: modules with weights must be those of the model's layers (${wanted.map(({ spec }) => spec.kind).join(", ")}), got ${[...modules].map(([name, parts]) => `${name} (${looksOf(parts)})`).join(", ")}. Make a model of the same layers.`,
      ja: `torch: 重みのあるモジュールがモデルの層(${wanted.map(({ spec }) => spec.kind).join("、")})と合いません(${[...modules].map(([name, parts]) => `${name}: ${looksOf(parts)}`).join("、")})。同じ層のモデルを用意してください。`,
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
function weightFactors(layers: readonly PlacedLayer[]): number[] {
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

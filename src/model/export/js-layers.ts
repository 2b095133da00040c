import { HyperError } from "../../core/errors.ts";
import type { PlacedLayer } from "../placed-layers.ts";

/** How a kind of layer is written in plain JavaScript. */
interface JsLayer<Spec = PlacedLayer> {
  /** The definition of what {@link JsLayer.call} calls; once in a module, however many layers are of this kind. */
  readonly helper: string;
  /** The expression whose value is the layer: a function of one row. @param tensor writes one of its tensors */
  readonly call: (spec: Spec, tensor: (name: string) => string) => string;
}

type JsLayers = { readonly [K in PlacedLayer["kind"]]?: JsLayer<PlacedLayer & { kind: K }> };

/** A function of each number of a row. */
const each = (name: string, formula: string): JsLayer<unknown> => ({
  helper: `const ${name} = (x) => x.map((a) => ${formula});`,
  call: () => name,
});

/** Kinds of layers, in evaluation mode, in JavaScript. A kind that is not here is refused by {@link jsLayer}. */
const writers: JsLayers = {
  affine: {
    helper: `const affine = (W, b) => (x) =>
  Floats.from(b, (sum, j) => {
    for (let i = 0; i < x.length; i++) sum += x[i] * W[i * b.length + j];
    return sum;
  });`,
    call: (_, tensor) => `affine(${tensor("W")}, ${tensor("b")})`,
  },
  batchNorm: {
    helper: `const batchNorm = (gamma, beta, mean, variance, eps) => (x) =>
  x.map((a, j) => (gamma[j] * (a - mean[j])) / Math.sqrt(variance[j] + eps) + beta[j]);`,
    call: ({ eps }, tensor) => {
      const tensors = ["gamma", "beta", "runningMean", "runningVariance"].map(tensor);
      return `batchNorm(${tensors.join(", ")}, ${eps})`;
    },
  },
  // Nothing is dropped in evaluation; the book's variant makes up for it there.
  dropout: {
    helper: "const times = (factor) => (x) => x.map((a) => a * factor);",
    call: ({ variant, dropRatio }) => `times(${variant === "book" ? 1 - dropRatio : 1})`,
  },
  relu: each("relu", "(a <= 0 ? 0 : a)"),
  sigmoid: each("sigmoid", "1 / (1 + Math.exp(-a))"),
  tanh: each("tanh", "Math.tanh(a)"),
};

/** Kinds of layers that can be written. */
export const jsKinds: readonly string[] = Object.keys(writers);

/** How a layer is written. @throws HyperError for a kind that has no JavaScript here */
export function jsLayer({ kind }: PlacedLayer): JsLayer {
  const writer = Object.hasOwn(writers, kind) ? writers[kind] : undefined;
  if (writer === undefined) {
    throw new HyperError({
      en: `js: every layer must be of a kind that can be written, got ${kind}. Known: ${jsKinds.join(", ")}. Export to onnx.`,
      ja: `js: ${kind} 層は JavaScript に書き出せません(書き出せる層: ${jsKinds.join("、")})。onnx を選んでください。`,
    });
  }
  return writer as JsLayer;
}

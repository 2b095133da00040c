import { HyperError } from "../../core/errors.ts";
import type { ImageShape, Window } from "../../nn/image-shape.ts";
import type { PlacedLayer } from "../placed-layers.ts";

/** How a kind of layer is written in plain JavaScript. */
interface JsLayer<Spec = PlacedLayer> {
  /** What is defined once in a module, however many layers ask for it. */
  readonly helper: string;
  /** What that is defined with, before it. */
  readonly before?: string;
  /**
   * The expression whose value is the layer: a function of one row.
   * @param tensor writes one of its tensors
   * @param within the expressions of the layers it is made of
   */
  readonly call: (spec: Spec, tensor: (name: string) => string, within: readonly string[]) => string;
}

type JsLayers = { readonly [K in PlacedLayer["kind"]]?: JsLayer<PlacedLayer & { kind: K }> };

/** A function of each number of a row. */
const each = (name: string, formula: string): JsLayer<unknown> => ({
  helper: `const ${name} = (x) => x.map((a) => ${formula});`,
  call: () => name,
});

/**
 * A window over an image, channels last: `value` of each place it stops at, told every number inside. In few letters, since
 * it is the longest: height, width, depth, and the window's size k, stride s and padding p.
 */
const windowsHelper = `const windows = (outputs, value, h, w, d, k, s, p) => (x) => {
  const [rows, cols] = [h, w].map((n) => (((n + 2 * p - k) / s) | 0) + 1);
  return Floats.from({ length: rows * cols * outputs }, (_, at) => {
    const n = (at / outputs) | 0;
    return value(at % outputs, x, (visit) => {
      for (let q = 0; q < k * k; q++) {
        const i = ((n / cols) | 0) * s - p + ((q / k) | 0);
        const j = (n % cols) * s - p + (q % k);
        if (i >= 0 && j >= 0 && i < h && j < w) for (let c = 0; c < d; c++) visit((i * w + j) * d + c, q, c, d);
      }
    });
  });
};`;

/** What `windows` takes of a layer's shape. */
function shapeOf({ input, size, stride, padding }: Window & { readonly input: ImageShape }): string {
  return [input.height, input.width, input.channels, size, stride, padding].join(", ");
}

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
    helper: `const batchNorm = (gamma, beta, mu, v, eps) => (x) =>
  x.map((a, j) => (gamma[(j %= gamma.length)] * (a - mu[j])) / Math.sqrt(v[j] + eps) + beta[j]);`,
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
  leakyRelu: each("leakyRelu", "a > 0 ? a : 0.01 * a"),
  elu: each("elu", "a > 0 ? a : Math.expm1(a)"),
  selu: each("selu", "1.0507009873554805 * (a > 0 ? a : 1.6732632423543772 * Math.expm1(a))"),
  softplus: each("softplus", "Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)))"),
  silu: each("silu", "a / (1 + Math.exp(-a))"),
  gelu: {
    // erf by a series of which all terms are positive; at 6 it is 1 to the last digit.
    helper: `const erf = (x) => {
  if (!(Math.abs(x) < 6)) return Math.sign(x);
  let sum = x;
  for (let n = 1, term = x; n < 150; n++) sum += term *= (2 * x * x) / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
};
const gelu = (x) => x.map((a) => 0.5 * a * (1 + erf(a * Math.SQRT1_2)));`,
    call: () => "gelu",
  },
  prelu: {
    helper: "const prelu = (s) => (x) => x.map((a, j) => (a > 0 ? a : s[j % s.length] * a));",
    call: (_, tensor) => `prelu(${tensor("a")})`,
  },
  layerNorm: {
    helper: `const layerNorm = (gamma, beta, eps) => (x) => {
  const mean = x.reduce((s, a) => s + a) / x.length;
  const size = Math.sqrt(x.reduce((s, a) => s + (a - mean) ** 2, 0) / x.length + eps);
  return x.map((a, j) => (gamma[j] * (a - mean)) / size + beta[j]);
};`,
    call: ({ eps }, tensor) => `layerNorm(${tensor("gamma")}, ${tensor("beta")}, ${eps})`,
  },
  rmsNorm: {
    helper: `const rmsNorm = (gamma, eps) => (x) => {
  const size = Math.sqrt(x.reduce((s, a) => s + a * a, 0) / x.length + eps);
  return x.map((a, j) => (gamma[j] * a) / size);
};`,
    call: ({ eps }, tensor) => `rmsNorm(${tensor("gamma")}, ${eps})`,
  },
  maxout: {
    helper: `const maxout = (k) => (x) =>
  Floats.from({ length: x.length / k }, (_, i) => Math.max(...x.subarray(i * k, i * k + k)));`,
    call: ({ pieces }) => `maxout(${pieces})`,
  },
  conv2d: {
    before: windowsHelper,
    helper: `const conv2d = (W, b, ...shape) => windows(b.length, (f, x, each) => {
  let sum = b[f];
  each((at, k, c, d) => (sum += x[at] * W[(k * d + c) * b.length + f]));
  return sum;
}, ...shape);`,
    call: (spec, tensor) => `conv2d(${tensor("W")}, ${tensor("b")}, ${shapeOf(spec)})`,
  },
  maxPool: {
    before: windowsHelper,
    helper: `const maxPool = (channels, ...shape) => windows(channels, (f, x, each) => {
  let most = -Infinity;
  each((at, k, c) => c === f && (most = Math.max(most, x[at])));
  return most;
}, ...shape);`,
    call: (spec) => `maxPool(${spec.input.channels}, ${shapeOf(spec)})`,
  },
  averagePool: {
    before: windowsHelper,
    helper: `const averagePool = (channels, ...shape) => windows(channels, (f, x, each) => {
  let sum = 0;
  each((at, k, c) => c === f && (sum += x[at]));
  return sum / shape[3] ** 2;
}, ...shape);`,
    call: (spec) => `averagePool(${spec.input.channels}, ${shapeOf(spec)})`,
  },
  globalAveragePool: {
    helper: `const globalAverage = (channels) => (x) =>
  Floats.from({ length: channels }, (_, c) => {
    let sum = 0;
    for (let i = c; i < x.length; i += channels) sum += x[i];
    return (sum * channels) / x.length;
  });`,
    call: ({ input }) => `globalAverage(${input.channels})`,
  },
  residual: {
    helper: `const residual = (layers, share) => (x) => {
  const f = layers.reduce((y, layer) => layer(y), x);
  return x.map((a, j) => a + share * f[j]);
};`,
    call: ({ survival }, _, within) => `residual([${within.join(", ")}], ${survival})`,
  },
  // Rows are flat already.
  flatten: { helper: "const same = (x) => x;", call: () => "same" },
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

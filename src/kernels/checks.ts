import type { ByteRows } from "../core/byte-rows.ts";
import { ShapeError } from "../core/errors.ts";
import { type IntTensor, shapeOf, type Tensor } from "../core/tensor.ts";
import type { Told } from "../core/text.ts";
import type { WindowOver } from "./kernels.ts";
import { placesOf } from "./window-places.ts";

/**
 * The shape checks of every kernel, shared by all kernel sets. They run on every call, so a check that passes only
 * compares integers and buffers; words are put together when one fails.
 *
 * Fast kernels write to bare addresses: what is refused here would overwrite other tensors there.
 */

/** What each kernel takes; the last sentence of its errors. */
const signatures = {
  matmul: "out[m,n], a[m,k], b[k,n], bias[1,n] or null",
  matmulNT: "out[m,n], a[m,k], b[n,k]",
  matmulTN: "out[m,n], a[k,m], b[k,n]",
  columnSums: "out[1,n], a[m,n]",
  relu: "y[m,n], x[m,n]",
  reluBackward: "dx[m,n], dy[m,n], y[m,n]",
  sigmoid: "y[m,n], x[m,n]",
  sigmoidBackward: "dx[m,n], dy[m,n], y[m,n]",
  tanh: "y[m,n], x[m,n]",
  tanhBackward: "dx[m,n], dy[m,n], y[m,n]",
  softmaxCrossEntropy: "probs[m,n], logits[m,n], labels[1,m] in [0, n)",
  softmaxCrossEntropyBackward: "dx[m,n], probs[m,n], labels[1,m] in [0, n)",
  batchNorm: "y[m,n], xHat[m,n], mean[1,n], variance[1,n], invStd[1,n], x[m,n], gamma[1,n], beta[1,n]",
  batchNormEvaluate: "y[m,n], x[m,n], mean[1,n], variance[1,n], gamma[1,n], beta[1,n]",
  batchNormBackward: "dx[m,n], dGamma[1,n], dBeta[1,n], dy[m,n], xHat[m,n], invStd[1,n], gamma[1,n]",
  multiply: "y[m,n], x[m,n], mask[m,n]",
  scale: "y[m,n], x[m,n]",
  axpy: "y[m,n], x[m,n]",
  sumOfSquares: "x[m,n]",
  allFinite: "x[m,n]",
  gatherRows: "out[m,width], source of count rows of width bytes, indices[1,m] in [0, count)",
  argmaxRows: "out[1,m], x[m,n] with n > 0",
  gatherPatches: "patches[n,size²·channels], x[m,height·width·channels], first + n at most all places",
  scatterPatches: "patches[n,size²·channels], dx[m,height·width·channels], first + n at most all places",
  maxPool: "y[m,places·channels], x[m,height·width·channels]",
  maxPoolBackward: "dx[m,height·width·channels], dy[m,places·channels], x as dx",
  averagePool: "y[m,places·channels], x[m,height·width·channels]",
  averagePoolBackward: "dx[m,height·width·channels], dy[m,places·channels]",
} as const;

export type KernelMethod = keyof typeof signatures;
type Unary = "relu" | "sigmoid" | "tanh" | "scale" | "axpy";
type Binary = "reluBackward" | "sigmoidBackward" | "tanhBackward" | "multiply";
/** The memory the kernels work on; tensors of another arena are refused. */
type Memory = ArrayBufferLike;
type AnyTensor = Tensor | IntTensor;

function refuse(where: KernelMethod, { en, ja }: Told): never {
  const shapes = signatures[where];
  throw new ShapeError({ en: `${where}: ${en}. Shapes are ${shapes}.`, ja: `${where}: ${ja}。形: ${shapes}` });
}

function refuseTensor(where: KernelMethod, name: string, t: AnyTensor, rows: number, cols: number): never {
  if (t.rows !== rows || t.cols !== cols) {
    refuse(where, {
      en: `${name} must be [${rows}, ${cols}], got ${shapeOf(t)}`,
      ja: `${name} は [${rows}, ${cols}] でなければなりません(${shapeOf(t)} でした)`,
    });
  }
  throw new ShapeError({
    en: `${where}: ${name} must lie in the kernels' own arena, got a tensor from elsewhere. Make it with kernels.arena.`,
    ja: `${where}: ${name} はカーネルと同じアリーナになければなりません。kernels.arena で作ってください。`,
  });
}

function need(where: KernelMethod, memory: Memory, name: string, t: AnyTensor, rows: number, cols: number): void {
  if (t.rows !== rows || t.cols !== cols || t.buffer !== memory) {
    refuseTensor(where, name, t, rows, cols);
  }
}

function needApart(where: KernelMethod, out: Tensor, a: Tensor, b: Tensor): void {
  if (out === a || out === b) {
    refuse(where, {
      en: "out must not be an input, got the same tensor twice",
      ja: "out に入力と同じテンソルは使えません",
    });
  }
}

function needIndices(where: KernelMethod, name: string, indices: IntTensor, limit: number): void {
  const { data } = indices;
  for (let i = 0; i < data.length; i++) {
    // As unsigned, a negative index is a huge one: one comparison sees both ends.
    if (data[i] >>> 0 >= limit) {
      refuse(where, {
        en: `${name} must be in [0, ${limit}), got ${data[i]} at position ${i}`,
        ja: `${name} は [0, ${limit}) の整数でなければなりません(${i} 番目が ${data[i]} でした)`,
      });
    }
  }
}

export function checkMatmul(memory: Memory, out: Tensor, a: Tensor, b: Tensor, bias: Tensor | null): void {
  need("matmul", memory, "a", a, a.rows, a.cols);
  need("matmul", memory, "b", b, a.cols, b.cols);
  need("matmul", memory, "out", out, a.rows, b.cols);
  if (bias !== null) {
    need("matmul", memory, "bias", bias, 1, b.cols);
  }
  needApart("matmul", out, a, b);
}

export function checkMatmulNT(memory: Memory, out: Tensor, a: Tensor, b: Tensor): void {
  need("matmulNT", memory, "a", a, a.rows, a.cols);
  need("matmulNT", memory, "b", b, b.rows, a.cols);
  need("matmulNT", memory, "out", out, a.rows, b.rows);
  needApart("matmulNT", out, a, b);
}

export function checkMatmulTN(memory: Memory, out: Tensor, a: Tensor, b: Tensor): void {
  need("matmulTN", memory, "a", a, a.rows, a.cols);
  need("matmulTN", memory, "b", b, a.rows, b.cols);
  need("matmulTN", memory, "out", out, a.cols, b.cols);
  needApart("matmulTN", out, a, b);
}

export function checkColumnSums(memory: Memory, out: Tensor, a: Tensor): void {
  need("columnSums", memory, "a", a, a.rows, a.cols);
  need("columnSums", memory, "out", out, 1, a.cols);
}

export function checkUnary(where: Unary, memory: Memory, y: Tensor, x: Tensor): void {
  need(where, memory, "x", x, x.rows, x.cols);
  need(where, memory, "y", y, x.rows, x.cols);
}

/** `first` and `second` are the names of the two inputs. */
export function checkBinary(
  where: Binary,
  memory: Memory,
  out: Tensor,
  first: string,
  a: Tensor,
  second: string,
  b: Tensor,
): void {
  need(where, memory, first, a, a.rows, a.cols);
  need(where, memory, second, b, a.rows, a.cols);
  need(where, memory, where === "multiply" ? "y" : "dx", out, a.rows, a.cols);
}

export function checkReduce(where: "sumOfSquares" | "allFinite", memory: Memory, x: Tensor): void {
  need(where, memory, "x", x, x.rows, x.cols);
}

export function checkSoftmaxCrossEntropy(memory: Memory, probs: Tensor, logits: Tensor, labels: IntTensor): void {
  const where = "softmaxCrossEntropy";
  need(where, memory, "logits", logits, logits.rows, logits.cols);
  need(where, memory, "probs", probs, logits.rows, logits.cols);
  need(where, memory, "labels", labels, 1, logits.rows);
  needIndices(where, "labels", labels, logits.cols);
}

export function checkSoftmaxCrossEntropyBackward(memory: Memory, dx: Tensor, probs: Tensor, labels: IntTensor): void {
  const where = "softmaxCrossEntropyBackward";
  need(where, memory, "probs", probs, probs.rows, probs.cols);
  need(where, memory, "dx", dx, probs.rows, probs.cols);
  need(where, memory, "labels", labels, 1, probs.rows);
  needIndices(where, "labels", labels, probs.cols);
}

export function checkBatchNorm(
  memory: Memory,
  y: Tensor,
  xHat: Tensor,
  mean: Tensor,
  variance: Tensor,
  invStd: Tensor,
  x: Tensor,
  gamma: Tensor,
  beta: Tensor,
): void {
  const { rows, cols } = x;
  need("batchNorm", memory, "x", x, rows, cols);
  need("batchNorm", memory, "y", y, rows, cols);
  need("batchNorm", memory, "xHat", xHat, rows, cols);
  need("batchNorm", memory, "mean", mean, 1, cols);
  need("batchNorm", memory, "variance", variance, 1, cols);
  need("batchNorm", memory, "invStd", invStd, 1, cols);
  need("batchNorm", memory, "gamma", gamma, 1, cols);
  need("batchNorm", memory, "beta", beta, 1, cols);
}

export function checkBatchNormEvaluate(
  memory: Memory,
  y: Tensor,
  x: Tensor,
  mean: Tensor,
  variance: Tensor,
  gamma: Tensor,
  beta: Tensor,
): void {
  const { rows, cols } = x;
  need("batchNormEvaluate", memory, "x", x, rows, cols);
  need("batchNormEvaluate", memory, "y", y, rows, cols);
  need("batchNormEvaluate", memory, "mean", mean, 1, cols);
  need("batchNormEvaluate", memory, "variance", variance, 1, cols);
  need("batchNormEvaluate", memory, "gamma", gamma, 1, cols);
  need("batchNormEvaluate", memory, "beta", beta, 1, cols);
}

export function checkBatchNormBackward(
  memory: Memory,
  dx: Tensor,
  dGamma: Tensor,
  dBeta: Tensor,
  dy: Tensor,
  xHat: Tensor,
  invStd: Tensor,
  gamma: Tensor,
): void {
  const { rows, cols } = dy;
  need("batchNormBackward", memory, "dy", dy, rows, cols);
  need("batchNormBackward", memory, "dx", dx, rows, cols);
  need("batchNormBackward", memory, "xHat", xHat, rows, cols);
  need("batchNormBackward", memory, "dGamma", dGamma, 1, cols);
  need("batchNormBackward", memory, "dBeta", dBeta, 1, cols);
  need("batchNormBackward", memory, "invStd", invStd, 1, cols);
  need("batchNormBackward", memory, "gamma", gamma, 1, cols);
}

export function checkGatherRows(memory: Memory, out: Tensor, source: ByteRows, indices: IntTensor): void {
  need("gatherRows", memory, "indices", indices, 1, indices.cols);
  need("gatherRows", memory, "out", out, indices.cols, source.width);
  if (source.data.length !== source.count * source.width) {
    refuse("gatherRows", {
      en: `source must hold ${source.count} × ${source.width} bytes, got ${source.data.length}`,
      ja: `source には ${source.count} × ${source.width} バイト必要です(${source.data.length} バイトでした)`,
    });
  }
  needIndices("gatherRows", "indices", indices, source.count);
}

export function checkArgmaxRows(memory: Memory, out: IntTensor, x: Tensor): void {
  need("argmaxRows", memory, "x", x, x.rows, x.cols);
  need("argmaxRows", memory, "out", out, 1, x.rows);
  if (x.cols === 0 && x.rows > 0) {
    refuse("argmaxRows", {
      en: `x must have at least 1 column, got ${shapeOf(x)}`,
      ja: `x には1列以上必要です(${shapeOf(x)} でした)`,
    });
  }
}

function needWindow(where: KernelMethod, over: WindowOver): void {
  const { height, width, channels, size, stride, padding } = over;
  for (const [name, value, least] of [
    ["height", height, 1],
    ["width", width, 1],
    ["channels", channels, 1],
    ["size", size, 1],
    ["stride", stride, 1],
    ["padding", padding, 0],
  ] as const) {
    if (!Number.isInteger(value) || value < least || value > 65_535) {
      refuse(where, {
        en: `${name} must be a whole number in [${least}, 65535], got ${value}`,
        ja: `${name} は [${least}, 65535] の整数でなければなりません(${value} でした)`,
      });
    }
  }
  if (size > height + 2 * padding || size > width + 2 * padding) {
    refuse(where, {
      en: `a window of ${size} must fit into the padded image, got ${height + 2 * padding} × ${width + 2 * padding}`,
      ja: `大きさ ${size} の窓が余白込みの画像 ${height + 2 * padding} × ${width + 2 * padding} に収まりません`,
    });
  }
}

export function checkPatches(
  where: "gatherPatches" | "scatterPatches",
  memory: Memory,
  patches: Tensor,
  x: Tensor,
  first: number,
  over: WindowOver,
): void {
  const { height, width, channels, size } = over;
  needWindow(where, over);
  need(where, memory, where === "gatherPatches" ? "x" : "dx", x, x.rows, height * width * channels);
  need(where, memory, "patches", patches, patches.rows, size * size * channels);
  const all = x.rows * placesOf(over);
  if (!Number.isInteger(first) || first < 0 || first + patches.rows > all) {
    refuse(where, {
      en: `places must be among the ${all} there are, got ${patches.rows} from ${first} on`,
      ja: `位置は全 ${all} 個のうちでなければなりません(${first} から ${patches.rows} 個でした)`,
    });
  }
}

/** @param y the places' values or gradients @param x the images' @param dx where they go, apart from x */
export function checkPool(
  where: "maxPool" | "maxPoolBackward" | "averagePool" | "averagePoolBackward",
  memory: Memory,
  y: Tensor,
  x: Tensor,
  over: WindowOver,
  dx: Tensor = x,
): void {
  const { height, width, channels } = over;
  needWindow(where, over);
  need(where, memory, where === "averagePoolBackward" ? "dx" : "x", x, x.rows, height * width * channels);
  need(where, memory, where.endsWith("Backward") ? "dy" : "y", y, x.rows, placesOf(over) * channels);
  need(where, memory, "dx", dx, x.rows, x.cols);
  if (where === "maxPoolBackward" && dx === x) {
    refuse(where, { en: "dx must not be x, got the same tensor twice", ja: "dx に x と同じテンソルは使えません" });
  }
}

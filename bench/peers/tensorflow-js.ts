import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Contestant, ConvolutionContestant, ConvolutionShape } from "../contestant.ts";
import { batchSize, type Example, sizes } from "../example.ts";

/** TensorFlow.js on its wasm backend with SIMD, one thread. */
export async function tensorflowJs(optimizer: "sgd" | "adam", { x, oneHot, weights }: Example): Promise<Contestant> {
  const tf = await openWasm();
  const X = tf.tensor2d(x, [batchSize, sizes[0]]);
  const T = tf.tensor2d(oneHot, [batchSize, 10]);
  const w = weights.map((data, i) => tf.variable(tf.tensor2d(data.slice(), [sizes[i], sizes[i + 1]])));
  const b = sizes.slice(1).map((n) => tf.variable(tf.zeros([n])));
  const rule = optimizer === "sgd" ? tf.train.sgd(0.01) : tf.train.adam(0.001);
  const loss = () => {
    let y = X;
    for (let i = 0; i < w.length; i++) {
      y = tf.add(tf.matMul(y, w[i]), b[i]);
      y = i < w.length - 1 ? tf.relu(y) : y;
    }
    return tf.losses.softmaxCrossEntropy(T, y);
  };
  return {
    name: "tfjs wasm",
    optimizer,
    step() {
      const value = rule.minimize(loss, true);
      const number = value.dataSync()[0];
      value.dispose();
      return number;
    },
  };
}

/** One convolution's forward pass: its WASM backend has no gradient of it. */
export async function tensorflowConvolution(shape: ConvolutionShape): Promise<ConvolutionContestant> {
  const { side, channels, filters, size, padding } = shape;
  const tf = await openWasm();
  const x = tf.fill([batchSize, side, side, channels], 0.1);
  const w = tf.fill([size, size, channels, filters], 0.1);
  return {
    name: "tfjs wasm",
    passes: 1,
    step() {
      const y = tf.conv2d(x, w, 1, padding === 0 ? "valid" : padding);
      y.dataSync();
      y.dispose();
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the peer's types are not installed with ours.
async function openWasm(): Promise<any> {
  const require = createRequire(import.meta.url);
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const tf = require("@tensorflow/tfjs") as any;
  // biome-ignore lint/suspicious/noExplicitAny: as above.
  const wasm = require("@tensorflow/tfjs-backend-wasm") as any;
  const folder = dirname(require.resolve("@tensorflow/tfjs-backend-wasm/package.json"));
  wasm.setWasmPaths(`${join(folder, "dist")}/`);
  wasm.setThreadsCount(1);
  await tf.setBackend("wasm");
  await tf.ready();
  return tf;
}

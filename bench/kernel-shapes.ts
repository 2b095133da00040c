// Times the matrix product of every kernel set at the chapter's shapes: GFLOP/s a core. Where the left side is MNIST's digits,
// what is multiplied by their zeros counts as well, whether it is done or left out.
//   node bench/kernel-shapes.ts [set…]
import type { Dtype } from "../src/core/tensor.ts";
import type { KernelSet } from "../src/kernels/kernels.ts";
import { wasmKernels } from "../src/kernels/wasm.ts";
import { findMnist, readMnist } from "../src/node/data/mnist-folder.ts";
import { nativeKernels } from "../src/node/native-kernels.ts";
import { openProduct } from "../test/support/product.ts";

const shapes = [
  ["NN", 128, 784, 100],
  ["NN", 128, 784, 100, "digits"],
  ["NN", 500, 784, 100, "digits"],
  ["TN", 784, 128, 100, "digits"],
  // The book's batch in six of nine experiments, and a block of rows evaluated at once.
  ["NN", 100, 784, 100],
  ["NN", 100, 100, 100],
  ["TN", 784, 100, 100],
  ["TN", 100, 100, 100],
  ["NT", 100, 100, 100],
  ["NN", 500, 784, 100],
  ["NN", 500, 100, 100],
  ["NN", 128, 100, 100],
  ["NN", 128, 100, 10],
  ["TN", 784, 128, 100],
  ["TN", 100, 128, 100],
  ["TN", 100, 128, 10],
  ["NT", 128, 100, 100],
  ["NT", 128, 10, 100],
  ["NN", 512, 512, 512],
  ["NN", 1024, 1024, 1024],
  ["TN", 1024, 1024, 1024],
  ["NT", 1024, 1024, 1024],
  ["NN", 1, 784, 100],
  ["NN", 1, 1024, 1024],
  ["NT", 1, 1024, 1024],
] as const;

const { data: digits } = (await readMnist(findMnist().folder)).train.images;

function gflops(set: KernelSet, [form, m, k, n, of]: (typeof shapes)[number]): number {
  const kernels = set.open((m * k + k * n + m * n) * 8 + 4096);
  const { a, b, multiply } = openProduct(kernels, form, m, n, k);
  a.data.forEach((_, i) => {
    a.data[i] = of === "digits" ? digits[i] / 255 : 0.5;
  });
  b.data.fill(0.25);
  const flop = 2 * m * k * n;
  const times = Math.max(3, Math.ceil(4e7 / flop));
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    const began = performance.now();
    for (let i = 0; i < times; i++) {
      multiply();
    }
    best = Math.min(best, (performance.now() - began) / times);
  }
  return flop / best / 1e6;
}

const wanted = process.argv.slice(2);
const sets = (["float32", "float64"] as Dtype[])
  .flatMap((dtype) => [...nativeKernels(dtype), wasmKernels("wasm-relaxed", dtype), wasmKernels("wasm-simd", dtype)])
  .filter(({ name, dtype }) => wanted.length === 0 || wanted.includes(name) || wanted.includes(`${name}-${dtype}`));
console.log(`| shape | ${sets.map(({ name, dtype }) => `${name} ${dtype}`).join(" | ")} |`);
for (const shape of shapes) {
  const [form, m, k, n, of = ""] = shape;
  console.log(`| ${form} ${m}×${k}×${n} ${of} | ${sets.map((set) => gflops(set, shape).toFixed(1)).join(" | ")} |`);
}

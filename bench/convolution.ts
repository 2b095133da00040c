import { RandomStream } from "../src/core/random.ts";
import type { KernelSet } from "../src/kernels/kernels.ts";
import { wasmKernels } from "../src/kernels/wasm.ts";
import { Conv2d } from "../src/nn/conv2d.ts";
import { BatchTensor } from "../src/nn/layer.ts";
import { nativeKernels } from "../src/node/native-kernels.ts";
import { type ConvolutionContestant, type ConvolutionShape, inTurn, type Timing } from "./contestant.ts";
import { batchSize } from "./example.ts";

const shapes: readonly (readonly [name: string, shape: ConvolutionShape])[] = [
  ["LeNet's first, 5×5×1×6, 28×28", { side: 28, channels: 1, filters: 6, size: 5, padding: 2 }],
  ["LeNet's second, 5×5×6×16, 14×14", { side: 14, channels: 6, filters: 16, size: 5, padding: 0 }],
  ["3×3×32×64, 14×14", { side: 14, channels: 32, filters: 64, size: 3, padding: 1 }],
];

/** Multiplications and additions of one forward pass. */
function flopOf({ side, channels, filters, size, padding }: ConvolutionShape): number {
  return 2 * batchSize * (side + 2 * padding - size + 1) ** 2 * size ** 2 * channels * filters;
}

/** The layer by itself: forward, then both gradients and the bias's. */
export function ourConvolution(set: KernelSet, { side, channels, filters, size, padding }: ConvolutionShape) {
  const layer = new Conv2d({ height: side, width: side, channels }, { filters, size, padding });
  const shapesOf = { ...layer.parameters, ...layer.buffers };
  const elements = Object.values(shapesOf).reduce((sum, { rows, cols }) => sum + rows * cols, 0);
  const perRow = 2 * (layer.inputSize + layer.outputSize);
  const kernels = set.open(8 * (2 * elements + batchSize * perRow) + 65_536);
  const { arena } = kernels;
  const place = (of: Readonly<Record<string, { rows: number; cols: number }>>) =>
    Object.fromEntries(Object.entries(of).map(([name, { rows, cols }]) => [name, arena.floats(rows, cols)]));
  const params = place(layer.parameters);
  layer.attach({
    kernels,
    params,
    grads: place(layer.parameters),
    buffers: place(layer.buffers),
    batch: Object.fromEntries(
      Object.entries(layer.batch).map(([name, cols]) => [name, new BatchTensor(arena.floats(batchSize, cols))]),
    ),
    random: () => RandomStream.seeded(0),
    fusion: { activation: "none", applied: false },
  });
  const [x, dy] = [arena.floats(batchSize, layer.inputSize), arena.floats(batchSize, layer.outputSize)];
  const stream = RandomStream.seeded(1);
  for (const tensor of [x, dy, params.W]) {
    stream.fillNormal(tensor.data, 0.1);
  }
  return {
    both() {
      layer.forward(x);
      layer.backward(dy, "all");
    },
  };
}

/** Forward and backward of single convolutions, against this machine's peak and the peers, in alternating rounds. */
export async function convolutions(peakOf: () => Map<number, number>): Promise<void> {
  const { onnxConvolution } = await import("./peers/onnxruntime.ts");
  const { jaxConvolution } = await import("./peers/jax-js.ts");
  const { tensorflowConvolution } = await import("./peers/tensorflow-js.ts");
  for (const [name, shape] of shapes) {
    const sets = [
      nativeKernels("float32")[0],
      wasmKernels("wasm-relaxed", "float32"),
      wasmKernels("wasm-simd", "float32"),
    ];
    const contestants: ConvolutionContestant[] = sets
      .filter((set) => set !== undefined)
      .map((set) => {
        const { both } = ourConvolution(set, shape);
        return { name: set.name, passes: 3, step: both };
      });
    for (const make of [onnxConvolution, jaxConvolution, tensorflowConvolution]) {
      try {
        contestants.push(await make(shape));
      } catch (error) {
        console.log(`(${make.name} left out: ${(error as Error).message.split("\n")[0]})`);
      }
    }
    const before = peakOf();
    const timings = await inTurn(contestants, { rounds: 11, milliseconds: 150 });
    const after = peakOf();
    const peak = (bits: number) => Math.max(before.get(bits) ?? 0, after.get(bits) ?? 0);
    console.log(
      `\n## ${name}, batch ${batchSize}, float32, one thread: forward and both gradients (${((3 * flopOf(shape)) / 1e6).toFixed(0)} MFLOP)\n`,
    );
    console.log("| | ms (median) | GFLOP/s | of its peak |\n|---|---|---|---|");
    const whole = new Map<string, Timing>();
    for (const [{ name: who, passes }, timing] of timings) {
      const times = 3 / passes;
      const all = { best: times * timing.best, median: times * timing.median };
      whole.set(who, all);
      const rate = (3 * flopOf(shape)) / all.best / 1e6;
      const bits = who === "native-avx512" ? 512 : who === "native-avx2" ? 256 : 128;
      const own = /^(native|wasm-)/.test(who) && peak(bits) > 0;
      console.log(
        `| ${who}${times === 1 ? "" : ", forward × 3"} | ${all.best.toFixed(2)} (${all.median.toFixed(2)}) | ${rate.toFixed(1)} | ${own ? `${((100 * rate) / peak(bits)).toFixed(0)}% of ${bits}-bit ${peak(bits).toFixed(0)}` : ""} |`,
      );
    }
    const [native] = [...whole.keys()];
    const against = whole.get("onnxruntime-node");
    if (native?.startsWith("native") && against !== undefined) {
      console.log(
        `\n${native} / ONNX Runtime's forward × 3: ${(whole.get(native)!.best / against.best).toFixed(3)} of the best, ${(whole.get(native)!.median / against.median).toFixed(3)} of the medians; must be ≤ 0.8.`,
      );
    }
  }
}

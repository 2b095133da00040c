import { type Command, Option } from "commander";
import { sizes } from "../../core/hyper.ts";
import { type Dtype, dtypes } from "../../core/tensor.ts";
import { describeKernels } from "../../kernels/select.ts";
import { nodeNative, selectKernels } from "../../node/native-kernels.ts";
import type { CliContext } from "../context.ts";
import { wholeNumber } from "../options.ts";
import { printTable } from "../table.ts";
import { flopOfStep, makeStep, time } from "../time-step.ts";

interface BenchFlags {
  readonly dtype: Dtype;
  readonly hidden: string;
  readonly batch: number;
  readonly json?: boolean;
}

const hiddenSizes = sizes({ default: [100, 100, 100, 100] });

export function addBenchCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("bench")
    .description("times a training step on each set of kernels / 1ステップの学習時間をカーネルごとに測る")
    .addOption(new Option("--dtype <name>", "element type").choices(dtypes).default("float32"))
    .option("--hidden <sizes>", "widths of the hidden layers of 784-…-10", "100x4")
    .option("--batch <n>", "rows of a batch", wholeNumber(1, 65_536), 128)
    .option("--json", "print JSON")
    .action((flags: BenchFlags) => bench(flags, contextOf()));
}

function bench({ dtype, hidden, batch, json }: BenchFlags, context: CliContext): void {
  const shape = { inputSize: 784, hiddenSizes: hiddenSizes.parse(hidden, "--hidden"), classes: 10, batchSize: batch };
  const flop = flopOfStep(shape);
  const natives = nodeNative.kernels(dtype);
  const sets = describeKernels(nodeNative)
    .filter(({ available }) => available)
    .map(({ name }) =>
      name === "wasm-relaxed" || name === "wasm-simd" || name === "reference"
        ? selectKernels({ backend: name, dtype })
        : natives.find((set) => set.name === name)!,
    );
  const results = sets.map((set) => {
    // The plain loops are slow enough that one round tells.
    const effort = { now: () => performance.now(), rounds: set.name === "reference" ? 1 : 7, milliseconds: 100 };
    const [sgd, adam] = ["sgd", "adam"].map((optimizer) => time(makeStep(set, optimizer, shape), effort).best);
    return { kernels: set.name, sgdMs: sgd, adamMs: adam, gflops: flop / sgd / 1e6 };
  });
  if (json) {
    context.print(JSON.stringify({ shape, dtype, mflop: flop / 1e6, results }));
    return;
  }
  const { hiddenSizes: widths } = shape;
  context.print({
    en: `784-${widths.join("-")}-10, batch ${batch}, ${dtype}, one thread; ${(flop / 1e6).toFixed(0)} MFLOP a step`,
    ja: `784-${widths.join("-")}-10、バッチ ${batch}、${dtype}、1スレッド。1ステップ ${(flop / 1e6).toFixed(0)} MFLOP`,
  });
  const columns = [{ en: "kernels", ja: "カーネル" }, "SGD ms", "Adam ms", "GFLOP/s"];
  const rows = results.map(({ kernels, sgdMs, adamMs, gflops }) => [kernels, sgdMs, adamMs, gflops]);
  printTable({ columns, rows }, context);
}

// Whether a step stays as fast as it began: pixels that go dark and units that die leave slots that decay towards 0,
// and numbers below the normal ones cost many times the rest on most processors.
import { openStep } from "../src/cli/time-step.ts";
import { suggestName } from "../src/core/errors.ts";
import { type Dtype, dtypes } from "../src/core/tensor.ts";
import type { KernelSet } from "../src/kernels/kernels.ts";
import { wasmKernels } from "../src/kernels/wasm.ts";
import { nativeKernels } from "../src/node/native-kernels.ts";
import { optimizerFromText } from "../src/optim/from-text.ts";
import type { Optimizer } from "../src/optim/optimizer.ts";
import { optimizers } from "../src/optim/registry.ts";
import { batchSize, example, sizes } from "./example.ts";

/** A training run that goes on and on. */
interface Runner {
  /** One whole step; its loss. */
  step(): number | Promise<number>;
  /** Puts out the pixels and kills the units for which {@link fades} says so. */
  fade(): void;
  /** The update rule's state. */
  slots(): ArrayLike<number>[];
}

/** Three of ten input columns and hidden units. Until they fade they take part, so that their slots are not 0. */
const fades = (index: number) => index % 10 < 3;
const deadBias = -1e3;
const bound = 1.05;
const smallestNormal: Record<Dtype, number> = { float32: 2 ** -126, float64: 2 ** -1022 };

const typed = optimizerFromText(
  "typed",
  "m = beta1 * m + (1 - beta1) * g\nn = 0.95 * n + 0.05 * g * g\nw = w - 0.1 * lr * m / (sqrt(n) + eps)",
);

export interface EnduranceOptions {
  /** Of every run, for a short trial; absent: 4,000, and 20,000 where the decay needs them. */
  readonly steps?: number;
  /** The name of the only one to try; absent: all. */
  readonly rule?: string;
}

export async function endurance({ steps, rule }: EnduranceOptions): Promise<void> {
  const rules = [...optimizers, typed].filter(({ name }) => rule === undefined || name === rule);
  if (rules.length === 0) {
    throw new Error(
      `--rule: must be an update rule, got ${rule}. ${
        suggestName(
          rule!,
          optimizers.map(({ name }) => name),
        ).en
      }`,
    );
  }
  console.log(
    `\n## Endurance: ${sizes.join("-")}, batch ${batchSize}, 30% of the pixels dark and 30% of the hidden units dead soon after the start\n`,
  );
  console.log(
    "| rule | numbers | kernels | steps | early ms (median) | late ms (median) | late / early | subnormal in the slots | held |\n|---|---|---|---|---|---|---|---|---|",
  );
  for (const dtype of dtypes) {
    const sets = [nativeKernels(dtype)[0], wasmKernels("wasm-relaxed", dtype)].filter((set) => set !== undefined);
    for (const optimizer of rules) {
      const long = dtype === "float32" && ["adam", "momentum", typed.name].includes(optimizer.name);
      const count = steps ?? (long ? 20_000 : 4_000);
      for (const set of sets) {
        await row([optimizer.name, dtype, set.name], () => ours(set, optimizer), count, dtype);
      }
      if (optimizer.name === "adam" && dtype === "float32") {
        await peerRow(count);
      }
    }
  }
  console.log(
    `\nHeld: late at most ${bound} times early, and no subnormal number. Late: the last 500 steps; early: 500 from the 100th of another run, one in turn with each of the last.`,
  );
}

async function peerRow(count: number): Promise<void> {
  try {
    await row(["adam", "float32", "onnxruntime-node"], onnxAdam, count, "float32", { peer: true });
  } catch (error) {
    console.log(
      `| adam | float32 | (onnxruntime-node left out: ${(error as Error).message.split("\n")[0]}) | | | | | | |`,
    );
  }
}

async function row(
  names: readonly string[],
  open: () => Runner | Promise<Runner>,
  count: number,
  dtype: Dtype,
  { peer = false } = {},
): Promise<void> {
  // Of a run too short for them, the windows are a part as large as there is room for.
  const window = Math.min(500, count >> 2);
  const begin = Math.min(100, count >> 3);
  const worn = await begun(open, begin);
  for (let i = begin; i < count - window; i++) {
    await worn.step();
  }
  // Beside the last steps of the one, those of another that has just begun: what else the machine does meets both.
  const fresh = await begun(open, begin);
  const times = { late: new Float64Array(window), early: new Float64Array(window) };
  let loss = 0;
  for (let i = 0; i < window; i++) {
    loss = await timed(worn, times.late, i);
    await timed(fresh, times.early, i);
  }
  if (!Number.isFinite(loss)) {
    throw new Error(`endurance, ${names.join(" ")}: the loss must stay finite, got ${loss} after ${count} steps`);
  }
  const early = median(times.early);
  const late = median(times.late);
  const share = subnormalShare(worn.slots(), smallestNormal[dtype]);
  const ratio = late / early;
  const held = ratio <= bound && !share ? "yes" : "NO";
  console.log(
    `| ${names.join(" | ")} | ${count} | ${early.toFixed(3)} | ${late.toFixed(3)} | ${ratio.toFixed(3)} | ${share === null ? "no slots" : `${(100 * share).toFixed(2)}%`} | ${peer ? "–" : held} |`,
  );
}

/** A run that has made its first steps; what fades fades among them. */
async function begun(open: () => Runner | Promise<Runner>, steps: number): Promise<Runner> {
  const runner = await open();
  for (let i = 0; i < steps; i++) {
    if (i === Math.min(20, steps >> 1)) {
      runner.fade();
    }
    await runner.step();
  }
  return runner;
}

async function timed(runner: Runner, times: Float64Array, at: number): Promise<number> {
  const start = performance.now();
  const pending = runner.step();
  const loss = typeof pending === "number" ? pending : await pending;
  times[at] = performance.now() - start;
  return loss;
}

function median(times: Float64Array): number {
  return times.slice().sort()[times.length >> 1];
}

/** Share of subnormal numbers; null of a rule that keeps nothing. */
function subnormalShare(slots: readonly ArrayLike<number>[], smallest: number): number | null {
  let [all, subnormal] = [0, 0];
  for (const slot of slots) {
    all += slot.length;
    for (let i = 0; i < slot.length; i++) {
      if (slot[i] !== 0 && Math.abs(slot[i]) < smallest) {
        subnormal++;
      }
    }
  }
  return all === 0 ? null : subnormal / all;
}

function darken(x: { [index: number]: number; readonly length: number }): void {
  for (let i = 0; i < x.length; i++) {
    if (fades(i % sizes[0])) {
      x[i] = 0;
    }
  }
}

function kill(biases: { [index: number]: number; readonly length: number }): void {
  for (let i = 0; i < biases.length; i++) {
    if (fades(i)) {
      biases[i] = deadBias;
    }
  }
}

function ours(set: KernelSet, optimizer: Optimizer): Runner {
  const { x: pixels, labels: answers, weights } = example();
  const shape = { inputSize: sizes[0], hiddenSizes: sizes.slice(1, -1), classes: 10, batchSize };
  const { network, updater, x, labels, step } = openStep(set, optimizer, shape);
  const { parameters } = network;
  x.data.set(pixels);
  labels.data.set(answers);
  const drawn = parameters.filter(({ shape }) => shape.start === "drawn");
  drawn.forEach(({ value }, i) => {
    value.data.set(weights[i]);
  });
  const biases = parameters.filter((parameter) => !drawn.includes(parameter));
  return {
    step,
    fade() {
      darken(x.data);
      for (const { value } of biases.slice(0, -1)) {
        kill(value.data);
      }
    },
    slots: () => [...updater.slots.values()].map(({ data }) => data),
  };
}

/** ONNX Runtime's Adam of the same start, on its own settings: it keeps subnormal numbers. */
async function onnxAdam(): Promise<Runner> {
  const { onnxRuntime } = await import("./peers/onnxruntime.ts");
  const data = example();
  const { step, state } = await onnxRuntime("adam", data);
  return {
    step: async () => (await step()) as number,
    fade() {
      darken(data.x);
      for (const [name, values] of state()) {
        if (/^b\d$/.test(name) && values.length !== 10) {
          kill(values);
        }
      }
    },
    slots: () => [...state()].filter(([name]) => /^[mv]/.test(name)).map(([, values]) => values),
  };
}

// npm run bench: the training step of the chapter on our kernels, against this machine's own peak and the npm peers, in
// alternating rounds; the compiled updates; a table of widths and batches; the whole optimizer-comparison.
//   node bench/bench.ts [steps] [updates] [traffic] [table] [whole] [fit] [endurance] [convolutions] [--steps 800] [--rule adam]     all parts when none is named;
//   --steps shortens endurance (whether a step stays as fast as it began) for a trial, --rule has it try one rule

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chapterShape, flopOfStep, makeStep, time } from "../src/cli/time-step.ts";
import { wholeNumber } from "../src/core/checks.ts";
import { RandomStream } from "../src/core/random.ts";
import type { KernelSet } from "../src/kernels/kernels.ts";
import { planned } from "../src/kernels/planned.ts";
import { referenceKernels } from "../src/kernels/reference.ts";
import { wasmKernels } from "../src/kernels/wasm.ts";
import { findMnist, readMnist } from "../src/node/data/mnist-folder.ts";
import { nativeKernels } from "../src/node/native-kernels.ts";
import { optimizerNamed, optimizers } from "../src/optim/registry.ts";
import { Updater } from "../src/optim/updater.ts";
import { type Contestant, inTurn, type Timing } from "./contestant.ts";
import { convolutions } from "./convolution.ts";
import { endurance } from "./endurance.ts";
import { type Example, example } from "./example.ts";
import { frontDoor } from "./front-door.ts";

const here = dirname(fileURLToPath(import.meta.url));
const flop = flopOfStep(chapterShape);
const { values: options, positionals: wanted } = parseArgs({
  options: { steps: { type: "string" }, rule: { type: "string" } },
  allowPositionals: true,
});
const enduranceSteps = options.steps === undefined ? undefined : Number(options.steps);
if (enduranceSteps !== undefined) {
  wholeNumber("bench", "--steps", enduranceSteps, { min: 40 });
}
const part = (name: string) => wanted.length === 0 || wanted.includes(name);

/** GFLOP/s by register width in bits; empty without a C compiler. */
function fmaPeak(): Map<number, number> {
  const folder = mkdtempSync(join(tmpdir(), "tanren-peak-"));
  try {
    const program = join(folder, "peak");
    const built = spawnSync("cc", ["-O2", join(here, "fma-peak.c"), "-o", program], { encoding: "utf8" });
    if (built.status !== 0) {
      return new Map();
    }
    const { stdout } = spawnSync(program, [], { encoding: "utf8" });
    return new Map(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(" ").map(Number) as [number, number]),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function ours({ x }: Example): Contestant[] {
  const sets = [
    nativeKernels("float32")[0],
    wasmKernels("wasm-relaxed", "float32"),
    wasmKernels("wasm-simd", "float32"),
  ];
  return sets
    .filter((set) => set !== undefined)
    .flatMap((set) =>
      (["sgd", "adam"] as const).map((optimizer) => ({
        name: set.name,
        optimizer,
        step: makeStep(set, optimizer, chapterShape, x),
      })),
    );
}

async function peers(data: Example): Promise<Contestant[]> {
  const { onnxRuntime } = await import("./peers/onnxruntime.ts");
  const { jaxJs } = await import("./peers/jax-js.ts");
  const { tensorflowJs } = await import("./peers/tensorflow-js.ts");
  const all: Contestant[] = [];
  for (const make of [onnxRuntime, jaxJs, tensorflowJs]) {
    for (const optimizer of ["sgd", "adam"] as const) {
      try {
        all.push(await make(optimizer, data));
      } catch (error) {
        console.log(`(${make.name} ${optimizer} left out: ${(error as Error).message.split("\n")[0]})`);
      }
    }
  }
  return all;
}

async function steps(data: Example, pixels: string): Promise<void> {
  const contestants = [...ours(data), ...(await peers(data))];
  for (const { name, optimizer, step } of contestants) {
    const first = await step();
    let last = first;
    for (let i = 0; i < 20; i++) {
      last = await step();
    }
    if (first !== undefined && last !== undefined && !(last < first)) {
      throw new Error(`${name} ${optimizer}: the loss must fall in 20 steps, got ${first} and then ${last}`);
    }
  }
  const before = fmaPeak();
  const timings = await inTurn(contestants, { rounds: 15, milliseconds: 120 });
  const after = fmaPeak();
  const peak = new Map([...before].map(([bits, rate]) => [bits, Math.max(rate, after.get(bits) ?? 0)]));
  const find = (name: string, optimizer: string): Timing | undefined =>
    [...timings].find(([contestant]) => contestant.name === name && contestant.optimizer === optimizer)?.[1];

  console.log(
    `\n## One training step: 784-100-100-100-100-10, ReLU, batch 128, ${pixels}, float32, one thread (${(flop / 1e6).toFixed(0)} MFLOP)\n`,
  );
  console.log(
    `Peak: ${[...peak].map(([bits, rate]) => `${bits}-bit ${rate.toFixed(0)} GFLOP/s`).join(", ") || "no C compiler to measure it with"}.\n`,
  );
  console.log("| | SGD ms (median) | Adam ms (median) | GFLOP/s (SGD) | of its peak |\n|---|---|---|---|---|");
  const names = [...new Set(contestants.map(({ name }) => name))];
  const cell = (timing?: Timing) =>
    timing === undefined ? "–" : `${timing.best.toFixed(3)} (${timing.median.toFixed(3)})`;
  for (const name of names) {
    const sgd = find(name, "sgd");
    const bits = name.startsWith("native-avx512") ? 512 : name.startsWith("native-avx2") ? 256 : 128;
    const rate = sgd === undefined ? 0 : flop / sgd.best / 1e6;
    const own =
      /^(native|wasm-)/.test(name) && peak.has(bits)
        ? `${((100 * rate) / peak.get(bits)!).toFixed(0)}% of ${bits}-bit`
        : "";
    console.log(`| ${name} | ${cell(sgd)} | ${cell(find(name, "adam"))} | ${rate.toFixed(1)} | ${own} |`);
  }
  const reference = time(makeStep(referenceKernels("float32"), "sgd", chapterShape, data.x), {
    now: () => performance.now(),
    rounds: 2,
    milliseconds: 100,
  });
  console.log(`| reference (plain loops) | ${cell(reference)} | – | ${(flop / reference.best / 1e6).toFixed(1)} | |\n`);

  const ratio = (label: string, a: Timing | undefined, b: Timing | undefined, bound: number) => {
    if (a !== undefined && b !== undefined) {
      const best = a.best / b.best;
      const median = a.median / b.median;
      console.log(
        `| ${label} | ${best.toFixed(3)} | ${median.toFixed(3)} | ≤ ${bound} | ${Math.max(best, median) <= bound ? "yes" : "NO"} |`,
      );
    }
  };
  const native = names[0];
  const wasm = [find("wasm-relaxed", "sgd"), find("wasm-simd", "sgd")].sort((a, b) => a!.best - b!.best)[0];
  console.log("| ratio | of the best | of the medians | must be | held |\n|---|---|---|---|---|");
  ratio(`${native} / ONNX Runtime, SGD`, find(native, "sgd"), find("onnxruntime-node", "sgd"), 0.57);
  ratio(`${native} / ONNX Runtime, Adam`, find(native, "adam"), find("onnxruntime-node", "adam"), 0.42);
  ratio("WASM / jax-js, SGD", wasm, find("jax-js wasm", "sgd"), 0.55);
  ratio("WASM / TensorFlow.js, SGD", wasm, find("tfjs wasm", "sgd"), 0.1);
}

/** A rule over so many parameters and gradients, drawn. */
function openUpdate(name: string, count: number, set: KernelSet = wasmKernels("wasm-simd", "float32")) {
  const optimizer = optimizerNamed(name);
  const opened = planned(set, (kernels) => {
    const [params, grads] = [kernels.arena.floats(1, count), kernels.arena.floats(1, count)];
    return { kernels, params, grads, updater: new Updater({ optimizer, kernels, params, grads }) };
  });
  RandomStream.seeded(1).fillNormal(opened.params.data, 0.1);
  RandomStream.seeded(2).fillNormal(opened.grads.data, 0.01);
  return opened;
}

/** Microseconds of one update of 110,000 float32 parameters, compiled to WASM and in native code. */
function updates(): void {
  const count = 110_000;
  const sets = [wasmKernels("wasm-simd", "float32"), ...nativeKernels("float32").slice(0, 1)];
  console.log(
    `\n## One update of 110,000 parameters, float32, µs (median)\n\n| rule | ${sets.map(({ name }) => name).join(" | ")} |\n|---|${sets.map(() => "---").join("|")}|`,
  );
  for (const { name } of optimizers) {
    const row = sets.map((set) => {
      const { updater } = openUpdate(name, count, set);
      const options = { now: () => performance.now(), rounds: 21, milliseconds: 20 };
      const { best, median } = time(() => updater.step(), options);
      return `${(1000 * best).toFixed(1)} (${(1000 * median).toFixed(1)})`;
    });
    console.log(`| ${name} | ${row.join(" | ")} |`);
  }
}

/**
 * Compiled updates of so many parameters that no cache holds them, against what moving the same vectors takes: w and every
 * slot read and written, g read. Rules that are more than loops over elements (Muon's products) are not bound by it.
 */
function traffic(): void {
  const count = 2_000_000;
  const options = { now: () => performance.now(), rounds: 9, milliseconds: 60 };
  console.log(
    `\n## One compiled update of ${count.toLocaleString("en")} parameters, float32, WASM SIMD, against its memory traffic\n\n| rule | ms (median) | vectors moved | ms of moving them | ratio | held (≤ 1.3) |\n|---|---|---|---|---|---|`,
  );
  for (const { name, rule } of optimizers) {
    const { kernels, params, grads, updater } = openUpdate(name, count);
    const written = [params, ...updater.slots.values()];
    const update = time(() => updater.step(), options);
    const moving = time(() => {
      for (const vector of written) {
        kernels.scale(vector, 1, vector);
      }
      kernels.allFinite(grads);
    }, options);
    const ratio = update.best / moving.best;
    const held = /orthogonal|norm\(/.test(rule) ? "more than a loop" : ratio <= 1.3 ? "yes" : "NO";
    console.log(
      `| ${name} | ${update.best.toFixed(2)} (${update.median.toFixed(2)}) | ${written.length} + g | ${moving.best.toFixed(2)} (${moving.median.toFixed(2)}) | ${ratio.toFixed(2)} | ${held} |`,
    );
  }
}

/** GFLOP/s of a step over hidden widths and batches: two hidden layers between 784 and 10. */
function table(): void {
  const widths = [50, 100, 200, 512, 1024, 2048];
  const batches = [1, 8, 32, 128, 512, 1024];
  for (const set of [nativeKernels("float32")[0], wasmKernels("wasm-relaxed", "float32")].filter(
    (s) => s !== undefined,
  )) {
    console.log(`\n## GFLOP/s of an SGD step, 784-width-width-10, ${set.name} float32\n`);
    console.log(
      `| width | ${batches.map((batch) => `batch ${batch}`).join(" | ")} |\n|---|${batches.map(() => "---").join("|")}|`,
    );
    for (const width of widths) {
      const row = batches.map((batchSize) => {
        const shape = { inputSize: 784, hiddenSizes: [width, width], classes: 10, batchSize };
        const { best } = time(makeStep(set, "sgd", shape), {
          now: () => performance.now(),
          rounds: 5,
          milliseconds: 30,
        });
        return (flopOfStep(shape) / best / 1e6).toFixed(0);
      });
      console.log(`| ${width} | ${row.join(" | ")} |`);
    }
  }
}

/** Seconds of `tanren run optimizer-comparison` on 2 workers, as the run itself tells. */
function whole(): void {
  console.log(
    "\n## optimizer-comparison, whole, 2 workers (seconds of training; of all but writing the figures)\n\n| kernels | train | total |\n|---|---|---|",
  );
  const main = join(here, "..", "src", "cli", "main.ts");
  for (const [backend, dtype] of [
    ["native", "float32"],
    ["native", "float64"],
    ["wasm", "float32"],
    ["wasm", "float64"],
  ]) {
    const folder = mkdtempSync(join(tmpdir(), "tanren-bench-"));
    const args = [
      main,
      "run",
      "optimizer-comparison",
      "--workers",
      "2",
      "--json",
      "--backend",
      backend,
      "--dtype",
      dtype,
    ];
    let best = { train: Number.POSITIVE_INFINITY, total: Number.POSITIVE_INFINITY };
    for (let i = 0; i < 3; i++) {
      const { stdout, stderr, status } = spawnSync(
        process.execPath,
        [...args, "--out", folder, "--store", join(folder, "runs.sqlite")],
        {
          encoding: "utf8",
          maxBuffer: 1 << 26,
        },
      );
      if (status !== 0) {
        console.log(`| ${backend} ${dtype} | ${stderr.trim()} | |`);
        break;
      }
      const { seconds } = JSON.parse(stdout) as { seconds: { train: number; total: number } };
      best = seconds.total < best.total ? seconds : best;
    }
    rmSync(folder, { recursive: true, force: true });
    console.log(`| ${backend} ${dtype} | ${best.train.toFixed(2)} | ${best.total.toFixed(2)} |`);
  }
}

console.log(
  `# ${cpus()[0]?.model.trim()}, ${cpus().length} threads, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`,
);
if (part("steps")) {
  const { train } = await readMnist(findMnist().folder);
  await steps(example(), "noise");
  await steps(example(train), "MNIST's first digits, whose zeros are counted as multiplied");
}
if (part("convolutions")) {
  await convolutions(fmaPeak);
}
if (part("updates")) {
  updates();
}
if (part("traffic")) {
  traffic();
}
if (part("table")) {
  table();
}
if (part("whole")) {
  whole();
}
if (part("fit")) {
  const { fit, loop, ratio } = await frontDoor(60);
  console.log("\n## `fit` beside the loop written by hand: Adam at batch 128, an epoch of 100 steps each in turn\n");
  console.log("| | ms, medians of 57 epochs |\n|---|---|");
  console.log(`| by hand | ${loop.toFixed(1)} |\n| \`fit\` | ${fit.toFixed(1)} |\n`);
  console.log(`fit / by hand, a step: ${ratio.toFixed(4)} (must be ≤ 1.02: ${ratio <= 1.02 ? "yes" : "NO"})`);
}
if (part("endurance")) {
  await endurance({ steps: enduranceSteps, rule: options.rule });
}

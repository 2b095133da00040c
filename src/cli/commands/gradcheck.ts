import { type Command, Option } from "commander";
import { sizes } from "../../core/hyper.ts";
import { largestOf } from "../../core/long-lists.ts";
import { RandomStream } from "../../core/random.ts";
import { type Backend, backends } from "../../kernels/kernels.ts";
import { planned } from "../../kernels/planned.ts";
import { activationNames } from "../../nn/activation.ts";
import { type GradientCheck, gradcheck } from "../../nn/gradcheck.ts";
import { type MlpSpec, mlp } from "../../nn/mlp.ts";
import { Sequential } from "../../nn/sequential.ts";
import { selectKernels } from "../../node/native-kernels.ts";
import type { CliContext } from "../context.ts";
import { seedNumber, wholeNumber } from "../options.ts";
import { printTable } from "../table.ts";

interface GradcheckFlags {
  readonly backend: Backend;
  readonly hidden: string;
  readonly inputs: number;
  readonly rows: number;
  readonly samples: number;
  readonly seed: number;
  readonly json?: boolean;
}

interface CheckedNetwork {
  readonly network: string;
  readonly checks: GradientCheck[];
}

const hiddenSizes = sizes({ default: [20, 20] });

export function addGradcheckCommand(program: Command, contextOf: () => CliContext): void {
  program
    .command("gradcheck")
    .description("every backward pass against numerical gradients, in float64 / 逆伝播を数値微分と照合する")
    .addOption(new Option("--backend <name>", "kernels").choices(backends).default("auto"))
    .option("--hidden <sizes>", "widths of the hidden layers, such as 20,20 or 20x2", "20,20")
    .option("--inputs <n>", "columns of the input", wholeNumber(1, 4096), 30)
    .option("--rows <n>", "rows of the batch", wholeNumber(1, 1024), 16)
    .option("--samples <n>", "elements checked of each parameter", wholeNumber(1, 1_000_000), 50)
    .option("--seed <n>", "seed of weights, inputs and masks", seedNumber, 0)
    .option("--json", "print JSON")
    .action((flags: GradcheckFlags) => {
      const context = contextOf();
      const results = networks(flags).map(({ name, spec, weightDecay }) => ({
        network: name,
        checks: checkNetwork(spec, weightDecay, flags),
      }));
      print(results, flags, context);
    });
}

/** Each activation plain, with Batch Normalization, with Dropout, with weight decay, and with all three. */
function networks(flags: GradcheckFlags): { name: string; spec: MlpSpec; weightDecay: number }[] {
  const base = { inputSize: flags.inputs, hiddenSizes: hiddenSizes.parse(flags.hidden, "--hidden"), classes: 10 };
  return activationNames.flatMap((activation) =>
    [
      { with: [], spec: {}, weightDecay: 0 },
      { with: ["BatchNorm"], spec: { batchNorm: true }, weightDecay: 0 },
      { with: ["Dropout"], spec: { dropRatio: 0.2 }, weightDecay: 0 },
      { with: ["λ=0.1"], spec: {}, weightDecay: 0.1 },
      { with: ["BatchNorm", "Dropout", "λ=0.1"], spec: { batchNorm: true, dropRatio: 0.2 }, weightDecay: 0.1 },
    ].map(({ with: parts, spec, weightDecay }) => ({
      name: [activation, ...parts].join(" + "),
      spec: { ...base, activation, ...spec },
      weightDecay,
    })),
  );
}

function checkNetwork(spec: MlpSpec, weightDecay: number, { backend, rows, samples, seed }: GradcheckFlags) {
  const stream = RandomStream.seeded(seed);
  const { network, x, labels } = planned(selectKernels({ backend, dtype: "float64" }), (kernels) => ({
    network: new Sequential({ kernels, layers: mlp(spec), maxRows: rows, weightDecay }),
    x: kernels.arena.floats(rows, spec.inputSize),
    labels: kernels.arena.ints(rows),
  }));
  network.initialize(spec.activation === "relu" ? "he" : "xavier", stream);
  // Biases, γ and β away from 0 and 1, so that a gradient which ignores them shows.
  for (const { shape, value } of network.parameters.filter((parameter) => parameter.shape.start !== "drawn")) {
    for (let i = 0; i < value.data.length; i++) {
      value.data[i] = Number(shape.start) + 0.3 * stream.normal();
    }
  }
  stream.fillNormal(x.data, 1);
  stream.choice(spec.classes, labels.data);
  network.random = stream;
  return gradcheck({ network, x, labels, samples, seed });
}

function print(results: readonly CheckedNetwork[], flags: GradcheckFlags, context: CliContext): void {
  const passed = results.every(({ checks }) => checks.every(({ pass }) => pass));
  process.exitCode = passed ? 0 : 1;
  if (flags.json) {
    context.print(JSON.stringify({ passed, networks: results }));
    return;
  }
  const columns = [
    { en: "network", ja: "ネットワーク" },
    { en: "parameters", ja: "パラメータ" },
    { en: "elements", ja: "照合した要素" },
    { en: "largest relative error", ja: "相対誤差の最大値" },
    "",
  ];
  const rows = results.map(({ network, checks }) => [
    network,
    checks.length,
    checks.reduce((sum, { checked }) => sum + checked, 0),
    largestOf(checks.map(({ maxRelError }) => maxRelError)).toExponential(1),
    checks.every(({ pass }) => pass) ? "✓" : "✗",
  ]);
  printTable({ columns, rows }, context);
  for (const { network, checks } of results) {
    for (const { parameter, maxRelError, checked, corners } of checks.filter(({ pass }) => !pass)) {
      const error = maxRelError.toExponential(1);
      context.warn({
        en: `gradcheck: ${parameter} of ${network} must have a relative error below 1e-6, got ${error} (${checked} elements, ${corners} at a corner).`,
        ja: `gradcheck: ${network} の ${parameter} は相対誤差が 1e-6 未満でなければなりませんが、${error} でした(照合 ${checked} 要素、折れ点 ${corners})。`,
      });
    }
  }
}

// Writes docs/conformance.md: each rule, schedule, layer and loss, its formula and paper, and what it was checked against.
//   node scripts/conformance-page.ts [--check]
import { readFileSync, writeFileSync } from "node:fs";
import { inLanguage } from "../src/core/text.ts";
import { losses } from "../src/nn/losses/index.generated.ts";
import { optimizers } from "../src/optim/registry.ts";
import { schedules } from "../src/schedule/registry.ts";
import { torchRules } from "../test/support/torch-rules.ts";

const path = new URL("../docs/conformance.md", import.meta.url);
const paperTests = read("../test/conformance/paper-rules.test.ts");
const scheduleTests = read("../src/schedule/schedule.test.ts");
const book = ["sgd", "momentum", "adagrad", "adam", "nesterov", "rmsprop"];

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

function table(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}

const code = (text: string) => `\`${text.replaceAll("`", "'")}\``;

function ruleOracle(name: string): string[] {
  const torch = Object.entries(torchRules).filter(([, [ours]]) => ours === name);
  return [
    ...(book.includes(name) ? ["the book's NumPy, `test/golden/optimizers.test.ts`"] : []),
    ...(torch.length > 0
      ? [
          `PyTorch 1.13 ${torch.map(([theirs]) => theirs).join(", ")}: 100 steps to 1e-12, \`test/golden/torch-optimizers.test.ts\``,
        ]
      : []),
    ...(paperTests.includes(`["${name}",`)
      ? ["its paper transcribed: 100 steps to 1e-12, `test/conformance/paper-rules.test.ts`"]
      : []),
  ];
}

const rules = optimizers.map(({ name, label, rule, paper }) => [
  `${label} (${code(name)})`,
  rule
    .trim()
    .split("\n")
    .map((line) => code(line.trim()))
    .join("<br>"),
  paper === undefined ? "" : `${paper.authors} ${paper.year}, ${paper.where}`,
  paper?.differs ?? "",
  ruleOracle(name).join("; "),
]);

const rates = schedules.map(({ name, tex, paper }) => [
  code(name),
  `$${tex}$`,
  paper ?? "",
  new RegExp(`name: "${name}"`).test(scheduleTests)
    ? "PyTorch 1.13 over a run, to 1e-12, `src/schedule/schedule.test.ts`"
    : "`src/schedule/schedule.test.ts`",
]);

/** Formulas stand at the layers themselves; here in short. */
const layers: readonly (readonly [layer: string, formula: string, paper: string, differs: string, file: string])[] = [
  ["Affine", "y = x·W + b", "", "", "affine"],
  ["Relu, Sigmoid, Tanh", "max(x, 0); 1/(1 + e^−x); tanh x", "", "", "activation"],
  ["LeakyRelu", "x, or 0.01·x below 0", "Maas, Hannun & Ng 2013", "", "activation"],
  ["PRelu", "x, or a·x below 0; a is learnt, by column, of images by channel", "He et al. 2015", "", "prelu"],
  ["Elu", "x, or eˣ − 1 below 0", "Clevert et al. 2016", "α = 1", "activation"],
  ["Selu", "λx, or λα(eˣ − 1) below 0", "Klambauer et al. 2017", "", "activation"],
  ["Softplus", "ln(1 + eˣ)", "Dugas et al. 2001", "", "activation"],
  ["Gelu", "x·Φ(x)", "Hendrycks & Gimpel 2016", "by erf itself, not by tanh", "activation"],
  ["Silu", "x·σ(x)", "Elfwing et al. 2018", "", "activation"],
  ["Maxout", "largest of k neighbouring columns", "Goodfellow et al. 2013", "", "maxout"],
  [
    "BatchNorm",
    "γ·(x − μ)/√(σ² + eps) + β, by column; of images by channel",
    "Ioffe & Szegedy 2015",
    "running statistics start at 0, eps 1e-6, as in the book",
    "batch-norm",
  ],
  ["LayerNorm", "γ·(x − μ)/√(σ² + eps) + β, by row", "Ba et al. 2016", "eps is added", "layer-norm"],
  ["RmsNorm", "γ·x/√(mean(x²) + eps)", "Zhang & Sennrich 2019", "eps is added", "rms-norm"],
  [
    "Dropout",
    "x·mask",
    "Srivastava et al. 2014",
    "`book`: evaluation multiplies; `inverted`: training divides",
    "dropout",
  ],
  ["Conv2d", "patches(x)·W + b", "LeCun et al. 1989", "channels last (decision 20)", "conv2d"],
  [
    "MaxPool, AveragePool, GlobalAveragePool",
    "largest or mean of each window",
    "Lin et al. 2014 (global)",
    "the mean counts zeros beyond the border",
    "pooling",
  ],
  ["Residual", "x + F(x)", "He et al. 2016; stochastic depth: Huang et al. 2016", "", "residual"],
];

const page = `# What everything was checked against

Written by \`scripts/conformance-page.ts\`; do not edit. Every update rule is also compiled and interpreted to the same bits, with NaN, tiny numbers and odd lengths: \`test/conformance/optimizers.test.ts\`.

## Update rules

Where others use another ε or another bias correction under the same name, theirs is a rule of its own: \`…Torch\`, \`…Keras\`. In networks a rule's \`weightDecay\` spares biases, γ and β (\`updater.groups\` says which); PyTorch decays all, \`decayOf: "all"\`.

${table(["rule", "formula", "paper", "departs", "checked against"], rules)}

## Schedules

η₀ is the optimizer's lr, t the update from 0, T the updates of the run.

${table(["schedule", "rate", "paper", "checked against"], rates)}

## Layers

Backward passes are checked against numerical gradients, every stride and padding of 1–3 and 0–2: \`src/nn/layers.test.ts\`, \`src/nn/gradcheck.test.ts\`.

${table(
  ["layer", "y", "paper", "departs", "file"],
  layers.map(([layer, formula, paper, differs, file]) => [layer, formula, paper, differs, `\`src/nn/${file}.ts\``]),
)}

## Losses

${table(
  ["loss", "of a row", "about"],
  losses.map(({ name, tex, about }) => [code(name), `$${tex}$`, inLanguage(about, "en")]),
)}
`;

if (process.argv.includes("--check")) {
  if (readFileSync(path, "utf8") !== page) {
    process.stderr.write("conformance-page: docs/conformance.md must be as generated. Run npm run generate.\n");
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, page);
}

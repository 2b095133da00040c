// Breaks one line of each backward pass in turn, in a copy, and sees that the gradient check fails on every one of them.
//   node scripts/mutate.mjs
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { node, root } from "./setup.mjs";

/** Each `from` stands exactly once in its file. */
const mutations = [
  ["nn/affine.ts", "dW is not computed", "kernels.matmulTN(grads.W, this.x, dy);", ""],
  ["nn/affine.ts", "db is not computed", "kernels.columnSums(grads.b, dy);", ""],
  [
    "nn/affine.ts",
    "dx uses the wrong tensor",
    "kernels.matmulNT(dx, dy, params.W);",
    "kernels.matmulNT(dx, dy, grads.W);",
  ],
  [
    "nn/activation.ts",
    "no activation's gradient is applied",
    "this.applyBackward(this.memory.kernels, dy, dy, this.y);",
    "",
  ],
  [
    "nn/activation.ts",
    "ReLU's gradient is sigmoid's",
    "kernels.reluBackward(dx, dy, y);",
    "kernels.sigmoidBackward(dx, dy, y);",
  ],
  [
    "nn/activation.ts",
    "sigmoid's gradient is tanh's",
    "kernels.sigmoidBackward(dx, dy, y);",
    "kernels.tanhBackward(dx, dy, y);",
  ],
  [
    "nn/activation.ts",
    "tanh's gradient is sigmoid's",
    "kernels.tanhBackward(dx, dy, y);",
    "kernels.sigmoidBackward(dx, dy, y);",
  ],
  [
    "nn/batch-norm.ts",
    "the batch's statistics are taken as constants",
    "dy, xHat, buffers.invStd, params.gamma);",
    "dy, xHat, buffers.variance, params.gamma);",
  ],
  [
    "nn/batch-norm.ts",
    "dγ and dβ are swapped",
    "(dy, grads.gamma, grads.beta, dy,",
    "(dy, grads.beta, grads.gamma, dy,",
  ],
  ["nn/dropout.ts", "the mask is not applied", "kernels.multiply(dy, dy, batch.mask.at(dy.rows));", ""],
  [
    "nn/softmax-cross-entropy.ts",
    "the wrong rows",
    "this.kernels.softmaxCrossEntropyBackward(dx, this.probs.at(labels.cols), labels);",
    "",
  ],
  ["nn/sequential.ts", "weight decay has no gradient", "this.kernels.axpy(grad, this.weightDecay, value);", ""],
  [
    "nn/sequential.ts",
    "weight decay reaches the biases",
    "if (shape.decays) {\n          this.kernels.axpy",
    "if (shape.rows > 0) {\n          this.kernels.axpy",
  ],
  ["kernels/reference.ts", "ReLU lets negatives through", "DX[i] = Y[i] <= 0 ? 0 : DY[i];", "DX[i] = DY[i];"],
  [
    "kernels/reference.ts",
    "sigmoid's slope",
    "DX[i] = (1 - Y[i]) * Y[i] * DY[i];",
    "DX[i] = (1 + Y[i]) * Y[i] * DY[i];",
  ],
  ["kernels/reference.ts", "tanh's slope", "DX[i] = (1 - Y[i] * Y[i]) * DY[i];", "DX[i] = (1 - Y[i]) * DY[i];"],
  [
    "kernels/reference.ts",
    "softmax's gradient is not a mean",
    "DX[i * n + j] = (P[i * n + j] - target) / m;",
    "DX[i * n + j] = P[i * n + j] - target;",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's mean has no gradient",
    "(m * DY[i * n + j] - db[j] - H[i * n + j] * dg[j])",
    "(m * DY[i * n + j] - H[i * n + j] * dg[j])",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's variance has no gradient",
    "(m * DY[i * n + j] - db[j] - H[i * n + j] * dg[j])",
    "(m * DY[i * n + j] - db[j])",
  ],
  [
    "kernels/reference.ts",
    "BatchNorm's γ is left out of dx",
    "(gamma.data[j] * invStd.data[j]) / m",
    "invStd.data[j] / m",
  ],
  ["kernels/reference.ts", "dγ leaves x̂ out", "dg[j] += H[i * n + j] * DY[i * n + j];", "dg[j] += DY[i * n + j];"],
];

const copy = mkdtempSync(join(tmpdir(), "tanren-mutate-"));
let escaped = 0;
try {
  cpSync(join(root, "src"), join(copy, "src"), { recursive: true });
  cpSync(join(root, "package.json"), join(copy, "package.json"));
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
  const check = () =>
    spawnSync(node, [join(copy, "src", "cli", "main.ts"), "gradcheck", "--backend", "reference", "--json"], {
      cwd: copy,
      encoding: "utf8",
      timeout: 60_000,
    });
  /** True only when the check itself says no: a crash is not a catch. */
  const caught = ({ status, stdout }) => status === 1 && JSON.parse(stdout || "{}").passed === false;

  const sound = check();
  if (sound.status !== 0) {
    process.stderr.write(
      `mutate: the unbroken code must pass the gradient check, got exit ${sound.status}: ${sound.stderr}\n`,
    );
    escaped++;
  }
  for (const [file, name, from, to] of mutations) {
    const path = join(copy, "src", file);
    const text = readFileSync(path, "utf8");
    if (text.split(from).length !== 2) {
      process.stderr.write(
        `mutate: ${file} must hold "${from}" once, got ${text.split(from).length - 1}. Mend the list.\n`,
      );
      escaped++;
      continue;
    }
    writeFileSync(
      path,
      text.replace(from, () => to),
    );
    const result = check();
    writeFileSync(path, text);
    const seen = caught(result);
    escaped += seen ? 0 : 1;
    process.stdout.write(`${seen ? "caught " : "ESCAPED"}  ${file}: ${name}\n`);
    if (!seen && result.status !== 0) {
      process.stderr.write(`${result.stderr}\n`);
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`${mutations.length - escaped} of ${mutations.length} broken backward passes caught\n`);
process.exitCode = escaped > 0 ? 1 : 0;

// The notebook of the chapter as one program: `npm run notebooks` runs it in Deno and writes ch06.en.ipynb and
// ch06.ja.ipynb with its outputs. A block of comments after `%% en` or `%% ja` is a text cell, what follows `%% code` is
// a cell of code. A line that begins with `show(` is what the cell displays.

// %% en
// # Techniques for training
// Chapter 6 in TypeScript, section by section. Each technique is written out first, the way one would write it while
// learning; then the same comes from the library, and the two are compared. Nothing is downloaded.
// %% ja
// # 学習に関するテクニック
// 第6章を TypeScript で節ごとに実装します。まず学習者が書くとおりに手法を書き下し、次にライブラリの同じものを使い、
// 両者を比べます。何もダウンロードしません。
// %% code
import { experimentNamed, loadMnist, newDocument, runHere } from "./library.ts";
import { type FigureSpec, mlp, openTraining, optimizerFromText, optimizerNamed } from "./library.ts";
import { RandomStream, renderSvg, renderTerminal, train, wasmKernels } from "./library.ts";

const language = "en";

/** Displays a figure as SVG, and as text where there is no picture. */
function show(value: FigureSpec | string) {
  const text = typeof value === "string" ? value : renderTerminal(value, { language, columns: 80, rows: 8, color: false });
  const bundle: Record<string, string> = { "text/plain": text };
  if (typeof value !== "string") {
    bundle["image/svg+xml"] = renderSvg(value, { language, width: 760, document: newDocument() });
  }
  return { [Symbol.for("Jupyter.display")]: () => bundle };
}

// %% en
// ## 6.1.2 SGD
// Every update goes down the gradient: $w \leftarrow w - \eta\, \partial L / \partial w$.
// %% ja
// ## 6.1.2 SGD
// 更新のたびに、勾配の逆方向へ進みます: $w \leftarrow w - \eta\, \partial L / \partial w$
// %% code
type Params = Record<string, number>;

class SGD {
  constructor(readonly lr = 0.01) {}

  update(params: Params, grads: Params) {
    for (const key in params) {
      params[key] -= this.lr * grads[key];
    }
  }
}

/** f(x, y) = x²/20 + y² and its gradient. */
const f = ({ x, y }: Params) => x ** 2 / 20 + y ** 2;
const df = ({ x, y }: Params): Params => ({ x: x / 10, y: 2 * y });

function path(optimizer: { update(params: Params, grads: Params): void }, start: Params = { x: -7, y: 2 }) {
  const params = { ...start };
  const points = [{ ...params }];
  for (let i = 0; i < 30; i++) {
    optimizer.update(params, df(params));
    points.push({ ...params });
  }
  return points;
}

const sgdPath = path(new SGD(0.95));
show(`${sgdPath.slice(0, 5).map((p) => `(${p.x.toFixed(3)}, ${p.y.toFixed(3)})`).join(" → ")} …  f = ${f(sgdPath[30]).toFixed(5)}`)

// %% en
// ## 6.1.4 Momentum
// A velocity remembers where the last steps went: $v \leftarrow \alpha v - \eta\, g$, $w \leftarrow w + v$.
// %% ja
// ## 6.1.4 Momentum
// 速度がそれまでの動きを覚えています: $v \leftarrow \alpha v - \eta\, g$、$w \leftarrow w + v$
// %% code
class Momentum {
  v: Params = {};
  constructor(readonly lr = 0.01, readonly momentum = 0.9) {}

  update(params: Params, grads: Params) {
    for (const key in params) {
      this.v[key] = this.momentum * (this.v[key] ?? 0) - this.lr * grads[key];
      params[key] += this.v[key];
    }
  }
}

// %% en
// ## 6.1.5 AdaGrad
// Each parameter has its own rate, smaller the more it has moved: $h \leftarrow h + g^2$, $w \leftarrow w - \eta\, g / \sqrt{h}$.
// %% ja
// ## 6.1.5 AdaGrad
// パラメータごとに、よく動いたものほど学習率を下げます: $h \leftarrow h + g^2$、$w \leftarrow w - \eta\, g / \sqrt{h}$
// %% code
class AdaGrad {
  h: Params = {};
  constructor(readonly lr = 0.01) {}

  update(params: Params, grads: Params) {
    for (const key in params) {
      this.h[key] = (this.h[key] ?? 0) + grads[key] ** 2;
      params[key] -= (this.lr * grads[key]) / (Math.sqrt(this.h[key]) + 1e-7);
    }
  }
}

// %% en
// ## 6.1.6 Adam
// Running means of the gradient and of its square, both corrected for starting from zero.
// %% ja
// ## 6.1.6 Adam
// 勾配とその二乗の移動平均を使い、どちらも0から始まる偏りを補正します。
// %% code
class Adam {
  t = 0;
  m: Params = {};
  v: Params = {};
  constructor(readonly lr = 0.001, readonly beta1 = 0.9, readonly beta2 = 0.999) {}

  update(params: Params, grads: Params) {
    this.t++;
    const lr = (this.lr * Math.sqrt(1 - this.beta2 ** this.t)) / (1 - this.beta1 ** this.t);
    for (const key in params) {
      this.m[key] = (this.m[key] ?? 0) + (1 - this.beta1) * (grads[key] - (this.m[key] ?? 0));
      this.v[key] = (this.v[key] ?? 0) + (1 - this.beta2) * (grads[key] ** 2 - (this.v[key] ?? 0));
      params[key] -= (lr * this.m[key]) / (Math.sqrt(this.v[key]) + 1e-7);
    }
  }
}

const written = { SGD: sgdPath, Momentum: path(new Momentum(0.1)), AdaGrad: path(new AdaGrad(1.5)), Adam: path(new Adam(0.3)) };

// %% en
// The library's update rules are their formulas. It gives the same four paths; the figure shows them.
// %% ja
// ライブラリの更新則は数式そのものです。同じ4つの経路が得られることを確かめ、図を描きます。
// %% code
const paths = await runHere("optimizer-paths");
const difference = Math.max(
  ...Object.entries(written).flatMap(([run, points]) =>
    points.map((point, i) => Math.abs(point.x - paths.series.find((s) => s.run === run && s.metric === "x")!.y[i]!)),
  ),
);
if (!(difference < 1e-12)) {
  throw new Error(`the written rules and the library's must agree, got a difference of ${difference}`);
}
show(experimentNamed("optimizer-paths").figures(paths)[0])

// %% code
show(`${optimizerNamed("adam").rule.trim()}\n\n${optimizerNamed("adam").tex}`)

// %% en
// ## 6.1.7 Compared on MNIST
// Four networks 784–100–100–100–100–10, the same minibatches, 300 iterations (the book: 2,000; change the setting).
// %% ja
// ## 6.1.7 MNIST による比較
// 784–100–100–100–100–10 のネットワーク4つを、同じミニバッチで300回更新します(本では2,000回。設定を変えてみてください)。
// %% code
const comparison = await runHere("optimizer-comparison", { iterations: 300 });
show(experimentNamed("optimizer-comparison").figures(comparison)[0])

// %% en
// ## 6.2.2 Activations of the hidden layers
// Random inputs through five random layers. Only the standard deviation of the weights decides what is left at the end.
// %% ja
// ## 6.2.2 隠れ層のアクティベーション分布
// 乱数の入力を、乱数の重みの5層に通します。最後に何が残るかは、重みの標準偏差だけで決まります。
// %% code
function deviationAfterFiveLayers(std: number, activation: (x: number) => number) {
  const random = RandomStream.seeded(0);
  const n = 100;
  let x = Array.from({ length: n * n }, () => random.normal());
  for (let layer = 0; layer < 5; layer++) {
    const w = Array.from({ length: n * n }, () => std * random.normal());
    const a = new Array(n * n).fill(0);
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < n; k++) {
        for (let j = 0; j < n; j++) {
          a[n * i + j] += x[n * i + k] * w[n * k + j];
        }
      }
    }
    x = a.map(activation);
  }
  const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
  return Math.sqrt(x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length);
}

const relu = (x: number) => Math.max(0, x);
show(["0.01", "√(1/n)", "√(2/n)"].map((name, i) => `ReLU, σ = ${name}: ${deviationAfterFiveLayers([0.01, 0.1, Math.sqrt(0.02)][i], relu).toPrecision(3)}`).join("\n"))

// %% code
const histograms = await runHere("activation-histograms");
show(experimentNamed("activation-histograms").figures(histograms)[0])

// %% en
// ## 6.2.4 Initial weights compared on MNIST
// %% ja
// ## 6.2.4 重みの初期値の比較
// %% code
const inits = await runHere("init-comparison", { iterations: 300 });
show(experimentNamed("init-comparison").figures(inits)[0])

// %% en
// ## 6.3 Batch Normalization
// $\hat{x} = (x - \mu)/\sqrt{\sigma^2 + \varepsilon}$, $y = \gamma \hat{x} + \beta$, column by column.
// %% ja
// ## 6.3 Batch Normalization
// 列ごとに $\hat{x} = (x - \mu)/\sqrt{\sigma^2 + \varepsilon}$、$y = \gamma \hat{x} + \beta$ を計算します。
// %% code
/** One column of a batch: forward and backward. */
class BatchNorm {
  gamma = 1;
  beta = 0;
  runningMean = 0;
  runningVariance = 0;
  private xHat: number[] = [];
  private std = 1;

  forward(x: number[]) {
    const mean = x.reduce((sum, v) => sum + v, 0) / x.length;
    const variance = x.reduce((sum, v) => sum + (v - mean) ** 2, 0) / x.length;
    this.runningMean = 0.9 * this.runningMean + 0.1 * mean;
    this.runningVariance = 0.9 * this.runningVariance + 0.1 * variance;
    this.std = Math.sqrt(variance + 1e-6);
    this.xHat = x.map((v) => (v - mean) / this.std);
    return this.xHat.map((v) => this.gamma * v + this.beta);
  }

  backward(dy: number[]) {
    const m = dy.length;
    const dBeta = dy.reduce((sum, v) => sum + v, 0);
    const dGamma = dy.reduce((sum, v, i) => sum + v * this.xHat[i], 0);
    return dy.map((v, i) => (this.gamma / (m * this.std)) * (m * v - dBeta - this.xHat[i] * dGamma));
  }
}

const column = [1, 2, 4, 8];
const weights = [0.3, -0.2, 0.5, 0.1];
const lossOf = (x: number[]) => new BatchNorm().forward(x).reduce((sum, y, i) => sum + weights[i] * y ** 2, 0);
const norm = new BatchNorm();
const dx = norm.backward(norm.forward(column).map((y, i) => 2 * weights[i] * y));
const numerical = column.map((_, i) => {
  const at = (h: number) => lossOf(column.map((v, j) => (i === j ? v + h : v)));
  return (at(1e-5) - at(-1e-5)) / 2e-5;
});
show(dx.map((v, i) => `backward ${v.toFixed(8)}   numerical ${numerical[i].toFixed(8)}`).join("\n"))

// %% code
const checks = await runHere("batchnorm-gradcheck", { samples: 10 });
show(checks.checks.map((c) => `${String(c.rows).padStart(2)}  ${c.parameter.padEnd(17)} ${c.maxRelError.toExponential(1)}  ${c.pass ? "✓" : "✗"}${c.vacuous ? " (0 = 0)" : ""}`).join("\n"))

// %% code
const scales = await runHere("batchnorm-scales", { iterations: 61 });
show(experimentNamed("batchnorm-scales").figures(scales)[0])

// %% en
// ## 6.4.2 Weight decay
// $\frac{1}{2} \lambda \sum W^2$ in the loss; 300 digits, with λ = 0.1 and without.
// %% ja
// ## 6.4.2 荷重減衰
// 損失に $\frac{1}{2} \lambda \sum W^2$ を加えます。300枚の数字で、λ = 0.1 となしを比べます。
// %% code
const decay = await runHere("weight-decay", { iterations: 201, accuracyEvery: 20 });
show(experimentNamed("weight-decay").figures(decay)[0])

// %% en
// ## 6.4.3 Dropout
// %% ja
// ## 6.4.3 Dropout
// %% code
class Dropout {
  private mask: boolean[] = [];
  constructor(readonly ratio = 0.5, readonly random = RandomStream.seeded(0)) {}

  forward(x: number[], training = true) {
    if (!training) {
      return x.map((v) => v * (1 - this.ratio));
    }
    this.mask = x.map(() => this.random.double() > this.ratio);
    return x.map((v, i) => (this.mask[i] ? v : 0));
  }

  backward(dy: number[]) {
    return dy.map((v, i) => (this.mask[i] ? v : 0));
  }
}

const layer = new Dropout(0.2);
const kept = layer.forward(new Array(10_000).fill(1)).reduce((sum, v) => sum + v, 0);
show(`${kept} / 10000; evaluation: ${layer.forward([1], false)[0]}`)

// %% code
const dropped = await runHere("dropout", { iterations: 151, accuracyEvery: 15 });
show(experimentNamed("dropout").figures(dropped)[0])

// %% en
// ## 6.5 Search for hyper-parameters
// Learning rate and λ drawn at random on a logarithmic scale: 20 trials of 20 epochs (the book: 100 of 50).
// %% ja
// ## 6.5 ハイパーパラメータの探索
// 学習率と λ を対数スケールで無作為に選びます。20エポックの試行を20回行います(本では50エポックを100回)。
// %% code
const search = await runHere("hyperparameter-search", { trials: 20, epochs: 20 });
show(experimentNamed("hyperparameter-search").figures(search)[0])

// %% en
// ## A rule of your own
// Write a formula; it is compiled to WebAssembly SIMD and trains MNIST.
// %% ja
// ## 自分の更新則
// 数式を書くと、WebAssembly SIMD にコンパイルされて MNIST を学習します。
// %% code
const own = openTraining({
  kernels: wasmKernels("wasm-simd", "float32"),
  layers: mlp({ inputSize: 784, hiddenSizes: [100], classes: 10 }),
  optimizer: optimizerFromText("sign momentum", "m = 0.9 * m + 0.1 * g\nw = w - lr * sign(m)", { lr: 0.001 }),
  split: (await loadMnist()).train,
  batchSize: 100,
  weightInit: "he",
  stream: RandomStream.seeded(0),
});
const losses: number[] = [];
for await (const event of train({ ...own, rows: 60_000, batchSize: 100, iterations: 200, stream: RandomStream.seeded(1) })) {
  if (event.kind === "step") {
    losses.push(event.loss);
  }
}
show(`${losses[0].toFixed(3)} → ${losses[199].toFixed(3)}`)

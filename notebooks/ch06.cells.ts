// The notebook of the chapter as one program: `npm run notebooks` runs it in Deno and writes ch06.en.ipynb and
// ch06.ja.ipynb with its outputs. A block of comments after `%% en` or `%% ja` is a text cell, what follows `%% code` is
// a cell of code.

// %% en
// # Techniques for training
// Chapter 6 in TypeScript, section by section. Each technique is written out first, the way one writes it while learning;
// then the same comes from the library, and the two are compared. The lengths are the book's, the numbers those of the
// Python original from seed 0. Nothing is downloaded.
//
// - How parameters are updated (6.1): SGD, Momentum, AdaGrad, Adam
// - What weights to begin with (6.2)
// - Batch Normalization (6.3)
// - Against overfitting (6.4): weight decay, Dropout
// - Finding hyper-parameters (6.5)
// %% ja
// # 学習に関するテクニック
// 第6章を節ごとに TypeScript で実装します。まず学習しながら書くとおりに手法を書き下し、次にライブラリの同じものを使って、
// 両者を比べます。回数はすべて本のとおりで、数値はシード0の Python 版と一致します。何もダウンロードしません。
//
// - パラメータの更新(6.1): SGD、Momentum、AdaGrad、Adam
// - 重みの初期値(6.2)
// - Batch Normalization(6.3)
// - 過学習を抑える(6.4): Weight decay、Dropout
// - ハイパーパラメータの検証(6.5)
// %% code
import { experimentNamed, experimentRunner, loadMnist, selectKernels, settled, shower } from "./library.ts";
import { accuracyFigure, bestTrials, histogramFigures, pathFigure, scaleFigure, surfaceFigure, trialFigure } from "./library.ts";
import { mlp, openTraining, optimizerFromText, optimizerNamed, RandomStream, train } from "./library.ts";

const language = "en";
// false: a few iterations of everything, for a quick look.
const whole = true;

const show = shower(language);
const run = experimentRunner({ whole, print: console.log });
await show(selectKernels({ backend: "auto", dtype: "float64" }).name);

// %% en
// ## 6.1 Updating the parameters
// Training looks for the parameters with the smallest loss. There is no way to see the whole landscape: all one knows at
// a point is how steep the ground is there, the gradient. The rules of this section differ in what they make of it.
// %% ja
// ## 6.1 パラメータの更新
// 学習の目的は、損失関数の値ができるだけ小さくなるパラメータを見つけることです。損失の地形全体を見渡すことはできません。
// ある地点でわかるのは足元の傾き、つまり勾配だけです。この節の手法は、その勾配の使い方が異なります。

// %% en
// ### 6.1.2 SGD
// Stochastic gradient descent goes down the gradient of a minibatch, as far as the learning rate says:
// $$W \leftarrow W - \eta \frac{\partial L}{\partial W}$$
// %% ja
// ### 6.1.2 SGD
// 確率的勾配降下法は、ミニバッチから求めた勾配と逆の方向へ、学習率の分だけパラメータを動かします。
// $$W \leftarrow W - \eta \frac{\partial L}{\partial W}$$
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

// %% en
// ### 6.1.3 Where SGD does badly
// Take a valley that is steep across and nearly flat along:
// $$f(x, y) = \frac{1}{20} x^2 + y^2$$
// Its gradient is $(x/10,\ 2y)$: almost everywhere it points across the valley and hardly towards the lowest point at
// $(0, 0)$. The wireframe shows the valley, the contour lines beside it how much longer it is than wide.
// %% ja
// ### 6.1.3 SGD の欠点
// 一方向には急で、もう一方向にはほとんど平らな谷を考えます。
// $$f(x, y) = \frac{1}{20} x^2 + y^2$$
// 勾配は $(x/10,\ 2y)$ です。ほとんどの場所で、勾配は谷を横切る向きを指し、最小値のある $(0, 0)$ をあまり指しません。
// 左のワイヤーフレームが谷の形、右の等高線が谷の細長さを表しています。
// %% code
/** f(x, y) = x²/20 + y² and its gradient. */
const f = ({ x, y }: Params) => x ** 2 / 20 + y ** 2;
const df = ({ x, y }: Params): Params => ({ x: x / 10, y: 2 * y });

await show(surfaceFigure(f));

// %% en
// Thirty updates with SGD: the path swings from one slope to the other and comes forward slowly. It does so only near
// this learning rate. With 0.95 the steps across the valley are nearly as long as they can be; from 1.0 on they never
// shrink, and with 0.5 or less there is no zigzag at all.
// %% ja
// SGD で30回更新します。両側の斜面を行き来しながら、少しずつしか進みません。このジグザグが現れるのは、この付近の学習率の
// ときだけです。0.95 では谷を横切る歩幅がほぼ限界で、1.0 以上では振れ幅が小さくならず、0.5 以下ではジグザグになりません。
// %% code
interface Optimizer {
  update(params: Params, grads: Params): void;
}

function pathOf(optimizer: Optimizer, start: Params) {
  const params = { ...start };
  const points = [{ ...params }];
  for (let i = 0; i < 30; i++) {
    optimizer.update(params, df(params));
    points.push({ ...params });
  }
  return points;
}

/** From the start and with the learning rates that a reader chose, and from those of the book. */
const starts = { notebook: { x: -7, y: 4 }, book: { x: -7, y: 2 } };
const written = { notebook: {}, book: {} } as Record<"notebook" | "book", Record<string, Params[]>>;

function pathsOf(name: string, style: number, make: (lr: number) => Optimizer, lr: { notebook: number; book: number }) {
  const paths = (["notebook", "book"] as const).map((preset) => {
    const points = pathOf(make(lr[preset]), starts[preset]);
    written[preset][name] = points;
    return { title: `(${starts[preset].x}, ${starts[preset].y}), lr = ${lr[preset]}`, points };
  });
  return pathFigure(f, { name, style, paths });
}

await show(pathsOf("SGD", 0, (lr) => new SGD(lr), { notebook: 0.9, book: 0.95 }));

// %% en
// ### 6.1.4 Momentum
// A velocity remembers where the last steps went, as a ball does that rolls down a bowl:
// $$v \leftarrow \alpha v - \eta \frac{\partial L}{\partial W}, \qquad W \leftarrow W + v$$
// Along the valley all steps agree and add up; across it they cancel. $\alpha$, mostly 0.9, is the friction.
// %% ja
// ### 6.1.4 Momentum
// 速度 $v$ がそれまでの動きを覚えています。お椀の中を転がるボールのような動きです。
// $$v \leftarrow \alpha v - \eta \frac{\partial L}{\partial W}, \qquad W \leftarrow W + v$$
// 谷に沿った方向では各回の動きがそろって加速し、谷を横切る方向では打ち消し合います。$\alpha$(ふつう 0.9)は摩擦にあたります。
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

await show(pathsOf("Momentum", 1, (lr) => new Momentum(lr), { notebook: 0.1, book: 0.1 }));

// %% en
// ### 6.1.5 AdaGrad
// Each parameter has a rate of its own, the smaller the more it has moved so far:
// $$h \leftarrow h + \frac{\partial L}{\partial W} \odot \frac{\partial L}{\partial W}, \qquad
// W \leftarrow W - \eta \frac{1}{\sqrt{h}} \frac{\partial L}{\partial W}$$
// $h$ only ever grows, so that learning slows down for good; RMSprop forgets old gradients and does not.
// %% ja
// ### 6.1.5 AdaGrad
// パラメータごとに学習率を持ち、それまでに大きく動いたものほど学習率を小さくします。
// $$h \leftarrow h + \frac{\partial L}{\partial W} \odot \frac{\partial L}{\partial W}, \qquad
// W \leftarrow W - \eta \frac{1}{\sqrt{h}} \frac{\partial L}{\partial W}$$
// $h$ は増える一方なので、学習はしだいに進まなくなります。古い勾配を忘れるようにしてこれを避けたのが RMSprop です。
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

await show(pathsOf("AdaGrad", 2, (lr) => new AdaGrad(lr), { notebook: 1, book: 1.5 }));

// %% en
// ### 6.1.6 Adam
// Both ideas at once: running means of the gradient ($m$) and of its square ($v$), each corrected for starting from zero.
// The correction is folded into the learning rate of the step:
// $$\eta_t = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}, \qquad
// m \leftarrow m + (1 - \beta_1)(g - m), \quad v \leftarrow v + (1 - \beta_2)(g^2 - v), \quad
// W \leftarrow W - \eta_t \frac{m}{\sqrt{v}}$$
// %% ja
// ### 6.1.6 Adam
// 2つの考え方を合わせたものです。勾配の移動平均 $m$ と、勾配の二乗の移動平均 $v$ を使います。どちらも0から始まるための偏りは、
// 各ステップの学習率に含めて補正します。
// $$\eta_t = \eta \frac{\sqrt{1 - \beta_2^t}}{1 - \beta_1^t}, \qquad
// m \leftarrow m + (1 - \beta_1)(g - m), \quad v \leftarrow v + (1 - \beta_2)(g^2 - v), \quad
// W \leftarrow W - \eta_t \frac{m}{\sqrt{v}}$$
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

await show(pathsOf("Adam", 3, (lr) => new Adam(lr), { notebook: 0.5, book: 0.3 }));

// %% en
// The library's update rules *are* their formulas. They must give the same eight paths, x and y, point for point.
// %% ja
// ライブラリの更新則は、数式そのものです。ここまでに書いた8本の経路と、x も y もすべての点で一致することを確かめます。
// %% code
let difference = 0;
for (const preset of ["notebook", "book"] as const) {
  const paths = await run("optimizer-paths", preset);
  for (const [name, points] of Object.entries(written[preset])) {
    for (const metric of ["x", "y"] as const) {
      const { y: values } = paths.series.find((series) => series.run === name && series.metric === metric)!;
      points.forEach((point, i) => {
        difference = Math.max(difference, Math.abs(point[metric] - values[i]!));
      });
    }
  }
}
if (!(difference < 1e-12)) {
  throw new Error(`the written rules and the library's must agree, got a difference of ${difference}`);
}
await show(`${optimizerNamed("adam").rule.trim()}\n\nmax |x − x'|, |y − y'| < 1e-12`);

// %% en
// ### 6.1.7 Compared on MNIST
// Four networks 784–100–100–100–100–10 learn from the same minibatches of 128 digits, 2,000 of them. Bold is the smoothed
// loss. Which one wins depends on the learning rates as much as on the rules: each has its default here.
// %% ja
// ### 6.1.7 MNIST による更新手法の比較
// 784–100–100–100–100–10 のネットワーク4つを、同じミニバッチ(128枚)で2,000回更新します。太い線は平滑化した損失です。
// どの手法が速いかは、手法だけでなく学習率にもよります。ここではそれぞれの既定値を使っています。
// %% code
const comparison = await run("optimizer-comparison");
await show(experimentNamed("optimizer-comparison").figures(comparison)[0]);

// %% en
// ## 6.2 Initial weights
// ### 6.2.1 What if they are all zero?
// Then all units of a layer compute the same, get the same gradient and stay alike for ever: a layer of a hundred units
// is worth one. (With ReLU and zeros nothing moves at all but the last biases.) Weights have to be different at the start, hence
// random; the question is only how large.
// %% ja
// ## 6.2 重みの初期値
// ### 6.2.1 重みの初期値を0にすると
// 同じ層のニューロンがすべて同じ値を出力し、同じ勾配を受け取り、いつまでも同じ重みのままになります。100個のニューロンがあっても
// 1個分の働きしかしません(ReLU で重みがすべて0なら、動くのは最後の層のバイアスだけです)。重みは最初からばらばらで
// なければならず、そのために乱数を使います。問題は、その大きさです。
// %% en
// ### 6.2.2 Activations of the hidden layers
// A thousand random inputs go through five layers of random weights. The standard deviation of the weights alone decides
// what is left at the end. Written out for ReLU, the standard deviation of the fifth layer's outputs:
// %% ja
// ### 6.2.2 隠れ層のアクティベーション分布
// 乱数の入力1,000個を、乱数の重みの5層に通します。最後に何が残るかは、重みの標準偏差だけで決まります。ReLU について
// 書き下し、5層目の出力の標準偏差を見ます。
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
for (const [name, std] of Object.entries({ "0.01": 0.01, "√(1/n)": Math.sqrt(1 / 100), "√(2/n)": Math.sqrt(2 / 100) })) {
  console.log(`ReLU, σ = ${name}: ${deviationAfterFiveLayers(std, relu).toPrecision(3)}`);
}
await settled();

// %% en
// The outputs of the five layers for each setting, sigmoid and tanh too. Piled up at 0 and 1, a sigmoid has no gradient
// left; all in one place, the units of a layer say the same. $\sqrt{1/n}$ (Xavier) keeps sigmoid and tanh spread out,
// $\sqrt{2/n}$ (He) makes up for the half that ReLU throws away (6.2.3). The axis ends at 0 and 1: half of tanh's outputs
// are negative and not to be seen here.
// %% ja
// sigmoid と tanh も含めて、設定ごとに5層の出力の分布を描きます。0と1に偏った sigmoid には勾配が残らず、1か所に集まると
// 同じ層のニューロンがどれも同じことを表します。$\sqrt{1/n}$(Xavier の初期値)は sigmoid と tanh の広がりを保ち、
// $\sqrt{2/n}$(He の初期値)は ReLU が捨てる半分を補います(6.2.3)。横軸は0から1までです。tanh の出力の半分は負なので、
// この図には現れません。
// %% code
const histograms = await run("activation-histograms");
for (const figure of histogramFigures(histograms.histograms)) {
  await show(figure);
}

// %% en
// ### 6.2.4 Initial weights compared on MNIST
// The network of 6.1.7 under SGD, from three starts. With σ = 0.01 the loss stays at $\ln 10 = 2.30$: the signal has died
// out on its way forward, the gradient on its way back, and nothing is learnt.
// %% ja
// ### 6.2.4 MNIST による重みの初期値の比較
// 6.1.7 のネットワークを、3通りの初期値から SGD で学習します。σ = 0.01 では損失が $\ln 10 = 2.30$ のまま動きません。
// 順伝播で信号が消え、逆伝播で勾配が消えるため、何も学習できないのです。
// %% code
const inits = await run("init-comparison");
await show(experimentNamed("init-comparison").figures(inits)[0]);

// %% en
// ## 6.3 Batch Normalization
// ### 6.3.1 The algorithm
// If good activations need a good spread, why not make the spread what it should be? A layer between Affine and activation
// takes each column of the minibatch to mean 0 and variance 1, then lets the network choose scale and shift:
// $$\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad y = \gamma \hat{x} + \beta$$
// Training takes μ and σ² from the minibatch; evaluation, where there may be one row only, takes running means of them.
// For the backward pass one must not forget that μ and σ depend on every row of the column.
// %% ja
// ## 6.3 Batch Normalization
// ### 6.3.1 アルゴリズム
// アクティベーションに適度な広がりが必要なら、強制的にそうしてしまおう、という考え方です。Affine と活性化関数の間に置いた層が、
// ミニバッチの列ごとに平均0、分散1へ正規化し、そのあとのスケールと移動はネットワークに学習させます。
// $$\hat{x} = \frac{x - \mu}{\sqrt{\sigma^2 + \varepsilon}}, \qquad y = \gamma \hat{x} + \beta$$
// 訓練時の μ と σ² はミニバッチから求めます。評価時は1行だけのこともあるので、訓練中の移動平均を使います。
// 逆伝播では、μ と σ がその列のすべての行に依存することを忘れてはいけません。
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
column.forEach((_, i) => {
  const at = (h: number) => lossOf(column.map((v, j) => (i === j ? v + h : v)));
  console.log(`backward ${dx[i].toFixed(8)}   numerical ${((at(1e-5) - at(-1e-5)) / 2e-5).toFixed(8)}`);
});
await settled();

// %% en
// The same check on a whole network. The book takes a batch of ONE row: there x̂ = 0, nearly every gradient vanishes, and
// the check compares 0 with 0. With several rows it can fail, and passes.
// %% ja
// 同じ確認をネットワーク全体で行います。本ではバッチが1行だけです。1行では x̂ = 0 となって勾配のほとんどが消え、0と0を
// 比べることになります。複数行なら、間違っていれば失敗する確認になり、そのうえで合格します。
// %% code
const { checks } = await run("batchnorm-gradcheck");
for (const { rows, parameter, maxRelError, pass, vacuous } of checks) {
  const verdict = `${pass ? "✓" : "✗"}${vacuous ? " (0 = 0)" : ""}`;
  console.log(`${String(rows).padStart(2)}  ${parameter.padEnd(17)} ${maxRelError.toExponential(1)}  ${verdict}`);
}
await settled();

// %% en
// ### 6.3.2 What it does
// 1,000 digits, five hidden layers, sixteen scales W of the initial weights from 1 down to 0.0001. With Batch
// Normalization most scales learn; without, only a few do. It does not win everywhere: look at the scales near the right
// one. Each line below: epoch, accuracy without, accuracy with.
// %% ja
// ### 6.3.2 Batch Normalization の評価
// 1,000枚の数字と5層の隠れ層で、重みの初期値のスケール W を1から0.0001まで16通り試します。Batch Normalization があれば
// ほとんどのスケールで学習が進み、なければ一部でしか進みません。ただし、いつも勝つわけではありません。適切な W の付近を
// 見てください。下の各行は、エポック、なしの精度、ありの精度です。
// %% code
const scales = await run("batchnorm-scales");
await show(scaleFigure(scales));

// %% en
// ## 6.4 Regularisation
// ### 6.4.1 Overfitting
// A network that knows its training data by heart and fails on others has overfitted. It takes many parameters and few
// data: here seven layers and 300 digits. Training accuracy reaches 100%, test accuracy stays far behind. The gap is what
// the next two techniques aim at; but a narrow gap alone proves nothing, since a network that learns less has one, too.
// %% ja
// ## 6.4 正則化
// ### 6.4.1 過学習
// 訓練データには適合しているのに、ほかのデータではうまくいかない状態が過学習です。パラメータが多く、訓練データが少ないと
// 起こります。ここでは7層のネットワークを300枚の数字だけで学習します。訓練データの精度は100%に達し、テストデータの精度は
// 大きく下回ります。次の2つの手法はこの差を縮めます。ただし、差が小さいことだけでは何も言えません。学習が進んでいない
// ネットワークでも差は小さいからです。
// %% en
// ### 6.4.2 Weight decay
// Large weights often go with overfitting, so they cost: $\frac{1}{2} \lambda \sum W^2$ is added to the loss, and
// therefore $\lambda W$ to the gradient. λ = 0.1 and λ = 0 from the same seed, 201 epochs:
// %% ja
// ### 6.4.2 Weight decay(荷重減衰)
// 過学習では重みが大きくなりがちなので、大きな重みに罰則を与えます。損失に $\frac{1}{2} \lambda \sum W^2$ を加えると、
// 勾配には $\lambda W$ が加わります。同じシードから、λ = 0.1 と λ = 0 を201エポックずつ学習します。
// %% code
const decay = await run("weight-decay");
await show(accuracyFigure("Weight decay", decay));

// %% en
// ### 6.4.3 Dropout
// In training, each hidden unit is switched off at random for a minibatch: no unit can rely on another. In evaluation all
// are on, and their outputs are scaled by the share that used to be. One may see it as training a crowd of networks that
// share their weights, and asking them all at once.
// %% ja
// ### 6.4.3 Dropout
// 訓練時に、隠れ層のニューロンをミニバッチごとに無作為に選んで無効にします。どのニューロンも、ほかのニューロンを当てに
// できなくなります。評価時にはすべてを有効にし、訓練時に有効だった割合を出力に掛けます。重みを共有する多数のネットワークを
// 同時に学習し、推論時に全員の意見を聞いている、と見ることもできます。
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
await show(`${kept} / 10000; evaluation: ${layer.forward([1], false)[0]}`);

// %% en
// Ratio 0.2 and 0 from the same seed, 301 epochs:
// %% ja
// 同じシードから、割合 0.2 と 0 を301エポックずつ学習します。
// %% code
const dropped = await run("dropout");
await show(accuracyFigure("Dropout", dropped));

// %% en
// ## 6.5 Finding hyper-parameters
// Learning rate and λ must not be judged by test data, or they are fitted to them. 100 of 500 digits are held back for
// validation. A hundred trials of 50 epochs each draw $\lambda = 10^{u}$, u from −8 to −4, and
// $\eta = 10^{u}$, u from −6 to −2: what matters is the order of magnitude, so that it is the exponent that is uniform.
// %% ja
// ## 6.5 ハイパーパラメータの検証
// 学習率や λ の良し悪しをテストデータで判断すると、テストデータに合わせたことになってしまいます。500枚のうち100枚を
// 検証データとして取り分けます。50エポックの試行を100回行い、試行ごとに $\lambda = 10^{u}$(u は −8 から −4)と
// $\eta = 10^{u}$(u は −6 から −2)を無作為に選びます。重要なのは桁なので、指数のほうを一様に選びます。
// %% code
const search = await run("hyperparameter-search");
const best = bestTrials(search).slice(0, 20);
console.log("=========== Hyper-Parameter Optimization Result ===========");
best.forEach(({ validation, lr, weightDecay }, i) => {
  console.log(`Best-${i + 1}(val acc:${validation.y.at(-1)}) | lr:${lr}, weight decay:${weightDecay}`);
});
await show(trialFigure(experimentNamed("hyperparameter-search").title, best));

// %% en
// All good trials have a learning rate near the upper end of the range: the range should be moved up, and the search
// narrowed there.
// %% ja
// 良い試行の学習率は、どれも範囲の上限の近くにあります。範囲を上へずらし、その付近に絞って探し直すとよいでしょう。

// %% en
// ## A rule of your own
// Write a formula; it is compiled to WebAssembly SIMD and trains MNIST.
// %% ja
// ## 自分の更新則
// 数式を書くと、WebAssembly SIMD にコンパイルされて MNIST を学習します。
// %% code
const own = openTraining({
  kernels: selectKernels({ backend: "auto", dtype: "float64" }),
  layers: mlp({ inputSize: 784, hiddenSizes: [100], classes: 10 }),
  optimizer: optimizerFromText("sign momentum", "m = 0.9 * m + 0.1 * g\nw = w - lr * sign(m)", { lr: 0.001 }),
  split: (await loadMnist()).train,
  batchSize: 100,
  weightInit: "he",
  stream: RandomStream.seeded(0),
});
for await (const event of train({ ...own, rows: 60_000, batchSize: 100, iterations: 201, stream: RandomStream.seeded(1) })) {
  if (event.kind === "step" && event.step % 100 === 0) {
    console.log(`iteration:${event.step} loss:${event.loss.toFixed(4)}`);
  }
}
await settled();

import type { Text } from "../../core/text.ts";

/** A technique or quantity: its names in both languages, its name in the code, what it is. */
export interface Term {
  readonly en: string;
  readonly ja: string;
  /** Setting, metric, module or symbol of that name. */
  readonly code: string;
  readonly about: Text;
}

const term = (en: string, ja: string, code: string, aboutEn: string, aboutJa: string): Term => ({
  en,
  ja,
  code,
  about: { en: aboutEn, ja: aboutJa },
});

/** The chapter's words, in the order in which a reader meets them. */
export const glossary: readonly Term[] = [
  term(
    "parameter",
    "パラメータ",
    "w",
    "A number that training changes: a weight or a bias.",
    "学習で変わる数。重みとバイアス。",
  ),
  term(
    "gradient",
    "勾配",
    "g",
    "How fast the loss grows with each parameter.",
    "各パラメータを動かしたときの損失の増え方。",
  ),
  term(
    "loss",
    "損失",
    "loss",
    "What training makes small: here the cross entropy.",
    "学習で小さくしたい値。ここでは交差エントロピー誤差。",
  ),
  term(
    "optimizer, update rule",
    "最適化手法、更新則",
    "optimizers",
    "How parameters change from their gradients.",
    "勾配からパラメータを更新する規則。",
  ),
  term("learning rate", "学習率", "lr", "Size of one update.", "1回の更新の大きさ。"),
  term(
    "stochastic gradient descent",
    "確率的勾配降下法(SGD)",
    "SGD",
    "Steps against the gradient of a minibatch.",
    "ミニバッチの勾配と逆の向きへ、学習率に応じて進む。",
  ),
  term(
    "momentum",
    "モーメンタム",
    "momentum",
    "The share of the velocity that is kept from step to step.",
    "前回の速度をどれだけ残すか。",
  ),
  term(
    "iteration, update",
    "更新回数、イテレーション",
    "iterations",
    "One minibatch, one update.",
    "ミニバッチ1つで更新1回。",
  ),
  term(
    "epoch",
    "エポック",
    "epochs",
    "As many updates as it takes to see as many rows as there are.",
    "訓練データ全体に相当する数を見るまでの更新。",
  ),
  term(
    "minibatch",
    "ミニバッチ",
    "batchSize",
    "Rows drawn at random for one update.",
    "1回の更新のために無作為に選んだデータ。",
  ),
  term(
    "weight initialisation",
    "重みの初期値",
    "weightInit",
    "How weights are drawn before training.",
    "学習前に重みをどう決めるか。",
  ),
  term(
    "He initialisation",
    "He の初期値",
    "he",
    "Normal with std √(2/in): keeps the spread through ReLU.",
    "標準偏差 √(2/入力数) の正規分布。ReLU を通しても広がりを保つ。",
  ),
  term(
    "Xavier initialisation",
    "Xavier の初期値",
    "xavier",
    "Normal with std √(1/in): for sigmoid and tanh.",
    "標準偏差 √(1/入力数) の正規分布。sigmoid・tanh 向け。",
  ),
  term(
    "activation function",
    "活性化関数",
    "activation",
    "What is applied to each unit: ReLU, sigmoid, tanh.",
    "各ニューロンに適用する関数。ReLU、sigmoid、tanh。",
  ),
  term(
    "activations",
    "アクティベーション(活性化関数の出力)",
    "histograms",
    "The outputs of the activation functions.",
    "活性化関数を通したあとの値。",
  ),
  term(
    "dead unit",
    "死んだニューロン",
    "deadShare",
    "A ReLU that is 0 for every row, and so learns nothing.",
    "どのデータでも出力が0になり、学習が進まない ReLU。",
  ),
  term(
    "sleeping weight",
    "眠っている重み",
    "sleepingShare",
    "A weight that no gradient reaches any more and that its update rule has forgotten: its momentum is 0.",
    "勾配が届かなくなり、更新則の持つ状態(慣性など)も0に戻った重み。",
  ),
  term(
    "vanishing gradient",
    "勾配消失",
    "gradientNorm",
    "Gradients that shrink from layer to layer until nothing is learnt.",
    "層をさかのぼるにつれて勾配が小さくなり、学習が進まなくなること。",
  ),
  term(
    "Batch Normalization",
    "バッチ正規化(Batch Normalization)",
    "batchNorm",
    "Normalises each unit over the minibatch, then scales by γ and shifts by β.",
    "ミニバッチごとに各ニューロンの値を正規化し、γ 倍して β を加える。",
  ),
  term(
    "overfitting",
    "過学習",
    "trainAccuracy, testAccuracy",
    "Right on training data, wrong on new data.",
    "訓練データには合うが、新しいデータには合わない状態。",
  ),
  term(
    "weight decay, L2 regularisation",
    "荷重減衰(Weight decay)",
    "weightDecay",
    "Adds ½·λ·ΣW² to the loss, so that weights stay small.",
    "損失に ½·λ·ΣW² を加え、重みが大きくならないようにする。",
  ),
  term(
    "Dropout",
    "ドロップアウト",
    "dropRatio",
    "Drops each unit with this probability while training.",
    "学習中、この確率でニューロンを消す。",
  ),
  term(
    "accuracy",
    "認識精度",
    "testAccuracy",
    "Share of rows whose most likely class is right.",
    "正しく分類できたデータの割合。",
  ),
  term(
    "validation data",
    "検証データ",
    "valAccuracy",
    "Rows held back to judge hyper-parameters by.",
    "ハイパーパラメータの良し悪しを測るために取り分けたデータ。",
  ),
  term(
    "hyper-parameter",
    "ハイパーパラメータ",
    "lr, weightDecay …",
    "A number that a person chooses and training does not change.",
    "人が決める、学習では変わらない値。",
  ),
  term(
    "divergence",
    "発散",
    "diverged",
    "Numbers grow past what a float can hold: NaN or Infinity.",
    "値が大きくなりすぎて NaN や Infinity になること。",
  ),
  term(
    "seed",
    "シード",
    "seed",
    "Where the random stream begins; the same seed gives the same numbers.",
    "乱数列の出発点。同じシードなら同じ結果になる。",
  ),
  term(
    "gradient check",
    "勾配確認",
    "gradcheck",
    "Compares the backward pass with numerical gradients.",
    "誤差逆伝播法の勾配を数値微分と比べる。",
  ),
  term(
    "exponential moving average",
    "指数移動平均",
    "beta1, beta2, decay",
    "A mean that forgets: each step keeps this share of it.",
    "古い値を少しずつ忘れる平均。1ステップごとにこの割合を残す。",
  ),
  term(
    "update ratio",
    "更新比",
    "updateRatio",
    "‖ΔW‖ / ‖W‖ of one step; about 1e-3 is healthy.",
    "1ステップの ‖ΔW‖ / ‖W‖。1e-3 程度が目安。",
  ),
];

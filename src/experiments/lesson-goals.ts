import type { Text } from "../core/text.ts";

/** What each lesson lets one explain, apart from it: the home page says so without loading them. */
export const lessonGoals: Readonly<Record<string, Text>> = {
  "activation-histograms": {
    en: "why the scale of the first weights decides whether a deep network can learn",
    ja: "重みの初期値のスケールが、深いネットワークの学習を左右する理由",
  },
  "batchnorm-gradcheck": {
    en: "when a passing gradient check proves something, and when it does not",
    ja: "勾配確認の合格が何かを示すとき、示さないとき",
  },
  "batchnorm-scales": {
    en: "what Batch Normalization makes possible, and where it does not help",
    ja: "Batch Normalization で何ができるようになり、どこでは役に立たないか",
  },
  dropout: {
    en: "how to tell a network that generalises from one that has not finished learning",
    ja: "汎化したネットワークと、学習が途中のネットワークの見分け方",
  },
  "hyperparameter-search": {
    en: "how to search learning rate and weight decay, and when to widen the range",
    ja: "学習率と荷重減衰の探し方と、範囲を広げるべきとき",
  },
  "init-comparison": {
    en: "which initial weights suit which activation function, and what the wrong ones look like",
    ja: "活性化関数に合った初期値の選び方と、合わないときの見え方",
  },
  "optimizer-comparison": {
    en: "what one may conclude from four curves at one learning rate each, and what not",
    ja: "学習率を1つずつ決めた4本の曲線から言えること、言えないこと",
  },
  "optimizer-paths": {
    en: "why SGD zigzags, and what Momentum, AdaGrad and Adam each do about it",
    ja: "SGD がジグザグに進む理由と、Momentum・AdaGrad・Adam がそれぞれどう対処するか",
  },
  "weight-decay": {
    en: "what overfitting looks like, and why a narrow gap alone proves nothing",
    ja: "過学習の見え方と、差が小さいだけでは何も言えない理由",
  },
  "dead-units": {
    en: "why units of ReLU die, and what each remedy does about it",
    ja: "ReLU のニューロンが死ぬ理由と、それぞれの対策のしくみ",
  },
  depth: {
    en: "why depth alone cannot be trained, and what a way around each layer changes",
    ja: "深いだけでは学習できない理由と、層ごとの回り道が変えること",
  },
  "lr-find": {
    en: "how a learning rate is found in 300 updates, and why each rule needs its own",
    ja: "300回の更新で学習率を見つける方法と、更新則ごとに値が違う理由",
  },
  schedules: {
    en: "why a learning rate should fall, and what rising first is good for",
    ja: "学習率を下げる理由と、最初に上げることの意味",
  },
};

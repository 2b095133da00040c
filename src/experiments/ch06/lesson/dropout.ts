import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { laterStep, lessonNumbers, percent, valueAt } from "../../lesson-numbers.ts";
import { lastOf } from "../../series.ts";

const plain = "dropout=0";
const withDropout = (record: RunRecord) => lessonNumbers(record).runs.find((run) => run !== plain) ?? plain;
const at = [100, 300, 500, 700, 900];

export const dropoutLesson: Lesson = {
  experiment: "dropout",
  controls: ["dropRatio", "iterations"],
  views: [
    { id: "accuracy", name: { en: "Accuracy", ja: "認識精度" }, figure: "accuracy" },
    { id: "loss", name: { en: "Loss", ja: "損失" }, figure: "loss" },
  ],
  says(record): Text {
    const { gap, accuracy } = lessonNumbers(record);
    const run = withDropout(record);
    return {
      en: `${run}: gap ${gap(run)} points, test ${accuracy(run, "testAccuracy")}; ${plain}: gap ${gap(plain)}, test ${accuracy(plain, "testAccuracy")}.`,
      ja: `${run} では差 ${gap(run)} ポイント(テスト ${accuracy(run, "testAccuracy")})、${plain} では差 ${gap(plain)} ポイント(テスト ${accuracy(plain, "testAccuracy")})です。`,
    };
  },
  steps: [
    {
      title: { en: "Units that may be missing", ja: "いつ欠けるかわからないユニット" },
      text(record): Text {
        const run = withDropout(record);
        return {
          en: `On the left (${run}) a random share of the hidden units is switched off in every training step, so that no unit can rely on one particular other. On the right all stay.`,
          ja: `左(${run})では、訓練の1ステップごとに隠れ層のユニットの一部を無作為に切ります。どのユニットも特定の相手に頼れません。右では切りません。`,
        };
      },
    },
    {
      title: { en: "Is the gap narrower?", ja: "差は縮まったか" },
      text(record): Text {
        const { gap, accuracy } = lessonNumbers(record);
        const run = withDropout(record);
        return {
          en: `${gap(run)} points with Dropout, ${gap(plain)} without. Look at the training accuracy too: ${accuracy(run, "trainAccuracy")} against ${accuracy(plain, "trainAccuracy")}. Whoever has learnt less has less of a gap.`,
          ja: `差は Dropout ありで ${gap(run)} ポイント、なしで ${gap(plain)} ポイントです。訓練データの精度も見てください。ありが ${accuracy(run, "trainAccuracy")}、なしが ${accuracy(plain, "trainAccuracy")} です。学習が進んでいなければ、差も小さくなります。`,
        };
      },
      highlight: ["training"],
    },
    {
      title: { en: "Finished, or still learning?", ja: "学習は終わったのか、まだ途中か" },
      text(record): Text {
        const run = withDropout(record);
        const from = laterStep(record, run, 2 / 3);
        const then = valueAt(record, run, "trainAccuracy", from);
        const last = lastOf(record, run, "trainAccuracy");
        const rising = then !== null && last !== null && last - then > 0.01;
        return {
          en: `From iteration ${from} to the end its training accuracy went from ${percent(then)} to ${percent(last)}${rising ? ": still rising, and not yet able to overfit. Give it time" : ": it has settled. The book's 900 iterations end before; about three times as many"}: [[iterations=3000]].`,
          ja: `${from}回目から最後までに、訓練データの精度は ${percent(then)} から ${percent(last)} に変わりました。${rising ? "まだ途中で、過学習するほど学習していません。時間を与えてみましょう" : "もう落ち着いています。本の約900回では途中で終わります。約3倍の回数にするには"}: [[iterations=3000]]`,
        };
      },
    },
    {
      title: { en: "Six layers, each a fifth less", ja: "6層それぞれで2割を失う" },
      text: (record): Text => ({
        en: `With a ratio of 0.2, 0.8⁶ ≈ 0.26: little of a signal passes six layers. In the book's 900 iterations [[dropRatio=0.05]] learns faster, [[dropRatio=0.5]] hardly at all. Now: ${withDropout(record)}.`,
        ja: `割合 0.2 では 0.8⁶ ≈ 0.26 なので、6層を通る信号はわずかです。本の約900回では、[[dropRatio=0.05]] なら速く学び、[[dropRatio=0.5]] ではほとんど学べません。現在は ${withDropout(record)} です。`,
      }),
    },
    {
      title: { en: "The loss says it in one line", ja: "損失なら1枚でわかる" },
      text(record): Text {
        const { loss } = lessonNumbers(record);
        const run = withDropout(record);
        return {
          en: `${run} ends at ${loss(run)}, ${plain} at ${loss(plain)}: losses of the whole network, in evaluation mode.`,
          ja: `最後の損失は ${run} が ${loss(run)}、${plain} が ${loss(plain)} です。どちらも全ユニットを使う評価モードの値です。`,
        };
      },
      view: "loss",
    },
  ],
  prediction: {
    question: {
      en: "The ratio becomes 0.5: half of each layer is off. Draw the training accuracy at iterations 100, 300, 500, 700 and 900.",
      ja: "割合を 0.5 にして、各層の半分を切ります。100、300、500、700、900 回目の訓練データの精度を描いてください。",
    },
    set: { dropRatio: 0.5 },
    task: {
      kind: "curve",
      at: at.map((n) => ({ en: `iteration ${n}`, ja: `${n} 回目` })),
      label: { en: "training accuracy", ja: "訓練データの精度" },
      low: 0,
      high: 1,
      truth: (record) => at.map((x) => valueAt(record, "dropout=0.5", "trainAccuracy", x)),
    },
    lesson: () => ({
      en: "0.5⁶ is 1.6%: through six halved layers hardly a signal comes. Dropout of a half was made for one or two wide layers.",
      ja: "0.5⁶ = 1.6% なので、6層を通る信号はほとんど残りません。割合 0.5 は、幅の広い層が1、2層あるネットワーク向けの値です。",
    }),
  },
  fault: {
    set: { dropRatio: 0.3, iterations: 301 },
    symptom: {
      en: "With Dropout the training accuracy is far below that without, and so is the test accuracy.",
      ja: "Dropout ありの訓練精度が、なしに比べてずっと低く、テスト精度も低いままです。",
    },
    hint: {
      en: "Is the curve flat at the end, or still rising? What would it need?",
      ja: "曲線は最後に平らになっていますか、それとも上がり続けていますか。何が足りないのでしょう。",
    },
    causes: [
      {
        text: { en: "It has had too little time.", ja: "学習時間が足りない。" },
        right: true,
        why: {
          en: "Right: the curve still rises. Dropout makes each step carry less; it wants more of them, or a smaller ratio.",
          ja: "正解です。曲線はまだ上がっています。Dropout では1ステップで進む量が減るので、回数を増やすか割合を下げます。",
        },
      },
      {
        text: { en: "It overfits.", ja: "過学習している。" },
        why: {
          en: "Overfitting shows as high training and low test accuracy. Here both are low, and close together.",
          ja: "過学習なら訓練精度が高く、テスト精度が低くなります。ここではどちらも低く、差もわずかです。",
        },
      },
      {
        text: { en: "Units are dropped in evaluation too.", ja: "評価のときにもユニットを切っている。" },
        why: {
          en: "Then the curve would jump from point to point, for each measurement would be of another network.",
          ja: "それなら測るたびに別のネットワークになるので、曲線が大きくばらつきます。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "Ratio 0.05 on the left, 0.2 on the right, beside the same network without. Which ends with the higher test accuracy?",
      ja: "左の割合は 0.05、右は 0.2 です。最後のテスト精度が高いのはどちらでしょう。",
    },
    sides: [
      { name: { en: "ratio 0.05", ja: "割合 0.05" }, set: { dropRatio: 0.05 } },
      { name: { en: "ratio 0.2", ja: "割合 0.2" }, set: { dropRatio: 0.2 } },
    ],
    answers: [
      {
        text: "0.05",
        right: true,
        why: {
          en: "Yes, at this length: it has learnt more, and still a little differently than without.",
          ja: "この長さでは正解です。より多くを学び、それでもなしの場合とは少し違う学び方をしています。",
        },
      },
      {
        text: "0.2",
        why: {
          en: "Not yet: it is still learning the training digits.",
          ja: "まだです。訓練データの学習がまだ途中です。",
        },
      },
      {
        text: { en: "Both alike", ja: "同じくらい" },
        why: {
          en: "No: compare the ends of the test curves.",
          ja: "違います。テストの曲線の終わりを見比べてください。",
        },
      },
    ],
  },
};

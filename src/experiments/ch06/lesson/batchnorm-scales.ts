import { notesOf } from "../../../core/note.ts";
import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { percent } from "../../lesson-numbers.ts";
import { lastAt, scalesOf } from "../batchnorm-scales.ts";

type Kind = "plain" | "batchnorm";

/** The scales at which one of the two ends above an accuracy. */
function above(record: RunRecord, run: Kind, bound: number): number[] {
  return scalesOf(record).filter((scale) => (lastAt(record, run, scale) ?? 0) > bound);
}

/** The scale at which a kind ends best. */
function best(record: RunRecord, run: Kind): { scale: string; accuracy: string } {
  const [found] = scalesOf(record).sort((a, b) => (lastAt(record, run, b) ?? 0) - (lastAt(record, run, a) ?? 0));
  return { scale: short(found), accuracy: percent(found === undefined ? null : lastAt(record, run, found)) };
}

const short = (scale: number | undefined) => (scale === undefined ? "–" : String(Number(scale.toPrecision(2))));
const overflowed = (record: RunRecord) => notesOf(record, "diverged").filter(({ run }) => run === "plain");
const places = (record: RunRecord) =>
  [0, 0.25, 0.5, 0.75, 1].map((share) => scalesOf(record)[Math.round(share * (scalesOf(record).length - 1))]);

export const batchnormScalesLesson: Lesson = {
  experiment: "batchnorm-scales",
  controls: ["lr", "iterations", "scales"],
  views: [
    { id: "final", name: { en: "Where it ends", ja: "最後の精度" }, figure: "final" },
    { id: "grid", name: { en: "All curves", ja: "すべての曲線" }, figure: "grid" },
  ],
  says: (record) => ({
    en: `Of ${scalesOf(record).length} scales ${above(record, "batchnorm", 0.5).length} train above 50% with Batch Normalization and ${above(record, "plain", 0.5).length} without it.`,
    ja: `${scalesOf(record).length} 通りのスケールのうち、訓練精度が50%を超えたのは、Batch Normalization を使う場合 ${above(record, "batchnorm", 0.5).length} 通り、使わない場合 ${above(record, "plain", 0.5).length} 通りです。`,
  }),
  steps: [
    {
      title: { en: "Many scales, with and without", ja: "初期値のスケールごとに比べる" },
      text: (record): Text => ({
        en: `Each point is the end of one training, from weights with the deviation σ below it. Without Batch Normalization the best is ${best(record, "plain").accuracy} at σ = ${best(record, "plain").scale}; with it ${best(record, "batchnorm").accuracy} at ${best(record, "batchnorm").scale}.`,
        ja: `1つの点が、標準偏差 σ の重みから始めた1回の訓練の結果です。最高は、使わない場合が σ = ${best(record, "plain").scale} の ${best(record, "plain").accuracy}、使う場合が σ = ${best(record, "batchnorm").scale} の ${best(record, "batchnorm").accuracy} です。`,
      }),
      view: "final",
    },
    {
      title: { en: "Without it: which scales learn?", ja: "使わないと、どこまで学習できるか" },
      text(record): Text {
        const learn = above(record, "plain", 0.5);
        const [first] = overflowed(record);
        const from = first === undefined ? "–" : short(Number(first.tags.weightInitStd));
        const lost = overflowed(record).length;
        return {
          en: [
            `${learn.length} of ${scalesOf(record).length} scales end above 50%${learn.length === 0 ? "" : `: ${learn.map(short).join(", ")}`}. Far below √(2/n) the signal dies out from layer to layer.`,
            ...(first === undefined
              ? []
              : [`Far above, ${lost} networks overflow (σ = ${from} at step ${first.step}).`]),
          ].join(" "),
          ja: [
            `${scalesOf(record).length} 通りのうち、50%を超えたのは ${learn.length} 通り${learn.length === 0 ? "" : `(${learn.map(short).join("、")})`}です。√(2/n) よりずっと小さいと、信号は層を進むごとに消えていきます。`,
            ...(first === undefined
              ? []
              : [`ずっと大きいと、${lost} 個のネットワークが発散します(σ = ${from} ではステップ ${first.step})。`]),
          ].join(""),
        };
      },
      view: "final",
      highlight: ["without"],
    },
    {
      title: { en: "With it: how many learn something?", ja: "使うと、どれだけ学習が進むか" },
      text: (record): Text => ({
        en: `${above(record, "batchnorm", 0.2).length} of ${scalesOf(record).length} end above 20%. Each unit's input is brought to mean 0 and deviation 1 before the activation, whatever the weights were.`,
        ja: `${scalesOf(record).length} 通りのうち ${above(record, "batchnorm", 0.2).length} 通りが20%を超えます。重みが何であっても、各ユニットへの入力は活性化の前に平均0・標準偏差1にそろえられます。`,
      }),
      view: "final",
      highlight: ["with Batch Normalization"],
    },
    {
      title: { en: "Does it win everywhere?", ja: "いつも勝つのか" },
      text: (record): Text => {
        const ahead = scalesOf(record).filter(
          (s) => (lastAt(record, "plain", s) ?? 0) > (lastAt(record, "batchnorm", s) ?? 0),
        );
        return {
          en:
            ahead.length === 0
              ? "In this run it does: at no scale the plain network ends ahead."
              : `At ${ahead.length} scales (${ahead.map(short).join(", ")}) the plain network ends ahead. Where it can learn by itself it has nothing to be rescued from.`,
          ja:
            ahead.length === 0
              ? "この実行では勝っています。使わないほうが最後の精度が高いスケールはありません。"
              : `${ahead.length} 通り(${ahead.map(short).join("、")})では、使わないほうが最後の精度が高くなります。もともと学習できる範囲では、助けはいりません。`,
        };
      },
      view: "grid",
    },
    {
      title: { en: "The scale still shows", ja: "スケールの影響は残る" },
      text: () => ({
        en: "The gradient of W grows as 1/σ, so one learning rate means large relative steps for small weights and small ones for large weights. A larger rate shifts the best σ: [[lr=0.1]].",
        ja: "W の勾配は 1/σ に比例するので、同じ学習率でも、小さな重みには相対的に大きな一歩、大きな重みには小さな一歩になります。学習率を上げると、最もよい σ がずれます: [[lr=0.1]]",
      }),
      view: "grid",
    },
  ],
  prediction: {
    question: {
      en: "Without Batch Normalization: draw the last accuracy at five scales, from σ = 1 down to σ = 0.0001.",
      ja: "Batch Normalization を使わない場合、σ = 1 から 0.0001 までの5点で、最後の精度がどうなるか描いてください。",
    },
    set: {},
    task: {
      kind: "curve",
      at: ["σ = 1", "σ ≈ 0.1", "σ ≈ 0.01", "σ ≈ 0.001", "σ = 0.0001"],
      label: { en: "last training accuracy", ja: "最後の訓練データの精度" },
      low: 0,
      high: 1,
      truth: (record) => places(record).map((scale) => lastAt(record, "plain", scale)),
    },
    lesson: (record) => ({
      en: `A window, not a slope: only ${above(record, "plain", 0.5).map(short).join(", ") || "none"} end above 50%. On both sides the network gives one answer to everything.`,
      ja: `なだらかな坂ではなく、窓になります。50%を超えるのは σ = ${above(record, "plain", 0.5).map(short).join("、") || "なし"} だけで、その両側では何にでも同じ答えを返します。`,
    }),
  },
  fault: {
    set: { lr: 0.0005, scales: 8 },
    symptom: {
      en: "Even with Batch Normalization the larger half of the scales has hardly learnt after 191 updates.",
      ja: "Batch Normalization を使っても、大きいほうの半分のスケールは、191回の更新後にほとんど学習できていません。",
    },
    hint: {
      en: "View “All curves”: are they flat, or slow? Microscope: is the update ratio near a thousandth?",
      ja: "「すべての曲線」で、平らなのか遅いだけなのかを見てください。顕微鏡では、更新比が1000分の1程度ありますか。",
    },
    causes: [
      {
        text: { en: "The learning rate is too low.", ja: "学習率が低すぎる。" },
        right: true,
        why: {
          en: "Right: the steps are too short for large weights. Small σ, where the same step is large beside the weights, has learnt.",
          ja: "正解です。大きな重みには一歩が小さすぎます。同じ一歩でも重みに対して大きくなる小さな σ では、学習できています。",
        },
      },
      {
        text: { en: "The scales are too small.", ja: "スケールが小さすぎる。" },
        why: {
          en: "Then the largest σ would do well. With Batch Normalization the smallest learn first.",
          ja: "それなら大きな σ ではうまくいくはずです。Batch Normalization では小さい σ のほうが先に学びます。",
        },
      },
      {
        text: { en: "The running means have not settled.", ja: "移動平均がまだ落ち着いていない。" },
        why: {
          en: "That delays only the first points of a curve, some tens of updates.",
          ja: "それで遅れるのは最初の数点、更新数十回分だけです。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "lr 0.01 on the left, 0.1 on the right. Where does the best σ with Batch Normalization go?",
      ja: "左は lr = 0.01、右は 0.1 です。Batch Normalization を使うとき、最もよい σ はどちらへ動くでしょう。",
    },
    sides: [
      { name: "lr = 0.01", set: { scales: 8 } },
      { name: "lr = 0.1", set: { scales: 8, lr: 0.1 } },
    ],
    answers: [
      {
        text: { en: "To larger σ", ja: "大きい σ へ" },
        right: true,
        why: {
          en: "Yes: what counts is the step relative to the weights, about lr/σ². A larger rate wants larger weights.",
          ja: "正解です。効くのは重みに対する歩幅(およそ lr/σ²)で、学習率が大きければ大きな重みが合います。",
        },
      },
      {
        text: { en: "To smaller σ", ja: "小さい σ へ" },
        why: { en: "No: there the steps were large already.", ja: "違います。そこでは歩幅がもともと大きすぎます。" },
      },
      {
        text: { en: "Nowhere", ja: "動かない" },
        why: {
          en: "No: Batch Normalization takes the scale out of the outputs, not out of the gradient.",
          ja: "違います。Batch Normalization が取り除くのは出力のスケールで、勾配のスケールではありません。",
        },
      },
    ],
  },
};

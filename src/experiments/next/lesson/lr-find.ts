import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { shortNumber } from "../../lesson-numbers.ts";
import { runsOf } from "../../series.ts";
import { findingsOf } from "../lr-find.ts";

/** What is worth taking of a run's rates; null where nothing can be said. */
const suggested = (record: RunRecord, run: string) =>
  findingsOf(record).find((found) => found.run === run)?.suggested ?? null;

const found = (record: RunRecord) =>
  runsOf(record).flatMap((run) => {
    const rate = suggested(record, run);
    return rate === null ? [] : [{ run, rate }];
  });

export const lrFindLesson: Lesson = {
  experiment: "lr-find",
  controls: ["optimizers", "iterations", "high"],
  views: [{ id: "lr-find", name: { en: "Loss over the rate", ja: "学習率に対する損失" }, figure: "lr-find" }],
  says(record): Text {
    const told = found(record).map(({ run, rate }) => `${run} ${shortNumber(rate)}`);
    return told.length === 0
      ? {
          en: "No loss fell and rose again: nothing can be said of a rate.",
          ja: "下がってから上がった損失がなく、学習率については何も言えません。",
        }
      : { en: `Worth taking: ${told.join(", ")}.`, ja: `目安の学習率: ${told.join("、")}` };
  },
  steps: [
    {
      title: { en: "A rate that rises until it breaks", ja: "壊れるまで学習率を上げる" },
      text: ({ settings }): Text => ({
        en: `From one update to the next the rate grows by the same factor, from far too low to far too high. ${settings.iterations ?? 300} updates tell what a search would need many runs for. Smith 2017.`,
        ja: `更新のたびに学習率を一定の倍率で上げます。小さすぎる値から大きすぎる値まで、${settings.iterations ?? 300}回の更新で、探索なら何回も学習が必要なことがわかります(Smith 2017)。`,
      }),
    },
    {
      title: { en: "Three parts of each curve", ja: "曲線の3つの部分" },
      text: () => ({
        en: "Flat: steps so small that nothing happens. Falling: the network learns. Rising: a step goes beyond the valley, and the loss blows up.",
        ja: "平らな部分では更新が小さすぎて何も起こりません。下がる部分では学習が進みます。上がる部分では谷を飛び越え、損失が発散します。",
      }),
    },
    {
      title: { en: "Which rate to take", ja: "どの学習率を使うか" },
      text(record): Text {
        const told = found(record).map(({ run, rate }) => `${run} ${shortNumber(rate)}`);
        return {
          en: `Not the lowest point, which is on the edge already, but about a tenth of it: the line. ${told.length === 0 ? "In this run no loss fell and rose again: there is no line." : `Here: ${told.join(", ")}.`}`,
          ja: `最小点はすでに崖の縁なので、その10分の1程度(縦線)を使います。${told.length === 0 ? "この実行では、下がってから上がった損失がないので縦線はありません。" : `ここでは ${told.join("、")} です。`}`,
        };
      },
    },
    {
      title: { en: "Each rule has its own", ja: "更新則ごとに違う" },
      text: () => ({
        en: "Adam's steps have the size of the rate whatever the gradient's; SGD's have that of both. So one rate for all rules compares nothing. Look at others: [[optimizers=AdamW,Lion,Muon]].",
        ja: "Adam の更新の大きさは勾配によらず学習率で決まり、SGD では両方で決まります。だから同じ学習率で更新則を比べても意味がありません。ほかも見てください: [[optimizers=AdamW,Lion,Muon]]",
      }),
    },
    {
      title: { en: "How far to trust it", ja: "どこまで信じるか" },
      text: () => ({
        en: "It sees one beginning only, and a few minibatches. Let it rise more slowly, [[iterations=1000]], or from other weights, [[seed=1]], and see how much the lines move.",
        ja: "見ているのは学習の始まりと、わずかなミニバッチだけです。ゆっくり上げる [[iterations=1000]]、別の重みから始める [[seed=1]] で、縦線がどれだけ動くか見てください。",
      }),
    },
  ],
  prediction: {
    question: {
      en: "Which rule bears the highest rate, which the lowest? Order them by the rate that is worth taking, the highest on top.",
      ja: "大きな学習率に耐えるのはどの更新則でしょう。目安の学習率が大きい順に並べてください。",
    },
    set: {},
    task: {
      kind: "order",
      items: [
        { id: "SGD", name: "SGD" },
        { id: "Momentum", name: "Momentum" },
        { id: "Adam", name: "Adam" },
      ],
      truth: (record) =>
        ["SGD", "Momentum", "Adam"].sort((a, b) => (suggested(record, b) ?? 0) - (suggested(record, a) ?? 0)),
    },
    lesson: () => ({
      en: "Momentum's steps add up to as much as 1/(1 − 0.9) = 10 of SGD's, so it bears less; Adam divides by the gradient's own size, and its steps are as long as the rate itself.",
      ja: "Momentum の更新は積み重なると SGD の最大 1/(1 − 0.9) = 10 倍になるので、耐えられる学習率は小さくなります。Adam は勾配の大きさで割るため、学習率がそのまま更新の長さになります。",
    }),
  },
  fault: {
    set: { weightInit: 0.0001 },
    symptom: {
      en: "On the left the curves stay flat far longer, whatever the rate.",
      ja: "左では、学習率を上げても曲線がずっと平らなままです。",
    },
    hint: {
      en: "All rules are hit alike. What do they share?",
      ja: "どの更新則も同じ影響を受けています。共通するものは何でしょう。",
    },
    causes: [
      {
        text: { en: "The initial weights are almost 0.", ja: "重みの初期値がほとんど0である。" },
        right: true,
        why: {
          en: "Right: through five layers of such weights next to no gradient comes back.",
          ja: "正解です。そのような重みの5層を通ると、勾配はほとんど戻ってきません。",
        },
      },
      {
        text: { en: "The rates begin too low.", ja: "学習率の始まりが小さすぎる。" },
        why: { en: "They are the same on both sides.", ja: "左右で同じです。" },
      },
      {
        text: { en: "The minibatches are too small.", ja: "ミニバッチが小さすぎる。" },
        why: {
          en: "Then the curves would be ragged, not flat.",
          ja: "それなら曲線は平らではなく、ぎざぎざになります。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "100 updates on the left, 1,000 on the right, over the same rates. Which bears the higher rate before its loss blows up?",
      ja: "同じ範囲の学習率を、左は100回、右は1,000回の更新で上げます。損失が発散する学習率が大きいのはどちらでしょう。",
    },
    sides: [
      { name: { en: "100 updates", ja: "100回" }, set: { iterations: 100 } },
      { name: { en: "1,000 updates", ja: "1,000回" }, set: { iterations: 1000 } },
    ],
    answers: [
      {
        text: { en: "100 updates", ja: "100回" },
        right: true,
        why: {
          en: "Yes: a quick rise has left a rate before it can do its worst. A slow one spends many updates at each, and one of them goes wrong earlier.",
          ja: "正解です。速く上げると、その学習率の害が現れる前に通り過ぎます。ゆっくり上げると同じあたりに長くとどまるので、より小さな学習率で発散します。",
        },
      },
      {
        text: { en: "1,000 updates", ja: "1,000回" },
        why: {
          en: "No: compare the rates at which SGD's curves go up.",
          ja: "違います。SGD の曲線が上がり始める学習率を見比べてください。",
        },
      },
      {
        text: { en: "Both alike", ja: "同じくらい" },
        why: {
          en: "No: SGD's curves turn at rates that lie a factor of several apart.",
          ja: "違います。SGD の曲線が上がり始める学習率は数倍違います。",
        },
      },
    ],
  },
};

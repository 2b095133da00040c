import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { byLoss, divergedOf, lessonNumbers, valueAt } from "../../lesson-numbers.ts";

const rules = ["SGD", "Momentum", "AdaGrad", "Adam"];

/** The rules by their smoothed loss at an iteration, the lowest first. */
function orderAt(record: RunRecord, x: number): string[] {
  const loss = (run: string) => valueAt(record, run, "loss", x) ?? Number.POSITIVE_INFINITY;
  return [...rules].sort((a, b) => loss(a) - loss(b));
}

export const optimizerComparisonLesson: Lesson = {
  experiment: "optimizer-comparison",
  controls: ["SGD.lr", "Adam.lr", "iterations"],
  views: [{ id: "loss", name: { en: "Loss", ja: "損失" }, figure: "loss" }],
  says(record): Text {
    const { loss, averaged } = lessonNumbers(record);
    const lost = divergedOf(record);
    const order = byLoss(record).filter((run) => loss(run) !== "–");
    const [best, worst] = [order[0], order.at(-1)];
    const compared =
      best === undefined || worst === undefined
        ? { en: "Four update rules on the same digits.", ja: "4つの更新則を同じ数字で比べます。" }
        : {
            en: `${best} has the lowest loss (${loss(best)}) and ${worst} the highest (${loss(worst)}), as means of the last ${averaged}.`,
            ja: `最後の${averaged}回の平均で、損失が最も低いのは ${best}(${loss(best)})、最も高いのは ${worst}(${loss(worst)})です。`,
          };
    return { en: [compared.en, lost.en].join(" ").trim(), ja: compared.ja + lost.ja };
  },
  steps: [
    {
      title: { en: "One network per optimizer", ja: "更新則ごとに1つのネットワーク" },
      text(record): Text {
        const { firstLoss } = lessonNumbers(record);
        return {
          en: `Four networks of one shape, the same minibatches in the same order; only the rule differs. SGD begins at ${firstLoss("SGD")}; ln 10 = 2.30 is a network that gives every digit the same chance.`,
          ja: `同じ形のネットワークを4つ、同じ順のミニバッチで訓練します。違うのは更新則だけです。SGD の最初の損失は ${firstLoss("SGD")} です。どの数字にも同じ確率を与えるネットワークの損失は ln 10 = 2.30 です。`,
        };
      },
    },
    {
      title: { en: "The first 200 iterations", ja: "最初の200回" },
      text(record): Text {
        const { runs, order } = lessonNumbers(record);
        const { en, ja } = order(runs, 0.5);
        return { en: `Here the rules part. ${en}`, ja: `ここで差がつきます。${ja}` };
      },
      zoom: { x: [0, 200], y: [0, 2.5] },
    },
    {
      title: { en: "SGD comes last. Does it?", ja: "SGD は最下位?" },
      text(record): Text {
        const { loss } = lessonNumbers(record);
        return {
          en: `SGD ends at ${loss("SGD")}. But 0.01 is a small rate for this network: [[SGD.lr=0.1]], or even [[SGD.lr=0.3]]. To rank rules at one rate each is to rank rates too.`,
          ja: `SGD の最後の損失は ${loss("SGD")} です。ただし、このネットワークに学習率 0.01 は小さすぎます。[[SGD.lr=0.1]] や [[SGD.lr=0.3]] を試してください。学習率を1つに決めた比較は、学習率の比較にもなってしまいます。`,
        };
      },
      highlight: ["SGD"],
    },
    {
      title: { en: "Adam and AdaGrad scale their own steps", ja: "Adam と AdaGrad は歩幅を自分で決める" },
      text(record): Text {
        const { loss } = lessonNumbers(record);
        return {
          en: `Both divide by the size of past gradients, so a rate means about the same in every layer: ${loss("AdaGrad")} and ${loss("Adam")} at the end. That does not save a rate that is far off: [[Adam.lr=0.1]].`,
          ja: `どちらも過去の勾配の大きさで割るので、学習率の意味がどの層でもほぼ同じになります。最後の損失は ${loss("AdaGrad")} と ${loss("Adam")} です。それでも、極端な学習率は救えません: [[Adam.lr=0.1]]`,
        };
      },
      highlight: ["AdaGrad", "Adam"],
    },
    {
      title: { en: "How much is chance?", ja: "どこまでが偶然か" },
      text: () => ({
        en: "Each rule has its own first weights, and another seed moves every curve. Differences smaller than that movement mean nothing: [[seed=1]], [[seed=2]].",
        ja: "最初の重みは更新則ごとに違い、シードを変えるとどの曲線も少し動きます。その動きより小さな差に意味はありません: [[seed=1]]、[[seed=2]]",
      }),
    },
  ],
  prediction: {
    question: {
      en: "SGD's rate becomes 0.1, ten times the book's; the others stay. Order the four by their loss at the end, the lowest on top.",
      ja: "SGD の学習率を本の10倍の 0.1 にします。ほかはそのままです。最後の損失が低い順に並べてください。",
    },
    set: { "SGD.lr": 0.1, iterations: 1000 },
    task: {
      kind: "order",
      items: rules.map((name) => ({ id: name, name })),
      truth: (record) => orderAt(record, 1000),
    },
    lesson(record): Text {
      const order = orderAt(record, 1000);
      return {
        en: `It came as ${order.join(", ")}. One changed rate moved SGD to place ${order.indexOf("SGD") + 1} of 4: the ranking was one of rates as well.`,
        ja: `結果は ${order.join("、")} の順でした。学習率を1つ変えただけで、SGD は4つのうち ${order.indexOf("SGD") + 1} 番目になりました。順位は学習率の順位でもあったのです。`,
      };
    },
  },
  fault: {
    set: { "SGD.lr": 3, "Momentum.lr": 1, iterations: 200 },
    symptom: {
      en: "Two of the four curves do not come down at all.",
      ja: "4本のうち2本の損失がまったく下がりません。",
    },
    hint: {
      en: "Run with the microscope on (tab “Inside”): how large are the gradients and the updates of the two, compared with the others?",
      ja: "「内部」タブの顕微鏡をオンにして実行してください。2つの勾配と更新比は、ほかと比べてどれほどの大きさですか。",
    },
    causes: [
      {
        text: { en: "Their learning rate is far too high.", ja: "学習率が高すぎる。" },
        right: true,
        why: {
          en: "Right: updates as large as the weights themselves threw the network where ReLU units are dead or numbers overflow.",
          ja: "正解です。重みと同じくらい大きな更新で、ReLU のユニットが死ぬか、数値があふれる領域へ飛ばされました。",
        },
      },
      {
        text: { en: "Their initial weights are too small.", ja: "重みの初期値が小さすぎる。" },
        why: {
          en: "Then all four would begin at 2.30 and creep: the four share one way of drawing weights.",
          ja: "それなら4本とも 2.30 から始まり、ほとんど動かないはずです。初期値の決め方は4つに共通です。",
        },
      },
      {
        text: { en: "The minibatches are too small.", ja: "ミニバッチが小さすぎる。" },
        why: {
          en: "Then all curves would be noisier. All four see the same minibatches, and two learn from them.",
          ja: "それならどの曲線もばらつきが増えます。4つは同じミニバッチを使い、うち2つは学習できています。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "The same four rules; on the right the weights begin with a standard deviation of 0.01. Which rule can still learn?",
      ja: "同じ4つの更新則ですが、右は重みの初期値の標準偏差が 0.01 です。それでも学習できるのはどれでしょう。",
    },
    sides: [
      { name: "He", set: { iterations: 400 } },
      { name: "std = 0.01", set: { iterations: 400, weightInit: 0.01 } },
    ],
    answers: [
      {
        text: { en: "Those that divide by the gradient's size", ja: "勾配の大きさで割るもの" },
        right: true,
        why: {
          en: "Yes: tiny gradients divided by their own size give ordinary steps. SGD and Momentum stay near 2.30.",
          ja: "正解です。小さな勾配も自分の大きさで割れば普通の歩幅になります。SGD と Momentum は 2.30 付近にとどまります。",
        },
      },
      {
        text: { en: "All of them, a little later", ja: "少し遅れるだけで全部" },
        why: {
          en: "No: with gradients ten thousand times smaller SGD would need ten thousand times as long.",
          ja: "違います。勾配が1万分の1なら、SGD には1万倍の時間が必要です。",
        },
      },
      {
        text: { en: "None", ja: "どれもできない" },
        why: {
          en: "Look again at the right panel: not all stay at 2.30.",
          ja: "右の図をもう一度見てください。全部が 2.30 のままではありません。",
        },
      },
    ],
  },
};

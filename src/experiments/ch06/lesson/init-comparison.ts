import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { byLoss, divergedOf, lessonNumbers, valueAt } from "../../lesson-numbers.ts";

const activationOf = ({ settings }: RunRecord) =>
  settings.activation === undefined || settings.activation === "relu" ? "ReLU" : String(settings.activation);

export const initComparisonLesson: Lesson = {
  experiment: "init-comparison",
  controls: ["lr", "activation", "iterations"],
  views: [{ id: "loss", name: { en: "Loss", ja: "損失" }, figure: "loss" }],
  says(record): Text {
    const { loss, averaged } = lessonNumbers(record);
    const lost = divergedOf(record);
    return {
      en: `With std=0.01 the loss is ${loss("std=0.01")}, with Xavier ${loss("Xavier")}, with He ${loss("He")} (means of the last ${averaged}). ${lost.en}`.trim(),
      ja: `最後の${averaged}回の平均損失は、std=0.01 が ${loss("std=0.01")}、Xavier が ${loss("Xavier")}、He が ${loss("He")} です。${lost.ja}`,
    };
  },
  steps: [
    {
      title: { en: "Three scales, nothing else", ja: "違いは初期値のスケールだけ" },
      text: (record): Text => ({
        en: `One network (${activationOf(record)}), the same minibatches, plain SGD. The curves differ by the scale of their first weights alone: 0.01, √(1/n), √(2/n).`,
        ja: `同じネットワーク(${activationOf(record)})、同じミニバッチ、SGD。違いは重みの初期値のスケールだけです: 0.01、√(1/n)、√(2/n)。`,
      }),
    },
    {
      title: { en: "Does std=0.01 leave ln 10?", ja: "std=0.01 は ln 10 から動くか" },
      text(record): Text {
        const { firstLoss, loss } = lessonNumbers(record);
        const stays = Number(loss("std=0.01")) > 2.2;
        return {
          en: `From ${firstLoss("std=0.01")} to ${loss("std=0.01")}: 2.30 is the loss of a network that gives every digit the same chance. ${stays ? "Its gradients are tiny (in the book's run some ten thousand times smaller than He's), so an update changes next to nothing." : "Here its gradients are large enough to leave it."}`,
          ja: `${firstLoss("std=0.01")} から始まり、最後は ${loss("std=0.01")} です。2.30 は、どの数字にも同じ確率を与えるネットワークの損失です。${stays ? "勾配がとても小さい(本の設定では He の約1万分の1)ので、更新してもほとんど変わりません。" : "この設定では、そこから抜け出せるだけの勾配があります。"}`,
        };
      },
      highlight: ["std=0.01"],
    },
    {
      title: { en: "Which learns sooner, Xavier or He?", ja: "先に学ぶのは Xavier か He か" },
      text(record): Text {
        const { en, ja } = lessonNumbers(record).order(["He", "Xavier"], 1);
        return {
          en: `${en}${activationOf(record) === "ReLU" ? " ReLU cuts half of the signal away in each layer; He's √2 brings it back." : ""}`,
          ja: `${ja}${activationOf(record) === "ReLU" ? "ReLU は層ごとに信号の半分を切り捨てますが、He の √2 がそれを補います。" : ""}`,
        };
      },
      highlight: ["Xavier", "He"],
      zoom: { x: [0, 600], y: [0, 2.5] },
    },
    {
      title: { en: "How much of it is ReLU's doing?", ja: "どこまでが ReLU のせいか" },
      text: () => ({
        en: "With tanh, for which Xavier's scale was made, Xavier stays closer to He: [[activation=tanh&iterations=600]]. And back: [[activation=relu]].",
        ja: "Xavier の値が想定している tanh にすると、He との差は小さくなります: [[activation=tanh&iterations=600]]。元に戻すには: [[activation=relu]]",
      }),
    },
    {
      title: { en: "Can a larger rate save bad weights?", ja: "学習率を上げれば救えるか" },
      text: () => ({
        en: "In the book's network not really: [[lr=0.1]] helps He and Xavier, and 0.01 still waits. Look into the tab “Inside”: its gradients are tiny in every layer, not only in the first.",
        ja: "本のネットワークでは救えません。[[lr=0.1]] は He と Xavier には効きますが、0.01 は動きません。「内部」タブで見ると、最初の層だけでなく、どの層の勾配も小さいことがわかります。",
      }),
    },
  ],
  prediction: {
    question: {
      en: "The network becomes a tanh network. Draw Xavier's loss at iterations 1, 100, 200, 400 and 600.",
      ja: "活性化関数を tanh に変えます。1、100、200、400、600 回目での Xavier の損失を描いてください。",
    },
    set: { activation: "tanh", iterations: 600 },
    task: {
      kind: "curve",
      at: [1, 100, 200, 400, 600].map((n) => ({ en: `iteration ${n}`, ja: `${n} 回目` })),
      label: { en: "loss of Xavier", ja: "Xavier の損失" },
      low: 0,
      high: 2.5,
      truth: (record) => [1, 100, 200, 400, 600].map((x) => valueAt(record, "Xavier", "loss", x)),
    },
    lesson: (record): Text => ({
      en: `Order at the end: ${byLoss(record).join(", ")}. Xavier's scale was derived for functions that are symmetric about 0, and tanh is one.`,
      ja: `最後の順位は ${byLoss(record).join("、")} です。Xavier の値は0について対称な関数のために導かれたもので、tanh はその1つです。`,
    }),
  },
  fault: {
    set: { "He.weightInit": 1, iterations: 300 },
    symptom: {
      en: "The curve named He does not learn, though the rate and the data are the book's.",
      ja: "学習率もデータも本のとおりなのに、He の曲線だけ学習が進みません。",
    },
    hint: {
      en: "Microscope, “Activations”: how large are the outputs of its layers, compared with Xavier's? What is its first loss?",
      ja: "顕微鏡の「アクティベーション」で、各層の出力の大きさを Xavier と比べてください。最初の損失はいくつですか。",
    },
    causes: [
      {
        text: { en: "Its initial weights are far too large.", ja: "重みの初期値が大きすぎる。" },
        right: true,
        why: {
          en: "Right: with a deviation of 1 each layer multiplies the signal by about seven; the first loss is huge or no number at all.",
          ja: "正解です。標準偏差が1だと信号は1層ごとに約7倍になり、最初の損失は巨大になるか、数値でなくなります。",
        },
      },
      {
        text: { en: "Its initial weights are far too small.", ja: "重みの初期値が小さすぎる。" },
        why: {
          en: "Then it would lie on ln 10 = 2.30, beside std=0.01, from the first step on.",
          ja: "それなら最初から std=0.01 と同じ ln 10 = 2.30 に張りつくはずです。",
        },
      },
      {
        text: { en: "Its units are dead from the start.", ja: "最初からユニットが死んでいる。" },
        why: {
          en: "Dead units are the consequence: before the first update about half answer, as in any ReLU network.",
          ja: "死んだユニットは結果です。最初の更新の前は、ほかの ReLU のネットワークと同じく約半分が反応しています。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "ReLU on the left, sigmoid on the right, the same three scales. What becomes of He's lead?",
      ja: "左が ReLU、右が sigmoid で、3つのスケールは同じです。He の優位はどうなるでしょう。",
    },
    sides: [
      { name: "ReLU", set: { iterations: 400 } },
      { name: "sigmoid", set: { iterations: 400, activation: "sigmoid" } },
    ],
    answers: [
      {
        text: { en: "It is gone: hardly any curve moves", ja: "なくなる。どの曲線もほとんど動かない" },
        right: true,
        why: {
          en: "Yes: sigmoid's slope is at most 1/4, so over five layers gradients shrink a thousandfold whatever the scale.",
          ja: "正解です。sigmoid の傾きは最大でも 1/4 なので、5層で勾配は約1000分の1になり、スケールでは補えません。",
        },
      },
      {
        text: { en: "It stays", ja: "そのまま残る" },
        why: {
          en: "No: look at how far the right curves come down.",
          ja: "違います。右の曲線がどこまで下がるか見てください。",
        },
      },
      {
        text: { en: "std=0.01 overtakes", ja: "std=0.01 が逆転する" },
        why: {
          en: "No: with 0.01 all units say 0.5, and no gradient tells them apart.",
          ja: "違います。0.01 では全ユニットが 0.5 を出し、勾配でも区別がつきません。",
        },
      },
    ],
  },
};

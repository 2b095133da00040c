import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { laterStep, lessonNumbers, percent, valueAt } from "../../lesson-numbers.ts";

const runOf = (record: RunRecord, at: number) => lessonNumbers(record).runs[at] ?? "–";

/** An iteration about a third of the way: what comes after it is late learning. */
const laterFrom = (record: RunRecord) => laterStep(record, "decay=0", 1 / 3);
const at = [30, 100, 200, 400, 600];

export const weightDecayLesson: Lesson = {
  experiment: "weight-decay",
  controls: ["weightDecay", "trainRows", "iterations"],
  views: [{ id: "accuracy", name: { en: "Accuracy", ja: "認識精度" }, figure: "accuracy" }],
  says(record): Text {
    const { runs, gap, accuracy } = lessonNumbers(record);
    const parts = (ja: boolean) =>
      runs.map((run) =>
        ja
          ? `${run} では差 ${gap(run)} ポイント(テスト ${accuracy(run, "testAccuracy")})`
          : `${run}: gap ${gap(run)} points, test ${accuracy(run, "testAccuracy")}`,
      );
    return { en: `${parts(false).join("; ")}.`, ja: `${parts(true).join("、")}です。` };
  },
  steps: [
    {
      title: { en: "Few digits, learnt by heart", ja: "少ない枚数を丸暗記する" },
      text(record): Text {
        const { accuracy } = lessonNumbers(record);
        const plain = "decay=0";
        const rows = Number(record.settings.trainRows ?? 300).toLocaleString("en");
        return {
          en: `Without weight decay the network knows ${accuracy(plain, "trainAccuracy")} of its ${rows} digits and ${accuracy(plain, "testAccuracy")} of 10,000 others. The shaded gap is overfitting.`,
          ja: `荷重減衰なしでは、訓練に使った${rows}枚の ${accuracy(plain, "trainAccuracy")} を正しく答え、ほかの10,000枚では ${accuracy(plain, "testAccuracy")} です。網をかけた差が過学習です。`,
        };
      },
    },
    {
      title: { en: "When did the test curve stop?", ja: "テストの曲線はいつ止まったか" },
      text(record): Text {
        const { accuracy } = lessonNumbers(record);
        const [from, plain] = [laterFrom(record), "decay=0"];
        const [train, test] = ["trainAccuracy", "testAccuracy"].map((metric) => ({
          early: percent(valueAt(record, plain, metric, from)),
          last: accuracy(plain, metric),
        }));
        return {
          en: `From iteration ${from} to the end it went from ${test.early} to ${test.last}, the training curve from ${train.early} to ${train.last}. What training gains beyond the test is learnt by heart.`,
          ja: `${from}回目から最後までに、テストは ${test.early} から ${test.last} に、訓練は ${train.early} から ${train.last} に変わりました。テストに表れない分の訓練の伸びが丸暗記です。`,
        };
      },
      zoom: { x: [0, 300], y: [0, 1] },
      highlight: ["test"],
    },
    {
      title: { en: "Large weights become expensive", ja: "大きな重みに罰を与える" },
      text(record): Text {
        const { gap } = lessonNumbers(record);
        const run = runOf(record, 0);
        return {
          en: `λ/2·ΣW² is added to the loss, so each update also shrinks the weights by lr·λ. With ${run} the gap is ${gap(run)} points instead of ${gap("decay=0")}.`,
          ja: `損失に λ/2·ΣW² を足すので、更新のたびに重みが lr·λ の割合で縮みます。${run} では差が ${gap(run)} ポイントになりました(なしでは ${gap("decay=0")})。`,
        };
      },
    },
    {
      title: { en: "Which side moved?", ja: "動いたのはどちらの曲線か" },
      text(record): Text {
        const { accuracy } = lessonNumbers(record);
        const run = runOf(record, 0);
        return {
          en: `Training: ${accuracy("decay=0", "trainAccuracy")} → ${accuracy(run, "trainAccuracy")}. Test: ${accuracy("decay=0", "testAccuracy")} → ${accuracy(run, "testAccuracy")}. A network that has learnt less has a narrow gap too. Try [[weightDecay=0.01]].`,
          ja: `訓練は ${accuracy("decay=0", "trainAccuracy")} → ${accuracy(run, "trainAccuracy")}、テストは ${accuracy("decay=0", "testAccuracy")} → ${accuracy(run, "testAccuracy")} です。あまり学習していないネットワークでも差は小さくなります。[[weightDecay=0.01]] を試してください。`,
        };
      },
    },
    {
      title: { en: "More data does more", ja: "データを増やすほうが効く" },
      text: () => ({
        en: "Ten times the book's 300 digits narrow the gap and raise the test accuracy, which no λ does there: [[trainRows=3000]]. And a difference of a percent needs several seeds: [[seed=1]], [[seed=2]].",
        ja: "本の300枚を10倍にすると、差が縮まるだけでなくテスト精度も上がります。300枚のままでは、λ を変えてもそうはなりません: [[trainRows=3000]]。1%程度の差を論じるには、複数のシードが必要です: [[seed=1]]、[[seed=2]]",
      }),
    },
  ],
  prediction: {
    question: {
      en: "λ becomes 0.5, five times the book's. Draw the training accuracy at iterations 30, 100, 200, 400 and 600.",
      ja: "λ を本の5倍の 0.5 にします。30、100、200、400、600 回目の訓練データの精度を描いてください。",
    },
    set: { weightDecay: 0.5 },
    task: {
      kind: "curve",
      at: at.map((n) => ({ en: `iteration ${n}`, ja: `${n} 回目` })),
      label: { en: "training accuracy", ja: "訓練データの精度" },
      low: 0,
      high: 1,
      truth: (record) => at.map((x) => valueAt(record, "decay=0.5", "trainAccuracy", x)),
    },
    lesson: (record) => ({
      en: `It ends at ${lessonNumbers(record).accuracy("decay=0.5", "trainAccuracy")}. The pull to 0 is stronger than what 300 digits can hold against it: underfitting has no gap at all.`,
      ja: `最後は ${lessonNumbers(record).accuracy("decay=0.5", "trainAccuracy")} です。300枚から得られる勾配より、0へ引く力のほうが強くなります。学習不足でも差はなくなるのです。`,
    }),
  },
  fault: {
    set: { weightDecay: 1, iterations: 300 },
    symptom: {
      en: "The left network has no gap at all: training and test are equally low.",
      ja: "左のネットワークには差がまったくありません。訓練もテストも同じように低いままです。",
    },
    hint: {
      en: "Microscope, “Layers over time”: what becomes of the size of its weights? The right one begins from the same.",
      ja: "顕微鏡の「各層の推移」で、重みの大きさがどう変わるか見てください。右も同じ重みから始まります。",
    },
    causes: [
      {
        text: { en: "λ is too large: the weights shrink to 0.", ja: "λ が大きすぎて、重みが0に縮んでいる。" },
        right: true,
        why: {
          en: "Right: each update takes 1% of every weight away; after 300 little is left, and the network answers alike to everything.",
          ja: "正解です。更新のたびに重みの1%が失われ、300回後にはほとんど残らず、何にでも同じ答えを返します。",
        },
      },
      {
        text: { en: "The learning rate is too low.", ja: "学習率が低すぎる。" },
        why: {
          en: "Then the right network, with the same rate, would not learn either.",
          ja: "それなら同じ学習率の右のネットワークも学習できません。",
        },
      },
      {
        text: { en: "It generalises perfectly.", ja: "完璧に汎化している。" },
        why: {
          en: "A gap of 0 at 10 or 20% is no generalisation: there is nothing to carry over.",
          ja: "10〜20%で差が0でも汎化とはいえません。持ち越せるものを何も学んでいないからです。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "300 digits on the left, 3,000 on the right. Which gap without weight decay is smaller?",
      ja: "左は300枚、右は3,000枚です。荷重減衰なしの差が小さいのはどちらでしょう。",
    },
    sides: [
      { name: { en: "300 digits", ja: "300枚" }, set: {} },
      { name: { en: "3,000 digits", ja: "3,000枚" }, set: { trainRows: 3000 } },
    ],
    answers: [
      {
        text: { en: "3,000 digits", ja: "3,000枚" },
        right: true,
        why: {
          en: "Yes, and its test accuracy is higher too: that is what a narrow gap should come from.",
          ja: "正解です。しかもテスト精度が上がっています。差はこうして縮まるべきものです。",
        },
      },
      {
        text: { en: "300 digits", ja: "300枚" },
        why: { en: "No: few digits are learnt by heart.", ja: "違います。少ない枚数は丸暗記されます。" },
      },
      {
        text: { en: "Both alike", ja: "同じくらい" },
        why: { en: "No: compare the shaded areas.", ja: "違います。網をかけた部分を見比べてください。" },
      },
    ],
  },
};

import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { lessonNumbers, percent, valueAt } from "../../lesson-numbers.ts";
import { lastOf } from "../../series.ts";

const at = [0, 100, 300, 700, 1400];
const runs = ["ReLU", "leaky ReLU", "He", "BatchNorm"];

export const deadUnitsLesson: Lesson = {
  experiment: "dead-units",
  controls: ["lr", "weightInit", "momentum"],
  views: [{ id: "units", name: { en: "Units and weights", ja: "ニューロンと重み" }, figure: "units" }],
  says(record): Text {
    const dead = (run: string) => percent(lastOf(record, run, "deadShare"));
    return {
      en: `Dead units: ${runs.map((run) => `${run} ${dead(run)}`).join(", ")}.`,
      ja: `死んでいるニューロンは ${runs.map((run) => `${run} ${dead(run)}`).join("、")} です。`,
    };
  },
  steps: [
    {
      title: { en: "A unit that says 0 to everything", ja: "何にでも0を返すニューロン" },
      text: (record): Text => ({
        en: `ReLU's slope below 0 is 0. A unit whose input is below 0 for every row of a minibatch gets no gradient at all. Here ${percent(lastOf(record, "ReLU", "deadShare"))} of them end so.`,
        ja: `ReLU は0より下で傾きが0です。ミニバッチのどのデータでも入力が負になるニューロンには、勾配がまったく届きません。ここでは最後に ${percent(lastOf(record, "ReLU", "deadShare"))} がそうなります。`,
      }),
      highlight: ["ReLU"],
    },
    {
      title: { en: "When do they die?", ja: "いつ死ぬのか" },
      text(record): Text {
        const [early, last] = [valueAt(record, "ReLU", "deadShare", 100), lastOf(record, "ReLU", "deadShare")];
        const soon = early !== null && last !== null && early > 0.1 && early > last / 2;
        return {
          en: `After 100 updates ${percent(early)} were dead, at the end ${percent(last)}. ${soon ? "They die early: large weights and a high rate throw biases far below 0 while the gradients are large." : "With large weights and a high rate most die early, while the gradients are large; here few did."}`,
          ja: `死んでいるのは、100回目の更新で ${percent(early)}、最後に ${percent(last)} です。${soon ? "勾配が大きいうちに、大きな重みと高い学習率がバイアスを0よりはるか下へ飛ばすので、早く死にます。" : "大きな重みと高い学習率では、勾配の大きい序盤に多くが死にます。この実行ではわずかです。"}`,
        };
      },
    },
    {
      title: { en: "Dead, then asleep", ja: "死んで、眠る" },
      text: (record): Text => ({
        en: `Momentum goes on moving a dead unit's weights until its velocity has died away; then they rest: ${percent(lastOf(record, "ReLU", "sleepingShare"))} of ReLU's weights sleep at the end. That is why the second curve, where it rises, lags behind the first.`,
        ja: `死んだニューロンの重みも、速度が消えるまでは Momentum で動き続け、やがて止まります。ReLU では最後に重みの ${percent(lastOf(record, "ReLU", "sleepingShare"))} が眠っています。2番目の曲線が上がるとき、1番目より遅れるのはこのためです。`,
      }),
    },
    {
      title: { en: "Three remedies", ja: "3つの対策" },
      text(record): Text {
        const { accuracy } = lessonNumbers(record);
        const told = (between: string) =>
          runs
            .slice(1)
            .map((run) => `${run} ${accuracy(run, "testAccuracy")}`)
            .join(between);
        return {
          en: `leaky ReLU leaves a slope below 0; He's weights begin at the right size; BatchNorm brings every unit's inputs back about 0. Test accuracies: ReLU ${accuracy("ReLU", "testAccuracy")}, ${told(", ")}.`,
          ja: `leaky ReLU は0より下にも傾きを残し、He の初期値は適切な大きさから始め、BatchNorm は各ニューロンの入力を0の近くに戻します。テスト精度は ReLU ${accuracy("ReLU", "testAccuracy")}、${told("、")} です。`,
        };
      },
    },
    {
      title: { en: "Or simply go gently", ja: "あるいは、ゆっくり進む" },
      text: () => ({
        en: "Most of it is the rate: [[lr=0.01]]. And most of the rest is where the weights begin: [[weightInit=he]].",
        ja: "主な原因は学習率です: [[lr=0.01]]。残りの多くは初期値によります: [[weightInit=he]]",
      }),
    },
  ],
  prediction: {
    question: {
      en: "The rate becomes a tenth, 0.01. Draw ReLU's share of dead units at updates 0, 100, 300, 700 and 1400.",
      ja: "学習率を10分の1の 0.01 にします。ReLU の死んだニューロンの割合を、0、100、300、700、1400 回目について描いてください。",
    },
    set: { lr: 0.01 },
    task: {
      kind: "curve",
      at: at.map((n) => ({ en: `update ${n}`, ja: `${n} 回目` })),
      label: { en: "dead units (share)", ja: "死んだニューロン(割合)" },
      low: 0,
      high: 1,
      truth: (record) => at.map((x) => valueAt(record, "ReLU", "deadShare", x)),
    },
    lesson: (record) => ({
      en: `It ends at ${percent(lastOf(record, "ReLU", "deadShare"))}. Units die by single large steps; small ones give them time to come back.`,
      ja: `最後は ${percent(lastOf(record, "ReLU", "deadShare"))} です。ニューロンは1回の大きな更新で死にます。小さな更新なら、戻ってくる余地があります。`,
    }),
  },
  fault: {
    set: { weightInit: 1, lr: 0.01 },
    symptom: {
      en: "The rate is a tenth of the right side's, and yet plain ReLU's units die.",
      ja: "学習率は右の10分の1なのに、対策のない ReLU のニューロンが死んでいきます。",
    },
    hint: {
      en: "He begins with weights of its own. How does it fare on both sides?",
      ja: "He だけは独自の初期値から始まります。左右でどう違うか見てください。",
    },
    causes: [
      {
        text: { en: "The initial weights are far too large.", ja: "重みの初期値が大きすぎる。" },
        right: true,
        why: {
          en: "Right: outputs, and so gradients, are large from the first update on; He's run does not suffer.",
          ja: "正解です。最初から出力も勾配も大きくなります。He の実行には影響がありません。",
        },
      },
      {
        text: { en: "The learning rate is too high.", ja: "学習率が高すぎる。" },
        why: {
          en: "Then He's units, trained with the same rate, would die too.",
          ja: "それなら、同じ学習率の He のニューロンも死ぬはずです。",
        },
      },
      {
        text: { en: "Momentum is too weak.", ja: "Momentum が弱すぎる。" },
        why: { en: "It is the same on both sides.", ja: "左右で同じです。" },
      },
    ],
  },
  contrast: {
    question: {
      en: "Left: rate 0.1. Right: rate 0.01 and He's weights. In which do the remedies make a difference?",
      ja: "左は学習率 0.1、右は 0.01 で He の初期値です。対策の効果がはっきり見えるのはどちらでしょう。",
    },
    sides: [
      { name: { en: "rate 0.1", ja: "学習率 0.1" }, set: {} },
      { name: { en: "rate 0.01, He", ja: "学習率 0.01、He" }, set: { lr: 0.01, weightInit: "he" } },
    ],
    answers: [
      {
        text: { en: "rate 0.1", ja: "学習率 0.1" },
        right: true,
        why: {
          en: "Yes: where few units die there is little to mend.",
          ja: "正解です。死ぬニューロンが少なければ、直すものもほとんどありません。",
        },
      },
      {
        text: { en: "rate 0.01, He", ja: "学習率 0.01、He" },
        why: { en: "No: its curves lie close together.", ja: "違います。4本の曲線はほとんど重なっています。" },
      },
      {
        text: { en: "Both alike", ja: "同じくらい" },
        why: {
          en: "No: compare the spread of the first panel.",
          ja: "違います。最初のパネルで曲線の開きを見比べてください。",
        },
      },
    ],
  },
};

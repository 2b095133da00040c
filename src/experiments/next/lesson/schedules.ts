import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { byLoss, lessonNumbers, valueAt } from "../../lesson-numbers.ts";

const at = [0, 500, 1000, 1500, 1999];

export const schedulesLesson: Lesson = {
  experiment: "schedules",
  controls: ["lr", "schedules", "iterations"],
  views: [
    { id: "rates", name: { en: "Rates and losses", ja: "学習率と損失" }, figure: "rates" },
    { id: "loss", name: { en: "Losses", ja: "損失" }, figure: "loss" },
  ],
  says(record): Text {
    const [best] = byLoss(record);
    const last = byLoss(record).at(-1)!;
    const { loss, accuracy } = lessonNumbers(record);
    return {
      en: `Lowest loss: ${best} (${loss(best)}, test accuracy ${accuracy(best, "testAccuracy")}); highest: ${last} (${loss(last)}, ${accuracy(last, "testAccuracy")}).`,
      ja: `損失が最も小さいのは ${best}(${loss(best)}、テスト精度 ${accuracy(best, "testAccuracy")})、最も大きいのは ${last}(${loss(last)}、${accuracy(last, "testAccuracy")})です。`,
    };
  },
  steps: [
    {
      title: { en: "One net, one rule, many rates", ja: "同じネット、同じ更新則、違う学習率" },
      text: () => ({
        en: "Every run begins with the same weights and sees the same minibatches. Only the learning rate differs from update to update: the left figure is all there is to compare.",
        ja: "どの実行も同じ重みから始まり、同じミニバッチを使います。違うのは各更新の学習率だけで、左の図がそのすべてです。",
      }),
    },
    {
      title: { en: "Why a rate that stays is not enough", ja: "一定の学習率ではなぜ足りないか" },
      text(record): Text {
        const { loss, accuracy } = lessonNumbers(record);
        return {
          en: `A minibatch's gradient is a noisy one. At a rate that stays, the weights keep being thrown about the bottom of the valley. The loss of the last minibatches is ${loss("constant")} with constant, ${loss("cosine")} with cosine; on images not seen, with the weights of the last moment, they know ${accuracy("constant", "testAccuracy")} and ${accuracy("cosine", "testAccuracy")}.`,
          ja: `ミニバッチの勾配にはノイズがあり、学習率が一定だと重みは谷底のまわりで揺れ続けます。最後のミニバッチの損失は constant が ${loss("constant")}、cosine が ${loss("cosine")} です。最後の瞬間の重みで未知の画像を見分けると、constant は ${accuracy("constant", "testAccuracy")}、cosine は ${accuracy("cosine", "testAccuracy")} です。`,
        };
      },
      highlight: ["constant", "cosine"],
    },
    {
      title: { en: "Falling in steps, falling at once", ja: "段階的に下げる、すぐに下げる" },
      text(record): Text {
        const { loss } = lessonNumbers(record);
        return {
          en: `step divides the rate at fixed updates. exponential falls from the first update on, and late in the run its steps are hardly any. They end with ${loss("step")} (step) and ${loss("exponential")} (exponential).`,
          ja: `step は決まった更新回数で学習率を割ります。exponential は最初から下げるので、終盤にはほとんど動けなくなります。最後は exponential が ${loss("exponential")}、step が ${loss("step")} です。`,
        };
      },
      highlight: ["step", "exponential"],
    },
    {
      title: { en: "Rising first", ja: "最初に上げる" },
      text: () => ({
        en: "oneCycle begins low, rises to the full rate and falls to almost nothing. The slow start lets it bear a higher top: try [[lr=0.3]], then look at who still learns.",
        ja: "oneCycle は低く始めて最大まで上げ、ほぼ0まで下げます。ゆっくり始めるので、より大きな学習率に耐えます。[[lr=0.3]] にして、どれが学習を続けられるか見てください。",
      }),
      highlight: ["oneCycle"],
    },
    {
      title: { en: "High for long, then down", ja: "長く高く保ってから下げる" },
      text(record): Text {
        const { loss, accuracy } = lessonNumbers(record);
        return {
          en: `warmupStableDecay keeps the full rate for most of the run and falls at the end: ${loss("warmupStableDecay")}, ${accuracy("warmupStableDecay", "testAccuracy")} on test images. With fewer updates it matters less, in the book's run, how the rate falls: [[iterations=500]]. And it is one seed: [[seed=1]].`,
          ja: `warmupStableDecay は大半を最大の学習率で進み、終わりに下げます。損失は ${loss("warmupStableDecay")}、テスト精度は ${accuracy("warmupStableDecay", "testAccuracy")} です。更新回数が少なければ下げ方の影響は小さくなります: [[iterations=500]]。シードも変えてみてください: [[seed=1]]`,
        };
      },
      highlight: ["warmupStableDecay"],
    },
  ],
  prediction: {
    question: {
      en: "Draw oneCycle's learning rate at updates 0, 500, 1000, 1500 and 1999, from 0 to 0.1.",
      ja: "oneCycle の学習率を、0、500、1000、1500、1999 回目の更新について 0 から 0.1 の範囲で描いてください。",
    },
    set: {},
    task: {
      kind: "curve",
      at: at.map((n) => ({ en: `update ${n}`, ja: `${n} 回目` })),
      label: { en: "learning rate", ja: "学習率" },
      low: 0,
      high: 0.1,
      truth: (record) => at.map((x) => valueAt(record, "oneCycle", "lr", x)),
    },
    lesson: () => ({
      en: "Up in the first third, down in the rest: most of the run is spent coming to rest.",
      ja: "最初の3割で上げ、残りで下げます。大半の時間は落ち着くために使われます。",
    }),
  },
  fault: {
    set: { lr: 2, iterations: 600 },
    symptom: {
      en: "On the left nothing learns, whatever the schedule; some losses are higher than at the start.",
      ja: "左では、どのスケジュールでも学習しません。最初より損失が大きいものもあります。",
    },
    hint: {
      en: "Compare the scale of the learning rates on both sides.",
      ja: "左右で学習率の目盛りを見比べてください。",
    },
    causes: [
      {
        text: { en: "The rate that all of them bend is too high.", ja: "元になる学習率が大きすぎる。" },
        right: true,
        why: {
          en: "Right: a schedule bends the rate it is given. By the time it has fallen the units are dead.",
          ja: "正解です。スケジュールは与えられた学習率を曲げるだけです。下がるころにはニューロンが死んでいます。",
        },
      },
      {
        text: { en: "The rates fall too early.", ja: "学習率を下げるのが早すぎる。" },
        why: {
          en: "Then constant, which never falls, would learn.",
          ja: "それなら、下げない constant は学習できるはずです。",
        },
      },
      {
        text: { en: "The weights began too small.", ja: "重みの初期値が小さすぎる。" },
        why: { en: "Both sides begin with the same weights.", ja: "左右とも同じ重みから始まっています。" },
      },
    ],
  },
  contrast: {
    question: {
      en: "500 updates on the left, 2,000 on the right. Where does it matter more how the rate falls?",
      ja: "左は500回、右は2,000回の更新です。学習率の下げ方がより重要なのはどちらでしょう。",
    },
    sides: [
      { name: { en: "500 updates", ja: "500回" }, set: { iterations: 500 } },
      { name: { en: "2,000 updates", ja: "2,000回" }, set: {} },
    ],
    answers: [
      {
        text: { en: "2,000 updates", ja: "2,000回" },
        right: true,
        why: {
          en: "Yes: compare constant's test accuracy with those that fall. After 500 updates all are still on their way down; only at the bottom does it matter to come to rest.",
          ja: "正解です。constant と下げるもののテスト精度を比べてください。500回ではどれもまだ谷を下る途中で、揺れを止める意味があるのは谷底に着いてからです。",
        },
      },
      {
        text: { en: "500 updates", ja: "500回" },
        why: {
          en: "No: after 500 constant is as good as cosine and oneCycle to some tenths of a percent.",
          ja: "違います。500回では constant も cosine や oneCycle とほとんど変わりません。",
        },
      },
      {
        text: { en: "In neither", ja: "どちらでも変わらない" },
        why: {
          en: "No: on the right constant ends about a percent below the best.",
          ja: "違います。右では constant が最良のものより約1ポイント低く終わります。",
        },
      },
    ],
  },
};

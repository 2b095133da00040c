import type { RunRecord } from "../../../core/record.ts";
import { inLanguage, type Language, type Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { divergedOf, shortNumber } from "../../lesson-numbers.ts";
import { lastOf, runsOf, seriesOf } from "../../series.ts";
import { nearestMinimum } from "../../surfaces/curvature.ts";
import { isRavine, type Surface, surfaceIn } from "../../surfaces/surface.ts";
import { turns } from "../optimizer-paths.ts";

/** Where a rule has come to. */
function end(record: RunRecord, run: string): string {
  return `(${shortNumber(lastOf(record, run, "x"))}, ${shortNumber(lastOf(record, run, "y"))})`;
}

/** Which rule has come furthest down: the one nearest to a lowest point, or the lowest where no such point is known. */
function furthest(record: RunRecord, { minima, value }: Surface): Text {
  const ends = runsOf(record).flatMap((run) => {
    const [x, y] = [lastOf(record, run, "x"), lastOf(record, run, "y")];
    if (x === null || y === null) {
      return [];
    }
    const lowest = nearestMinimum({ minima }, [x, y]);
    const height = value(x, y);
    return [{ run, height, left: lowest === null ? height : Math.hypot(x - lowest[0], y - lowest[1]) }];
  });
  const [best] = ends.sort((a, b) => a.left - b.left);
  const updates = Math.max(0, ...record.series.map(({ x }) => x.length - 1));
  if (best === undefined) {
    return { en: `After ${updates} updates no rule is left.`, ja: `${updates} 回の更新で、どの更新則も発散しました。` };
  }
  switch (minima.length) {
    case 0:
      return {
        en: `After ${updates} updates ${best.run} is lowest, at f = ${shortNumber(best.height)}.`,
        ja: `${updates} 回の更新後、いちばん低いのは ${best.run}(f = ${shortNumber(best.height)})です。`,
      };
    case 1:
      return {
        en: `After ${updates} updates ${best.run} is nearest to the lowest point.`,
        ja: `${updates} 回の更新後、最も低い点にいちばん近いのは ${best.run} です。`,
      };
    default:
      return {
        en: `After ${updates} updates ${best.run} is nearest to one of the ${minima.length} lowest points.`,
        ja: `${updates} 回の更新後、${minima.length} つある最も低い点のどれかにいちばん近いのは ${best.run} です。`,
      };
  }
}

/** How often SGD changed sides; nothing where it did not walk. */
function zigzag(record: RunRecord, surface: Surface): Text {
  const times = turns(record, "SGD", "y");
  if (!runsOf(record).includes("SGD")) {
    return "";
  }
  return isRavine(surface)
    ? { en: `SGD crossed the ravine ${times} times.`, ja: `SGD は谷を ${times} 回横切りました。` }
    : { en: `SGD's y changed its sign ${times} times.`, ja: `SGD の y の符号は ${times} 回変わりました。` };
}

export const optimizerPathsLesson: Lesson = {
  experiment: "optimizer-paths",
  controls: ["SGD.lr", "Momentum.lr"],
  views: [
    { id: "lab", name: { en: "Paths", ja: "経路" }, figure: "lab" },
    { id: "paths", name: { en: "One rule a panel", ja: "更新則ごと" }, figure: "paths" },
    { id: "surface", name: { en: "Surface", ja: "曲面" }, figure: "surface" },
  ],
  says(record): Text {
    const surface = surfaceIn(record);
    const told = [furthest(record, surface), zigzag(record, surface), divergedOf(record)];
    const said = (language: Language) => told.map((text) => inLanguage(text, language)).filter((text) => text !== "");
    return { en: said("en").join(" "), ja: said("ja").join("") };
  },
  steps: [
    {
      title: { en: "The ground", ja: "地形を見る" },
      text(record): Text {
        const surface = surfaceIn(record);
        return isRavine(surface)
          ? {
              en: "A ravine: the contour lines are narrow across and long along, the curvature across is twenty times that along. Downhill is nearly always towards the nearer wall, hardly ever towards the lowest point.",
              ja: "細長い谷です。等高線は横に長く、縦に詰まっています。縦方向の曲率は横方向の20倍です。そのため、下る向きはほとんどいつも近くの壁を向き、最も低い点を向くことはめったにありません。",
            }
          : {
              en: `${inLanguage(surface.about, "en")} Back to the book's ravine: [[surface=ravine]].`,
              ja: `${inLanguage(surface.about, "ja")}本の細長い谷に戻すには: [[surface=ravine]]`,
            };
      },
    },
    {
      title: { en: "SGD goes straight downhill", ja: "SGD は真下へ進む" },
      text(record): Text {
        const ravine = isRavine(surfaceIn(record));
        return {
          en: `SGD follows the gradient alone. Its y changed sign ${turns(record, "SGD", "y")} times, and it ends at ${end(record, "SGD")}.${ravine ? " With [[SGD.lr=0.5]] the zigzag is gone; with [[SGD.lr=1.05]] every step across is larger than the last." : ""}`,
          ja: `SGD は勾配だけに従います。y の符号は ${turns(record, "SGD", "y")} 回変わり、最後は ${end(record, "SGD")} にいます。${ravine ? "[[SGD.lr=0.5]] にするとジグザグは消え、[[SGD.lr=1.05]] にすると谷を横切る幅が1回ごとに広がります。" : ""}`,
        };
      },
      highlight: ["SGD"],
    },
    {
      title: { en: "Momentum keeps its speed", ja: "Momentum は勢いを保つ" },
      text: (record): Text => ({
        en: `It keeps part of its last step. Steps across cancel, steps along add up: it ends at ${end(record, "Momentum")}. With [[Momentum.momentum=0.5]] it forgets sooner and swings less.`,
        ja: `直前の一歩の一部を次の一歩に足します。谷を横切る動きは打ち消し合い、谷に沿う動きは積み重なって、最後は ${end(record, "Momentum")} です。[[Momentum.momentum=0.5]] にすると早く忘れるので、揺れが小さくなります。`,
      }),
      highlight: ["Momentum"],
    },
    {
      title: { en: "AdaGrad brakes the steep direction", ja: "AdaGrad は急な方向にブレーキをかける" },
      text: (record): Text => ({
        en: `Each direction is divided by the root of all its squared gradients so far. The steep one is braked first; it ends at ${end(record, "AdaGrad")}. The divisor only grows, so steps die away: look at [[iterations=200]].`,
        ja: `方向ごとに、これまでの勾配の2乗和の平方根で割ります。急な方向から先にブレーキがかかり、最後は ${end(record, "AdaGrad")} です。割る数は増える一方なので、歩幅はしだいに小さくなります。[[iterations=200]] で確かめてください。`,
      }),
      highlight: ["AdaGrad"],
    },
    {
      title: { en: "Adam does both", ja: "Adam は両方を行う" },
      text: (record): Text => ({
        en: `A running mean of the gradient over the root of a running mean of its square: ${end(record, "Adam")}. Like Momentum it can overshoot, like AdaGrad it gives both directions similar steps.`,
        ja: `勾配の移動平均を、勾配の2乗の移動平均の平方根で割ります。最後は ${end(record, "Adam")} です。Momentum のように行き過ぎることがあり、AdaGrad のように両方向の歩幅がそろいます。`,
      }),
      highlight: ["Adam"],
    },
    {
      title: { en: "The limit is 2 over the curvature", ja: "安定の限界は 2/曲率" },
      text: (record): Text =>
        isRavine(surfaceIn(record))
          ? {
              en: "Across, one SGD step multiplies y by 1 − 2·lr. Beyond lr = 1 its size is above 1 and the path leaves the plane, however good the start. The tab “Settings” names this limit for each rule. Now drag the start: the zigzag changes, the limit does not.",
              ja: "SGD の1ステップは y を 1 − 2·lr 倍にします。lr が1を超えるとこの絶対値が1を超え、どこから始めても経路は発散します。「設定」タブに、更新則ごとの限界を表示しています。出発点をドラッグしてみてください。ジグザグの形は変わっても、限界は変わりません。",
            }
          : {
              en: "Near a minimum, one SGD step multiplies the distance along the steepest direction by 1 − lr·curvature. Beyond 2/curvature its size is above 1, and the path does not stay there. The tab “Settings” names this limit for each rule.",
              ja: "最小値の近くでは、SGD の1ステップは最も急な方向の距離を 1 − lr·曲率 倍にします。lr が 2/曲率 を超えるとこの絶対値が1を超え、そこにとどまれません。「設定」タブに、更新則ごとの限界を表示しています。",
            },
    },
  ],
  prediction: {
    question: {
      en: "SGD's learning rate is halved, to 0.5. How often will its y change sign in the first 10 updates, and how far will it come? Set |y| after 1, 2, 4, 7 and 10 updates (it begins at 2).",
      ja: "SGD の学習率を半分の 0.5 にします。1、2、4、7、10 回更新したとき、|y| はいくつでしょう(出発点では 2)。",
    },
    set: { "SGD.lr": 0.5 },
    task: {
      kind: "curve",
      at: [1, 2, 4, 7, 10].map((n) => ({ en: `update ${n}`, ja: `${n} 回目` })),
      label: "|y|",
      low: 0,
      high: 2,
      truth: (record) => [1, 2, 4, 7, 10].map((n) => Math.abs(seriesOf(record, "SGD", "y")?.y[n] ?? Number.NaN)),
    },
    lesson: () => ({
      en: "1 − 2·0.5 is 0: one update takes y to the floor of the ravine at once. The best rate for one direction is the inverse of its curvature.",
      ja: "1 − 2·0.5 = 0 なので、1回の更新で y は谷底に着きます。1つの方向だけを見れば、最良の学習率は曲率の逆数です。",
    }),
  },
  fault: {
    set: { "SGD.lr": 1.02 },
    symptom: {
      en: "SGD's path grows wider with every update instead of narrower.",
      ja: "SGD の経路が、更新のたびに狭まるどころか広がっていきます。",
    },
    hint: {
      en: "Look at the table of numbers: by what factor does |y| grow from one update to the next? Does x grow as well?",
      ja: "「数値」タブを見てください。|y| は1回ごとに何倍になっていますか。x も増えていますか。",
    },
    causes: [
      {
        text: { en: "The learning rate is above 2 over the curvature.", ja: "学習率が 2/曲率 を超えている。" },
        right: true,
        why: {
          en: "Right. y is multiplied by −1.04 each time, x by 0.898: only the steep direction is beyond its limit.",
          ja: "正解です。y は毎回 −1.04 倍、x は 0.898 倍になります。限界を超えたのは急な方向だけです。",
        },
      },
      {
        text: { en: "The start point is too far out.", ja: "出発点が遠すぎる。" },
        why: {
          en: "Then a nearer start would converge. The factor is the same everywhere on this surface: drag the start and see.",
          ja: "それなら近くから始めれば収束するはずです。この曲面ではどこでも同じ倍率なので、出発点を動かしても変わりません。",
        },
      },
      {
        text: { en: "The gradient has the wrong sign.", ja: "勾配の符号が逆になっている。" },
        why: {
          en: "Then x would grow too, and the path would not change sides. Here x shrinks as it should.",
          ja: "それなら x も増え、谷の両側を行き来することもありません。ここでは x は正しく減っています。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "The same start and the same rules; on the right each gradient carries noise, as a minibatch's does. Which rule swings furthest across the ravine at the end?",
      ja: "出発点も更新則も同じです。右では、ミニバッチと同じように勾配にノイズが乗ります。最後に谷をいちばん大きく横切っているのはどれでしょう。",
    },
    sides: [
      { name: { en: "exact gradients", ja: "ノイズなし" }, set: {} },
      { name: { en: "noisy gradients", ja: "ノイズあり" }, set: { surface: "noisy" } },
    ],
    answers: [
      {
        text: { en: "AdaGrad: it has braked", ja: "AdaGrad(ブレーキがかかっている)" },
        why: {
          en: "No: braking helps here. A small step carries little noise.",
          ja: "違います。ここではブレーキが役立ちます。歩幅が小さければ、乗るノイズも小さくなります。",
        },
      },
      {
        text: { en: "SGD at this rate: its steps are long to the end", ja: "この学習率の SGD(最後まで歩幅が大きい)" },
        right: true,
        why: {
          en: "Yes: noise is multiplied by a rate that never falls, and across the ravine almost nothing damps it.",
          ja: "正解です。下がらない学習率がノイズにもそのまま掛かり、谷を横切る方向ではほとんど減衰しません。",
        },
      },
      {
        text: { en: "All alike", ja: "どれも同じ" },
        why: {
          en: "No: compare the ends of the paths on the two sides.",
          ja: "違います。左右で経路の終わりを見比べてください。",
        },
      },
    ],
  },
};

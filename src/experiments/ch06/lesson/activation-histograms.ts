import type { Histogram, RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { percent, shortNumber } from "../../lesson-numbers.ts";

/** The histogram of a case (in the notebook's order) and a layer; the last layer when absent. */
function of(record: RunRecord, kind: number, layer?: number): Histogram | undefined {
  const layers = new Set(record.histograms.map((histogram) => histogram.layer)).size;
  return record.histograms[kind * layers + (layer ?? layers) - 1];
}

const spread = (record: RunRecord, kind: number, layer?: number) => shortNumber(of(record, kind, layer)?.stdOfOutputs);

/** Share of the outputs in the first and in the last bin. */
function atEnds(record: RunRecord, kind: number): string {
  const counts = of(record, kind)?.counts;
  if (counts === undefined) {
    return "–";
  }
  const all = counts.reduce((sum, n) => sum + n, 0);
  return percent(all === 0 ? null : (counts[0] + counts[counts.length - 1]) / all);
}

/** Shares of a histogram in ten bins. */
function tenths(record: RunRecord, kind: number): (number | null)[] {
  const counts = of(record, kind)?.counts ?? [];
  const all = counts.reduce((sum, n) => sum + n, 0);
  const each = Math.max(1, Math.floor(counts.length / 10));
  return Array.from({ length: 10 }, (_, i) =>
    all === 0 ? null : counts.slice(i * each, (i + 1) * each).reduce((sum, n) => sum + n, 0) / all,
  );
}

export const activationHistogramsLesson: Lesson = {
  experiment: "activation-histograms",
  controls: ["layers", "width"],
  views: [
    { id: "sigmoid", name: "sigmoid", figure: "activations", rows: [0, 1, 2] },
    { id: "tanh", name: { en: "tanh beside sigmoid", ja: "tanh と sigmoid" }, figure: "activations", rows: [2, 3] },
    { id: "relu", name: "ReLU", figure: "activations", rows: [4, 5, 6] },
    { id: "whole", name: { en: "Whole range", ja: "範囲全体" }, figure: "whole-range" },
  ],
  says: (record) => ({
    en: `In the last layer the outputs of sigmoid spread by ${spread(record, 0)} with σ = 1 and by ${spread(record, 1)} with σ = 0.01; with σ = √(1/n) by ${spread(record, 2)}.`,
    ja: `最後の層で sigmoid の出力の標準偏差は、σ = 1 で ${spread(record, 0)}、σ = 0.01 で ${spread(record, 1)}、σ = √(1/n) で ${spread(record, 2)} です。`,
  }),
  steps: [
    {
      title: { en: "σ = 1: at the two ends", ja: "σ = 1: 両端に偏る" },
      text: (record): Text => ({
        en: `Top row: ${atEnds(record, 0)} of the last layer's outputs lie in the first or the last bin. There the slope of sigmoid is nearly 0, so gradients vanish on their way back.`,
        ja: `いちばん上の行です。最後の層の出力の ${atEnds(record, 0)} が両端の階級にあります。そこでは sigmoid の傾きがほぼ0なので、逆伝播の途中で勾配が消えます。`,
      }),
      view: "sigmoid",
    },
    {
      title: { en: "σ = 0.01: all say the same", ja: "σ = 0.01: みな同じ値を出す" },
      text: (record): Text => ({
        en: `Second row: everything lies at 0.5, the outputs differ by ${spread(record, 1)} only. ${record.settings.width ?? 100} units that agree are worth no more than one.`,
        ja: `2行目では、すべての出力が 0.5 に集まり、ばらつきは ${spread(record, 1)} しかありません。${record.settings.width ?? 100}個のユニットが同じ値を出すなら、1個と変わりません。`,
      }),
      view: "sigmoid",
    },
    {
      title: { en: "σ = √(1/n): the size is kept", ja: "σ = √(1/n): 大きさを保つ" },
      text: (record): Text => ({
        en: `A sum of n products has variance n·σ²·E[x²]; σ² = 1/n keeps it, and only the bend of the activation takes some. Spread from layer 1 to the last: ${spread(record, 2, 1)} → ${spread(record, 2)}; with tanh, symmetric about 0, ${spread(record, 3, 1)} → ${spread(record, 3)}.`,
        ja: `n 個の積の和の分散は n·σ²·E[x²] なので、σ² = 1/n なら大きさが保たれ、減るのは活性化関数の曲がりの分だけです。ばらつきは1層目から最後の層までで ${spread(record, 2, 1)} → ${spread(record, 2)}、0について対称な tanh では ${spread(record, 3, 1)} → ${spread(record, 3)} です。`,
      }),
      view: "tanh",
    },
    {
      title: { en: "ReLU halves the mean square", ja: "ReLU は2乗平均を半分にする" },
      text: (record): Text => ({
        en: `With √(1/n) each layer is smaller than the one before: ${spread(record, 5, 1)} → ${spread(record, 5)}. √(2/n) makes up for exactly that half: ${spread(record, 6, 1)} → ${spread(record, 6)}.`,
        ja: `√(1/n) では層を進むごとに小さくなります: ${spread(record, 5, 1)} → ${spread(record, 5)}。√(2/n) はちょうどその半分を補います: ${spread(record, 6, 1)} → ${spread(record, 6)}。`,
      }),
      view: "relu",
    },
    {
      title: { en: "Go deeper", ja: "もっと深く" },
      text: (record): Text => ({
        en: `The difference grows with depth: [[layers=20]] leaves little of √(1/n) (now ${spread(record, 5)}) and nearly all of √(2/n) (now ${spread(record, 6)}). Wider layers change little: [[width=400]].`,
        ja: `差は深くなるほど開きます。[[layers=20]] では √(1/n) の信号はほとんど残らず(現在 ${spread(record, 5)})、√(2/n) は保たれます(現在 ${spread(record, 6)})。幅を広げてもほとんど変わりません: [[width=400]]`,
      }),
      view: "relu",
    },
  ],
  prediction: {
    question: {
      en: "Five layers of sigmoid with σ = 1. Set the histogram of the last layer: what share of the outputs lies in each tenth between 0 and 1?",
      ja: "sigmoid、σ = 1 の5層です。最後の層のヒストグラムを作ってください。0〜1 を10等分した各区間に、出力の何割が入るでしょう。",
    },
    set: {},
    task: {
      kind: "bars",
      at: Array.from({ length: 10 }, (_, i) => `${(i / 10).toFixed(1)}–${((i + 1) / 10).toFixed(1)}`),
      label: { en: "share of the outputs", ja: "出力の割合" },
      low: 0,
      high: 0.6,
      truth: (record) => tenths(record, 0),
    },
    lesson: (record) => ({
      en: `Two heaps, not a hill: ${atEnds(record, 0)} lie in the outermost of thirty bins. A sum of a hundred random terms is mostly far from 0, and sigmoid flattens all that is far.`,
      ja: `山ではなく、両端に分かれます。30階級のうち両端の2つだけで ${atEnds(record, 0)} を占めます。100個の項の和はたいてい0から遠く、sigmoid は遠いものを平らにします。`,
    }),
  },
  fault: {
    set: { layers: 20, width: 100 },
    symptom: {
      en: "Twenty layers of ReLU: in one of the rows the last layers give out next to nothing.",
      ja: "ReLU を20層重ねると、ある行では後ろの層の出力がほとんど0になります。",
    },
    hint: {
      en: "Compare the spread of the first and the last layer in “Results”, row by row.",
      ja: "「結果」タブで、最初の層と最後の層のばらつきを行ごとに比べてください。",
    },
    causes: [
      {
        text: { en: "√(1/n) was made for symmetric functions.", ja: "√(1/n) は対称な活性化関数のための値である。" },
        right: true,
        why: {
          en: "Right: ReLU cuts half of the mean square away in each layer; after 20 layers a millionth of it is left.",
          ja: "正解です。ReLU は層ごとに2乗平均を半分にします。20層では約100万分の1しか残りません。",
        },
      },
      {
        text: {
          en: "The units are dead: they give 0 for every input.",
          ja: "ユニットが死んでいる(どの入力にも0を出す)。",
        },
        why: {
          en: "Then √(2/n) would fade too, for the same units are 0 there. Half of the outputs being 0 is ReLU's normal state.",
          ja: "それなら √(2/n) でも同じ割合が0なので、やはり消えるはずです。出力の半分が0なのは ReLU では普通です。",
        },
      },
      {
        text: { en: "The layers are too narrow.", ja: "層の幅が狭い。" },
        why: {
          en: "Then a width of 400 would help. √(1/n) already takes the width into account.",
          ja: "それなら幅を400にすれば直るはずです。√(1/n) は幅をすでに考慮しています。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "The same weights' rules, five layers and twenty. Which row looks the same at both depths?",
      ja: "重みの与え方は同じで、左が5層、右が20層です。深さが変わっても同じ形を保つのはどれでしょう。",
    },
    sides: [
      { name: { en: "5 layers", ja: "5層" }, set: { layers: 5 } },
      { name: { en: "20 layers", ja: "20層" }, set: { layers: 20 } },
    ],
    answers: [
      {
        text: "ReLU, √(2/n)",
        right: true,
        why: {
          en: "Yes: it is the only one of ReLU's three that keeps the size.",
          ja: "正解です。ReLU の3つのうち、大きさを保つのはこれだけです。",
        },
      },
      {
        text: "ReLU, √(1/n)",
        why: { en: "No: it halves the mean square in each layer.", ja: "違います。層ごとに2乗平均が半分になります。" },
      },
      {
        text: "sigmoid, σ = 1",
        why: {
          en: "It does look the same, but stuck at the ends: nothing can be learnt there. The one that stays useful is √(2/n).",
          ja: "形は変わりませんが、両端に張りついたままで学習できません。使えるまま保つのは √(2/n) です。",
        },
      },
    ],
  },
};

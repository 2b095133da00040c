import type { Check, RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";

const single = ({ checks }: RunRecord) => checks.filter(({ rows }) => rows === 1);
const predicted = ["affine1.W", "affine2.W", "affine3.W", "affine3.b"];
const several = ({ checks }: RunRecord) => checks.filter(({ rows }) => rows !== 1);
const vacuous = (checks: readonly Check[]) => checks.filter((check) => check.vacuous).length;
const gradientOf = (checks: readonly Check[], parameter: string) =>
  checks.find((check) => check.parameter === parameter)?.largestGradient ?? Number.NaN;
const small = (value: number) =>
  value === 0 ? "0" : Number.isFinite(value) ? value.toExponential(1).replace("e-", "e−") : "–";
const worst = (checks: readonly Check[]) => small(Math.max(...checks.map(({ maxRelError }) => maxRelError)));

export const batchnormGradcheckLesson: Lesson = {
  experiment: "batchnorm-gradcheck",
  controls: ["rows", "samples"],
  views: [
    { id: "gradients", name: { en: "Both batches", ja: "両方のバッチ" }, figure: "gradients" },
    { id: "one", name: { en: "One row", ja: "1行" }, figure: "gradients", panels: [0] },
    { id: "several", name: { en: "Several rows", ja: "複数行" }, figure: "gradients", panels: [1] },
  ],
  says: (record) => ({
    en: `On one row ${vacuous(single(record))} of ${single(record).length} parameters pass because 0 equals 0; on several rows ${vacuous(several(record))} of ${several(record).length}.`,
    ja: `1行のバッチでは ${single(record).length} 個のうち ${vacuous(single(record))} 個のパラメータが「0 = 0」で合格になります。複数行では ${several(record).length} 個のうち ${vacuous(several(record))} 個です。`,
  }),
  steps: [
    {
      title: { en: "Two ways to a slope", ja: "傾きの求め方は2つ" },
      text: (record): Text => ({
        en: `The backward pass computes it; a nudge measures it: (L(w + h) − L(w − h)) / 2h. On several rows the two differ by at most ${worst(several(record))} of their size.`,
        ja: `1つは逆伝播で計算し、もう1つは少しずらして測ります: (L(w + h) − L(w − h)) / 2h。複数行のバッチでは、両者の相対的な差は最大でも ${worst(several(record))} です。`,
      }),
    },
    {
      title: { en: "One row: nothing is checked", ja: "1行では何も確かめられない" },
      text: (record): Text => ({
        en: `The mean of a batch of one is the row itself. What comes out of the normalisation is 0 whatever the weights are: the gradient of affine1.W is ${small(gradientOf(single(record), "affine1.W"))}, and 0 agrees with 0 whatever the backward pass computes.`,
        ja: `1行のバッチの平均はその行自身です。重みが何であっても正規化の出力は0になります。affine1.W の勾配は ${small(gradientOf(single(record), "affine1.W"))} です。逆伝播が何を計算していても0と0は一致するので、何も確かめないまま合格になります。`,
      }),
      view: "one",
    },
    {
      title: { en: "Several rows: a real check", ja: "複数行なら本当の確認になる" },
      text: (record): Text => ({
        en: `Now the gradient of affine1.W is ${small(gradientOf(several(record), "affine1.W"))}, far from 0, and one wrong line of the backward pass would show. Two rows are enough: [[rows=2]].`,
        ja: `affine1.W の勾配は ${small(gradientOf(several(record), "affine1.W"))} で、0から離れています。逆伝播の1行でも間違っていれば見つかります。2行でも十分です: [[rows=2]]`,
      }),
      view: "several",
    },
    {
      title: { en: "Biases that rightly stay at 0", ja: "0のままで正しいバイアス" },
      text: () => ({
        en: "The biases in front of Batch Normalization stay at 0 = 0 with any number of rows, and rightly so: the mean that is subtracted takes every bias with it. Such a bias is a parameter without effect; what the rings show there is rounding.",
        ja: "Batch Normalization の直前のバイアスは、行数を増やしても「0 = 0」のままです。これは正しい結果です。平均を引くときにバイアスも一緒に引かれるので、効果のないパラメータなのです。そこに見える輪は丸め誤差です。",
      }),
    },
    {
      title: { en: "How many elements?", ja: "いくつの要素を照合するか" },
      text: () => ({
        en: "Each comparison costs two forward passes, so a sample of the elements is compared: [[samples=5]] is quicker, [[samples=200]] surer. Elements at a corner of ReLU are left out: their two slopes differ.",
        ja: "1要素の照合に順伝播が2回必要なので、一部の要素だけを照合します。[[samples=5]] なら速く、[[samples=200]] なら確実です。ReLU の折れ目にある要素は左右で傾きが違うため除きます。",
      }),
    },
  ],
  prediction: {
    question: {
      en: "A batch of one row. Set the largest gradient you expect of four parameters, from the first layer to the last.",
      ja: "1行のバッチです。最初の層から最後の層まで、4つのパラメータの勾配の最大値を予想してください。",
    },
    set: {},
    task: {
      kind: "bars",
      at: predicted,
      label: { en: "largest gradient", ja: "勾配の最大値" },
      low: 0,
      high: 1,
      truth: (record) => predicted.map((parameter) => gradientOf(single(record), parameter)),
    },
    lesson: (record) => ({
      en: `Only the last bias moves: ${small(gradientOf(single(record), "affine3.b"))}. What comes out of the last normalisation is 0, so even affine3.W, which is multiplied by it, has the gradient ${small(gradientOf(single(record), "affine3.W"))}.`,
      ja: `動くのは最後のバイアスだけです(${small(gradientOf(single(record), "affine3.b"))})。最後の正規化の出力は0なので、それに掛かる affine3.W の勾配も ${small(gradientOf(single(record), "affine3.W"))} です。`,
    }),
  },
  fault: {
    set: { rows: 2, weightInit: 0 },
    symptom: {
      en: "Several rows, and yet hardly any gradient differs from 0. The check passes.",
      ja: "複数行のバッチなのに、ほとんどの勾配が0で、確認は合格しています。",
    },
    hint: {
      en: "Which parameters still have a gradient? What would their layer have to give out for the others to be 0?",
      ja: "勾配が残っているのはどのパラメータでしょう。ほかが0になるには、その層は何を出力しているはずですか。",
    },
    causes: [
      {
        text: { en: "All weights are 0.", ja: "重みがすべて0になっている。" },
        right: true,
        why: {
          en: "Right: every row comes out alike, the spread is 0, and nothing of the loss reaches the weights below. This check is vacuous too.",
          ja: "正解です。どの行も同じ出力になり、ばらつきが0なので、損失は前の層の重みまで届きません。これも空の確認です。",
        },
      },
      {
        text: { en: "The batch still has one row.", ja: "バッチがまだ1行のままである。" },
        why: {
          en: "Then the two panels would look alike for He's weights as well. With two rows and ordinary weights they are not.",
          ja: "それなら He の初期値でも2つの図が同じになるはずです。2行で普通の重みなら違います。",
        },
      },
      {
        text: { en: "h is too small for float64.", ja: "h が float64 に対して小さすぎる。" },
        why: {
          en: "Then the numerical gradients would be noise, far from the analytic ones, and the check would fail.",
          ja: "それなら数値微分がノイズになり、解析的な勾配と大きく違うので、不合格になります。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "Two rows on the left, a hundred on the right. What changes?",
      ja: "左は2行、右は100行です。何が変わるでしょう。",
    },
    sides: [
      { name: { en: "2 rows", ja: "2行" }, set: { rows: 2 } },
      { name: { en: "100 rows", ja: "100行" }, set: { rows: 100 } },
    ],
    answers: [
      {
        text: { en: "Nothing that matters: the biases stay at 0", ja: "本質は変わらない。バイアスは0のまま" },
        right: true,
        why: {
          en: "Yes: two rows already give every effective parameter a gradient.",
          ja: "正解です。効果のあるパラメータには、2行でもう勾配があります。",
        },
      },
      {
        text: { en: "The biases get a gradient", ja: "バイアスにも勾配が出る" },
        why: {
          en: "No: the mean takes every bias with it, however many rows.",
          ja: "違います。行数によらず、平均がバイアスを打ち消します。",
        },
      },
      {
        text: { en: "The check fails more often", ja: "不合格が増える" },
        why: { en: "No: errors stay near 1e−9.", ja: "違います。誤差は 1e−9 程度のままです。" },
      },
    ],
  },
};

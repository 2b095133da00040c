import type { RunRecord } from "../../../core/record.ts";
import { inLanguage, type Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { percent } from "../../lesson-numbers.ts";
import { edgeFinding } from "../hyperparameter-search.ts";

interface Trial {
  readonly lr: number;
  readonly weightDecay: number;
  readonly accuracy: number;
}

/** Trials by their last validation accuracy, the best first. */
function trials(record: RunRecord): Trial[] {
  return record.series
    .filter(({ metric }) => metric === "valAccuracy")
    .map(({ tags, y }) => ({ lr: Number(tags.lr), weightDecay: Number(tags.weightDecay), accuracy: y.at(-1) ?? 0 }))
    .sort((a, b) => b.accuracy - a.accuracy);
}

const most = 20;
/** How many trials are the best: twenty, or all where there are fewer. */
const foremost = (record: RunRecord) => Math.min(most, trials(record).length);

/** The lowest and the highest of a quantity over the best. */
function range(record: RunRecord, name: "lr" | "weightDecay"): string {
  const values = trials(record)
    .slice(0, most)
    .map((trial) => trial[name]);
  return values.length === 0 ? "–" : `${short(Math.min(...values))} … ${short(Math.max(...values))}`;
}

/** The share of a quantity's range, in powers of ten, over which the best lie; null where there is no range. */
function spreadOf(record: RunRecord, name: "lr" | "weightDecay"): number | null {
  const places = trials(record)
    .slice(0, most)
    .map((trial) => Math.log10(trial[name]));
  const [low, high] = [Number(record.settings[`${name}Low`]), Number(record.settings[`${name}High`])];
  return places.length > 0 && high > low ? (Math.max(...places) - Math.min(...places)) / (high - low) : null;
}

/** Which of the two matters, as far as the best trials tell. */
function whatMatters(record: RunRecord): Exclude<Text, string> {
  const [lr, decay] = [spreadOf(record, "lr") ?? 0, spreadOf(record, "weightDecay") ?? 0];
  if (lr < 0.6 * decay) {
    return { en: "Here λ does not matter.", ja: "ここでは λ は効いていません。" };
  }
  return decay < 0.6 * lr
    ? { en: "Here lr does not matter.", ja: "ここでは lr は効いていません。" }
    : { en: "Here neither is much narrower than the other.", ja: "ここでは、どちらかだけが狭いとはいえません。" };
}

/** How many digits are held back for validation. */
const heldBack = ({ settings }: RunRecord) =>
  Math.max(1, Math.floor(Number(settings.trainRows ?? 500) * Number(settings.validationShare ?? 0.2)));

const short = (value: number) => value.toPrecision(2).replace("e-", "e−");
const bestOf = (record: RunRecord) => trials(record)[0];
/** Mean accuracy of the trials whose log10 lr lies in a quarter of its range. */
function quarters(record: RunRecord): (number | null)[] {
  const [low, high] = [Number(record.settings.lrLow ?? -6), Number(record.settings.lrHigh ?? -2)];
  return [0, 1, 2, 3].map((quarter) => {
    const inside = trials(record).filter(({ lr }) => {
      const place = (4 * (Math.log10(lr) - low)) / (high - low);
      return place >= quarter && place < quarter + 1;
    });
    return inside.length === 0 ? null : inside.reduce((sum, { accuracy }) => sum + accuracy, 0) / inside.length;
  });
}

export const hyperparameterSearchLesson: Lesson = {
  experiment: "hyperparameter-search",
  controls: ["lrHigh", "trials", "epochs"],
  views: [
    { id: "response", name: { en: "All trials", ja: "全試行" }, figure: "response" },
    { id: "best", name: { en: "Best 20", ja: "上位20" }, figure: "best" },
  ],
  says(record): Text {
    const best = bestOf(record);
    return best === undefined
      ? { en: "Learning rate and weight decay, drawn at random.", ja: "学習率と荷重減衰の係数を無作為に選びます。" }
      : {
          en: `The best of ${trials(record).length} trials has lr = ${short(best.lr)} and reaches ${percent(best.accuracy)} on validation data; the best ${foremost(record)} have lr ${range(record, "lr")}.`,
          ja: `${trials(record).length} 回の試行で最もよいのは lr = ${short(best.lr)} で、検証精度は ${percent(best.accuracy)} です。上位${foremost(record)}の lr は ${range(record, "lr")} です。`,
        };
  },
  steps: [
    {
      title: { en: "Random, on a logarithmic scale", ja: "対数スケールで無作為に" },
      text: (record): Text => ({
        en: `Each dot is one network: its learning rate across, its weight decay up, the darker the more accurate. ${trials(record).length} random points try ${trials(record).length} values of each; a grid of ten by ten would try ten.`,
        ja: `点1つが1つのネットワークです。横が学習率、縦が荷重減衰で、濃いほど高精度です。無作為な ${trials(record).length} 点なら、それぞれ ${trials(record).length} 通りの値を試せます。10×10の格子では10通りだけです。`,
      }),
      view: "response",
    },
    {
      title: { en: "Which of the two matters?", ja: "効くのはどちらか" },
      text(record): Text {
        const [lr, decay] = [percent(spreadOf(record, "lr")), percent(spreadOf(record, "weightDecay"))];
        return {
          en: `The best ${foremost(record)} lie at lr ${range(record, "lr")}, over ${lr} of its range in powers of ten, and at λ ${range(record, "weightDecay")}, over ${decay} of its own. ${whatMatters(record).en}`,
          ja: `上位${foremost(record)}の lr は ${range(record, "lr")} で、対数で見た範囲の ${lr} に収まります。λ は ${range(record, "weightDecay")} で、範囲の ${decay} に散らばります。${whatMatters(record).ja}`,
        };
      },
      view: "response",
    },
    {
      title: { en: "Do the best press on an edge?", ja: "最良の試行は端に寄っているか" },
      text(record): Text {
        const best = bestOf(record) === undefined ? "–" : short(bestOf(record).lr);
        const edges = edgeFinding(record);
        const [en, ja] = (["en", "ja"] as const).map((language) => edges.map((text) => inLanguage(text, language)));
        return {
          en: `The best has lr = ${best}. ${edges.length === 0 ? "The best trials press on no bound of their ranges. Where they did, one would widen it:" : en.join(" ")} [[lrHigh=-0.5]].`,
          ja: `最もよい試行は lr = ${best} です。${edges.length === 0 ? "上位の試行は、どの範囲の端にも寄っていません。寄っていれば範囲を広げます: " : ja.join("")}[[lrHigh=-0.5]]`,
        };
      },
      view: "response",
    },
    {
      title: { en: "Ranks are partly luck", ja: "順位には運が混ざる" },
      text: (record): Text => ({
        en: `Accuracy from ${heldBack(record)} digits moves in steps of ${percent(1 / heldBack(record))}: places 1 and 5 are ${percent(trials(record)[0]?.accuracy)} and ${percent(trials(record)[4]?.accuracy)}. Ranks next to each other mean nothing; with [[seed=1]] they change.`,
        ja: `検証データは${heldBack(record)}枚なので、精度は ${percent(1 / heldBack(record))} 刻みです。1位は ${percent(trials(record)[0]?.accuracy)}、5位は ${percent(trials(record)[4]?.accuracy)} で、隣り合う順位の差に意味はありません。[[seed=1]] にすると入れ替わります。`,
      }),
      view: "best",
    },
    {
      title: { en: "Why the test data are not touched", ja: "テストデータに触れない理由" },
      text: (record): Text => ({
        en: `Of ${Number(record.settings.trainRows ?? 500)} digits, ${heldBack(record)} are held back for validation. Whoever chooses by test accuracy no longer has a test. A short trial favours rates that learn fast: [[epochs=10&trials=40]].`,
        ja: `${Number(record.settings.trainRows ?? 500)}枚のうち${heldBack(record)}枚を検証用に取り分けます。テスト精度で選んだ人には、もうテストが残っていません。また、短い試行では速く学ぶ学習率が有利になります: [[epochs=10&trials=40]]`,
      }),
      view: "best",
    },
  ],
  prediction: {
    question: {
      en: "log10 lr is drawn from −6 to −2. Set the mean validation accuracy you expect in each quarter of the range.",
      ja: "log10 lr を −6 から −2 の範囲で選びます。4等分した各区間で、検証精度の平均はどうなるでしょう。",
    },
    set: { trials: 60, epochs: 20 },
    task: {
      kind: "bars",
      at: ["−6…−5", "−5…−4", "−4…−3", "−3…−2"],
      label: { en: "mean validation accuracy", ja: "検証精度の平均" },
      low: 0,
      high: 1,
      truth: quarters,
    },
    lesson: (record) => ({
      en: `${quarters(record)
        .map((value) => percent(value))
        .join(
          ", ",
        )}: three quarters of a search are spent where nothing is learnt. A first, short search is there to find that out.`,
      ja: `結果は ${quarters(record)
        .map((value) => percent(value))
        .join("、")} です。探索の大半は何も学べない範囲に費やされました。最初の短い探索は、それを知るためにあります。`,
    }),
  },
  fault: {
    set: { validationShare: 0.01, trials: 40, epochs: 20, lrLow: -3 },
    symptom: {
      en: "Forty trials share a handful of places, many of them the same one, and another seed chooses others.",
      ja: "40回の試行が数えるほどの成績に分かれ、同点がいくつも並びます。シードを変えると、別の試行が選ばれます。",
    },
    hint: {
      en: "View “Best 20”: in what steps does the validation curve move?",
      ja: "「上位20」で、検証の曲線が何%刻みで動いているか見てください。",
    },
    causes: [
      {
        text: { en: "There are far too few validation digits.", ja: "検証データが少なすぎる。" },
        right: true,
        why: {
          en: "Right: with 5 digits accuracy moves in steps of 20%. Whatever is chosen is chosen by luck.",
          ja: "正解です。5枚では精度が20%刻みになり、何を選んでも運で選んだことになります。",
        },
      },
      {
        text: { en: "Training digits leak into validation.", ja: "訓練データが検証に漏れている。" },
        why: {
          en: "Then the two curves would lie on each other, with steps as fine as the training's.",
          ja: "それなら2つの曲線が重なり、刻みも訓練と同じく細かくなります。",
        },
      },
      {
        text: { en: "The range of lr is too narrow.", ja: "lr の範囲が狭すぎる。" },
        why: {
          en: "Then all trials would do about equally well, on fine steps. Look at the steps.",
          ja: "それなら細かい刻みのまま、どの試行も同じくらいの成績になります。刻みを見てください。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "lr up to 10⁻² on the left, up to some 0.32 (10 to the −0.5) on the right. Where are the best now?",
      ja: "lr の上限は、左が 10⁻²、右が約 0.32(10 の −0.5 乗)です。上位の試行はどこにあるでしょう。",
    },
    sides: [
      { name: { en: "lr up to 1e−2", ja: "lr の上限 1e−2" }, set: { trials: 40, epochs: 20 } },
      { name: { en: "lr up to 1e−0.5", ja: "lr の上限 1e−0.5" }, set: { trials: 40, epochs: 20, lrHigh: -0.5 } },
    ],
    answers: [
      {
        text: { en: "Inside the wider range, above 10⁻²", ja: "広げた範囲の内側、10⁻² より上" },
        right: true,
        why: {
          en: "Yes: the book's range ended before the optimum.",
          ja: "正解です。本の範囲は最適値の手前で終わっていました。",
        },
      },
      {
        text: { en: "Still at 10⁻²", ja: "10⁻² のまま" },
        why: { en: "No: there was only no room beyond.", ja: "違います。その先が範囲に入っていなかっただけです。" },
      },
      {
        text: { en: "At the new upper edge", ja: "新しい上限の端" },
        why: {
          en: "No: near the new edge the largest rates diverge.",
          ja: "違います。新しい上限の近くでは、大きすぎる学習率が発散します。",
        },
      },
    ],
  },
};

import type { RunRecord } from "../../../core/record.ts";
import type { Text } from "../../../core/text.ts";
import type { Lesson } from "../../lesson.ts";
import { lessonNumbers, percent, valueAt } from "../../lesson-numbers.ts";
import { lastOf, runsOf } from "../../series.ts";

const at = [0, 100, 200, 400, 600];
const trained = (record: RunRecord, run: string) => percent(lastOf(record, run, "trainAccuracy"));
const deepest = (record: RunRecord, kind: "plain" | "residual") =>
  runsOf(record)
    .filter((run) => run.startsWith(kind))
    .at(-1) ?? `${kind} 40`;
const shallowest = (record: RunRecord, kind: "plain" | "residual") =>
  runsOf(record).find((run) => run.startsWith(kind)) ?? `${kind} 5`;

export const depthLesson: Lesson = {
  experiment: "depth",
  controls: ["depths", "batchNorm", "lr"],
  views: [
    { id: "depth", name: { en: "Both", ja: "両方" }, figure: "depth" },
    { id: "gradients", name: { en: "Gradients", ja: "勾配" }, figure: "depth", panels: [0] },
    { id: "accuracy", name: { en: "Accuracy", ja: "認識精度" }, figure: "depth", panels: [1] },
  ],
  says(record): Text {
    const [plain, residual] = [deepest(record, "plain"), deepest(record, "residual")];
    return {
      en: `Training accuracy: ${plain} ${trained(record, plain)}, ${residual} ${trained(record, residual)}.`,
      ja: `訓練精度は ${plain} が ${trained(record, plain)}、${residual} が ${trained(record, residual)} です。`,
    };
  },
  steps: [
    {
      title: { en: "Deeper: better or worse in training?", ja: "深くすると訓練精度は上がるか" },
      text(record): Text {
        const [deep, shallow] = [deepest(record, "plain"), shallowest(record, "plain")];
        const lost = (lastOf(record, shallow, "trainAccuracy") ?? 0) - (lastOf(record, deep, "trainAccuracy") ?? 0);
        const worse = lost > 0.02;
        return {
          en: `A deep network could compute what a shallow one does: its further layers need only pass things on. On the rows it learns from, ${deep} reaches ${trained(record, deep)}, ${shallow} ${trained(record, shallow)}. ${worse ? "That is not overfitting; it is that the deep one cannot be trained." : "Here the depth costs nothing yet."}`,
          ja: `深いネットワークは、余分な層が値をそのまま渡せば、浅いものと同じ計算ができるはずです。訓練データでの精度は ${deep} が ${trained(record, deep)}、${shallow} が ${trained(record, shallow)} です。${worse ? "過学習ではなく、深いほうが学習できていないのです。" : "ここでは、深さによる損はまだありません。"}`,
        };
      },
      view: "accuracy",
    },
    {
      title: { en: "What the gradient goes through", ja: "勾配が通る道" },
      text: () => ({
        en: "Backward, the gradient is multiplied by every layer on its way. Whether it grows or shrinks along many of them, the layers at one end get steps of a quite different size than those at the other: the dashed curves of the left figure.",
        ja: "逆伝播では、勾配に各層の行列が次々と掛かります。何十層ものあいだに増えても減っても、両端の層では更新の大きさがまったく違ってしまいます(左の図の破線)。",
      }),
      view: "gradients",
    },
    {
      title: { en: "A way around", ja: "回り道を作る" },
      text: (record): Text => ({
        en: `y = x + F(x): the gradient comes back as it is, plus what F adds. ${deepest(record, "residual")} reaches ${trained(record, deepest(record, "residual"))}.`,
        ja: `y = x + F(x) とすると、勾配はそのまま戻り、F の分が足されるだけです。${deepest(record, "residual")} は ${trained(record, deepest(record, "residual"))} に達します。`,
      }),
      view: "depth",
    },
    {
      title: { en: "What BatchNorm does of it", ja: "BatchNorm の役割" },
      text: () => ({
        en: "As it stands at first, both kinds have Batch Normalization. Without it every x + F(x) is larger than x, and after 40 layers the sum is beyond all numbers: [[batchNorm=off]].",
        ja: "初めの設定では、どちらにも Batch Normalization が入っています。外すと x + F(x) は層ごとに大きくなり、40層では数として表せないほどになります: [[batchNorm=off]]",
      }),
    },
    {
      title: { en: "Where does it begin to matter?", ja: "どこから効いてくるか" },
      text: () => ({
        en: "Try fewer layers: [[depths=2,4,8]]. Below some ten layers there is little to gain from a way around.",
        ja: "層を減らしてみてください: [[depths=2,4,8]]。10層程度までは、回り道の効果はほとんどありません。",
      }),
    },
  ],
  prediction: {
    question: {
      en: "Draw the training accuracy of the plain network of 40 layers at updates 0, 100, 200, 400 and 600.",
      ja: "40層の通常のネットワークの訓練精度を、0、100、200、400、600 回目について描いてください。",
    },
    set: {},
    task: {
      kind: "curve",
      at: at.map((n) => ({ en: `update ${n}`, ja: `${n} 回目` })),
      label: { en: "training accuracy", ja: "訓練データの精度" },
      low: 0,
      high: 1,
      truth: (record) => at.map((x) => valueAt(record, "plain 40", "trainAccuracy", x)),
    },
    lesson: (record) => ({
      en: `It ends at ${lessonNumbers(record).accuracy("plain 40", "trainAccuracy")}, with eight times the layers of the shallowest.`,
      ja: `最後は ${lessonNumbers(record).accuracy("plain 40", "trainAccuracy")} です。最も浅いネットワークの8倍の層があるのに、です。`,
    }),
  },
  fault: {
    set: { weightInit: 0.01, batchNorm: "off", iterations: 201 },
    symptom: {
      en: "On the left even five layers learn nothing; residual networks fare better.",
      ja: "左では5層の通常のネットワークでさえ学習しません。残差のほうはいくらかましです。",
    },
    hint: { en: "Look at the sizes of the gradients, layer by layer.", ja: "各層の勾配の大きさを見てください。" },
    causes: [
      {
        text: { en: "The initial weights are too small.", ja: "重みの初期値が小さすぎる。" },
        right: true,
        why: {
          en: "Right: every plain layer shrinks what goes through it, forward and backward, and no BatchNorm sets it right.",
          ja: "正解です。通常の層は、順方向でも逆方向でも値を縮め、それを戻す BatchNorm もありません。",
        },
      },
      {
        text: { en: "The network is too deep.", ja: "ネットワークが深すぎる。" },
        why: { en: "Five layers of the right side learn well.", ja: "右の5層のネットワークはよく学習します。" },
      },
      {
        text: { en: "The learning rate is too high.", ja: "学習率が高すぎる。" },
        why: {
          en: "It is the same on both sides, and nothing blows up.",
          ja: "左右で同じですし、発散もしていません。",
        },
      },
    ],
  },
  contrast: {
    question: {
      en: "With Batch Normalization on the left, without on the right. Which networks of 40 layers need it most?",
      ja: "左は Batch Normalization あり、右はなしです。40層のネットワークで、これがないと最も困るのはどちらでしょう。",
    },
    sides: [
      { name: { en: "with BatchNorm", ja: "BatchNorm あり" }, set: {} },
      { name: { en: "without", ja: "なし" }, set: { batchNorm: "off" } },
    ],
    answers: [
      {
        text: { en: "The residual ones", ja: "残差のほう" },
        right: true,
        why: {
          en: "Yes: each block adds to what goes through it. Without BatchNorm the outputs grow from block to block until training diverges at once.",
          ja: "正解です。ブロックごとに値が足されるので、BatchNorm がないと出力がどんどん大きくなり、すぐに発散します。",
        },
      },
      {
        text: { en: "The plain ones", ja: "通常のほう" },
        why: {
          en: "No: plain networks of 40 layers learn slowly with it and without.",
          ja: "違います。40層の通常のネットワークは、あってもなくても学習が遅いままです。",
        },
      },
      {
        text: { en: "Neither", ja: "どちらも困らない" },
        why: {
          en: "No: look at the gradients of the residual network of 40 layers on the right.",
          ja: "違います。右の40層の残差ネットワークの勾配を見てください。",
        },
      },
    ],
  },
};

import type { RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { Curve, FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import { smoothCurve } from "../../figure/smooth.ts";
import type { DetailTable, ResultTable } from "../experiment.ts";
import { seriesOf } from "../series.ts";
import { runName } from "./name.ts";

const iterations = { en: "iterations", ja: "更新回数" };

function curve(
  record: Pick<RunRecord, "series">,
  metric: string,
  look: Pick<Curve, "name" | "style" | "role"> & { smooth?: boolean },
): Curve[] {
  const series = seriesOf(record, runName, metric);
  const { smooth, ...rest } = look;
  return series === undefined
    ? []
    : [{ kind: "curve", ...rest, x: series.x, y: smooth === true ? smoothCurve(series.y) : series.y }];
}

const minibatch: Text = { en: "minibatch", ja: "ミニバッチ" };
const training: Text = { en: "training", ja: "訓練" };
const test: Text = { en: "test", ja: "テスト" };

/** Loss, accuracy and, where it changes, the learning rate. */
export function sandboxFigures(record: Pick<RunRecord, "series">): FigureSpec[] {
  const panels: PlanePanel[] = [
    {
      kind: "plane",
      x: { label: iterations },
      y: { label: { en: "loss", ja: "損失" } },
      layers: [
        ...curve(record, "loss", { name: minibatch, style: 7, role: "raw" }),
        ...curve(record, "trainLoss", { name: training, style: 0, role: "line" }),
        ...curve(record, "testLoss", { name: test, style: 1, role: "line" }),
      ],
    },
    {
      kind: "plane",
      x: { label: iterations },
      y: { label: { en: "accuracy", ja: "認識精度" }, domain: [0, 1] },
      layers: [
        ...curve(record, "trainAccuracy", { name: training, style: 0, role: "line" }),
        ...curve(record, "testAccuracy", { name: test, style: 1, role: "line" }),
      ],
    },
  ];
  const rate = curve(record, "lr", { name: "lr", style: 2, role: "line" });
  if (rate.length > 0) {
    panels.push({
      kind: "plane",
      x: { label: iterations },
      y: { label: { en: "learning rate", ja: "学習率" } },
      layers: rate,
    });
  }
  return [
    {
      id: "curves",
      title: { en: "Loss and accuracy", ja: "損失と認識精度" },
      subtitle: {
        en: "training and test data in evaluation mode; each minibatch faint",
        ja: "訓練データとテストデータ(評価時の値)。薄い線は各ミニバッチ",
      },
      columns: 2,
      panels,
    },
  ];
}

/** The numbers at the last measurement. */
export function sandboxResults(record: Pick<RunRecord, "series">): ResultTable {
  const last = (metric: string) => seriesOf(record, runName, metric)?.y.at(-1) ?? null;
  const row = (name: string, loss: string, accuracy: string) => [name, last(loss), last(accuracy)];
  const rows = [row("train", "trainLoss", "trainAccuracy"), row("test", "testLoss", "testAccuracy")];
  return {
    columns: [
      { en: "data", ja: "データ" },
      { en: "loss", ja: "損失" },
      { en: "accuracy", ja: "認識精度" },
    ],
    rows: rows.filter(([, loss, accuracy]) => loss !== null || accuracy !== null),
  };
}

/** How the test rows were classified, once the run has ended. */
export function confusionTable(record: Pick<RunRecord, "events">): DetailTable[] {
  const note = record.events.find(({ kind }) => kind === "confusion");
  if (note === undefined) {
    return [];
  }
  const classNames = note.classNames as readonly string[];
  const counts = note.counts as readonly number[];
  return [
    {
      title: { en: "Confusion of the test data", ja: "テストデータの混同行列" },
      columns: [{ en: "class ╲ predicted", ja: "正解 ╲ 予測" }, ...classNames],
      rows: classNames.map((name, i) => [name, ...counts.slice(i * classNames.length, (i + 1) * classNames.length)]),
    },
  ];
}

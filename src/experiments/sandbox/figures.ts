import { type ConfusionNote, notesOf } from "../../core/note.ts";
import type { RunRecord } from "../../core/record.ts";
import { inLanguage, type Text } from "../../core/text.ts";
import type { Curve, FigureSpec, PlanePanel } from "../../figure/figure-spec.ts";
import type { DetailTable, ResultTable } from "../../runs/experiment.ts";
import { drawn, lastOf, runsOf, seriesOf } from "../series.ts";
import { runName } from "./name.ts";

/** What the second panel and the table tell beside the loss: of classes, or of numbers. */
const qualities = [
  {
    metric: "Accuracy",
    name: { en: "accuracy", ja: "認識精度" },
    short: { en: "accuracy", ja: "精度" },
    domain: [0, 1],
  },
  { metric: "Rmse", name: "RMSE", short: "RMSE", domain: undefined },
] as const;

/** That which the runs of a record are measured by; accuracy before the first measurement. */
function qualityOf(record: Pick<RunRecord, "series">): (typeof qualities)[number] {
  return (
    qualities.find(({ metric }) => record.series.some((series) => series.metric === `train${metric}`)) ?? qualities[0]
  );
}

const iterations = { en: "iterations", ja: "更新回数" };
const minibatch: Text = { en: "minibatch", ja: "ミニバッチ" };
const training: Text = { en: "training", ja: "訓練" };
const test: Text = { en: "test", ja: "テスト" };

/** `test`, or `test (noise=0.2)` where several runs stand together. */
function curveName(name: Text, run: string): Text {
  const told = run.startsWith(`${runName} `) ? run.slice(runName.length) : "";
  return typeof name === "string" ? `${name}${told}` : { en: `${name.en}${told}`, ja: `${name.ja}${told}` };
}

/** A curve for each run: its colour tells the metric, or the run where there are several. */
function curves(
  record: Pick<RunRecord, "series">,
  metric: string,
  { name, style, role = "line" }: { name: Text; style: number; role?: Curve["role"] },
): Curve[] {
  const runs = runsOf(record);
  return runs.flatMap((run, i): Curve[] => {
    const series = seriesOf(record, run, metric);
    if (series === undefined) {
      return [];
    }
    const several = runs.length > 1;
    const look = several
      ? { style: i, dash: metric.startsWith("train") ? ("dashed" as const) : ("solid" as const) }
      : { style };
    return [{ kind: "curve", name: curveName(name, run), role, ...look, x: series.x, y: drawn(series.y) }];
  });
}

/** Loss, accuracy or error of numbers and, where it changes, the learning rate. */
export function sandboxFigures(record: Pick<RunRecord, "series">): FigureSpec[] {
  const { metric, name, domain } = qualityOf(record);
  const panels: PlanePanel[] = [
    {
      kind: "plane",
      x: { label: iterations, whole: true },
      y: { label: { en: "loss", ja: "損失" } },
      layers: [
        ...curves(record, "loss", { name: minibatch, style: 7, role: "raw" }),
        ...curves(record, "trainLoss", { name: training, style: 0 }),
        ...curves(record, "testLoss", { name: test, style: 1 }),
      ],
    },
    {
      kind: "plane",
      x: { label: iterations, whole: true },
      y: { label: name, ...(domain === undefined ? {} : { domain }) },
      layers: [
        ...curves(record, `train${metric}`, { name: training, style: 0 }),
        ...curves(record, `test${metric}`, { name: test, style: 1 }),
      ],
    },
  ];
  const rate = curves(record, "lr", { name: "lr", style: 2 });
  if (rate.length > 0) {
    panels.push({
      kind: "plane",
      x: { label: iterations, whole: true },
      y: { label: "lr" },
      layers: rate,
    });
  }
  return [
    {
      id: "curves",
      title: { en: `Loss and ${inLanguage(name, "en")}`, ja: `損失と${inLanguage(name, "ja")}` },
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
  const { metric: quality, short } = qualityOf(record);
  return {
    columns: [
      { en: "run", ja: "実行" },
      { en: "training loss", ja: "訓練の損失" },
      { en: "test loss", ja: "テストの損失" },
      { en: `training ${inLanguage(short, "en")}`, ja: `訓練の${inLanguage(short, "ja")}` },
      { en: `test ${inLanguage(short, "en")}`, ja: `テストの${inLanguage(short, "ja")}` },
    ],
    rows: runsOf(record).map((run) => [
      run,
      ...["trainLoss", "testLoss", `train${quality}`, `test${quality}`].map((metric) => lastOf(record, run, metric)),
    ]),
  };
}

/** How the test rows were classified, once a run has ended. */
export function confusionTables(record: Pick<RunRecord, "events">): DetailTable[] {
  return notesOf(record, "confusion").map(confusionTable);
}

function confusionTable({ run, classNames, counts }: ConfusionNote): DetailTable {
  return {
    title: curveName({ en: "Confusion of the test data", ja: "テストデータの混同行列" }, run),
    columns: [{ en: "class ╲ predicted", ja: "正解 ╲ 予測" }, ...classNames],
    rows: classNames.map((name, i) => [name, ...counts.slice(i * classNames.length, (i + 1) * classNames.length)]),
  };
}

import type { Text } from "../../core/text.ts";
import type { FigureSpec, Label, PlanePanel } from "../../figure/figure-spec.ts";
import { answersFor } from "../../model/apply.ts";
import { wholeRows } from "../../model/asked-table.ts";
import type { AnyModel } from "../../model/load.ts";
import type { ModelState } from "../../model/model-state.ts";
import type { Table } from "../../model/table.ts";
import type { AnswerPrediction, ValuePrediction } from "../../model/tasks.ts";
import { predictedOverTrue } from "./predicted-over-true.ts";

/** Cells that have room for a number. */
const mostLettered = 12;
/** Targets that have a panel each. */
const mostPanels = 6;

/** What a model was measured on, and what came of it: `confusion` where it tells classes. */
export interface Measured {
  readonly model: AnyModel;
  readonly table: Table;
  readonly state: ModelState;
  readonly confusion?: readonly (readonly number[])[];
}

/** How what a model tells stands to what is true: a confusion matrix of classes and answers, values over values of numbers. */
export function evaluationFigure(measured: Measured): FigureSpec {
  const { targets } = measured.state;
  const { confusion } = measured;
  const panels =
    targets.kind === "classes"
      ? [confusionPanel(targets.name, targets.classNames, confusion ?? [])]
      : answeredColumns(measured, targets.names).map(({ name, told, truth }) =>
          targets.kind === "numbers"
            ? predictedOverTrue(name, told, truth)
            : confusionPanel(name, [no, yes], answerCounts(told, truth)),
        );
  const shown = panels.length === 1 ? panels : panels.map((panel) => ({ ...panel, aspect: 1 }));
  const title: Text =
    targets.kind === "numbers"
      ? { en: "Predicted over true values", ja: "予測値と正解" }
      : { en: "Confusion matrix", ja: "混同行列" };
  return { id: "figure", title, columns: Math.min(3, shown.length), panels: shown };
}

/** Of each of the first targets what was told of the rows, and what is true of them; 1 and 0 of answers. */
function answeredColumns({ model, table, state }: Measured, names: readonly string[]) {
  const whole = wholeRows(table, state, "inputs and answers");
  const predictions = model.predict(whole) as (ValuePrediction | AnswerPrediction)[];
  const truth = answersFor(whole, state, predictions.length);
  return names.slice(0, mostPanels).map((name, k) => ({
    name,
    told: predictions.map((one) => Number("values" in one ? one.values[name] : one.answers[name])),
    truth: predictions.map((_, row) => truth[row * names.length + k]),
  }));
}

const [no, yes]: readonly Text[] = [
  { en: "no", ja: "いいえ" },
  { en: "yes", ja: "はい" },
];

/** How often 0 and 1 were told of 0 and 1. */
function answerCounts(told: readonly number[], truth: readonly number[]): number[][] {
  const counts = [
    [0, 0],
    [0, 0],
  ];
  truth.forEach((row, i) => {
    counts[row][told[i]]++;
  });
  return counts;
}

/** Rows are the true classes, from the top; a cell's colour is its share of the row. */
function confusionPanel(title: string, classes: readonly Text[], counts: readonly (readonly number[])[]): PlanePanel {
  const size = classes.length;
  const places = classes.map((_, k) => k);
  const fromTop = (row: number) => size - 1 - row;
  const share = (row: number, column: number) => {
    const all = counts[row].reduce((sum, count) => sum + count, 0);
    return all === 0 ? null : counts[row][column] / all;
  };
  const lettered =
    size > mostLettered
      ? []
      : counts.flatMap((row, y) =>
          row.map((count, x): Label => {
            const onHigh = (share(y, x) ?? 0) > 0.4;
            return { kind: "label", x, y: fromTop(y), text: String(count), onHigh };
          }),
        );
  const axis = (label: Text, tickLabels: readonly Text[]) => ({
    label,
    domain: [-0.5, size - 0.5] as const,
    ...(size > 2 * mostLettered ? {} : { ticks: places, tickLabels }),
  });
  return {
    kind: "plane",
    title,
    x: axis({ en: "predicted", ja: "予測" }, classes),
    y: axis({ en: "true", ja: "正解" }, [...classes].reverse()),
    layers: [
      {
        kind: "heat",
        grid: { x: places, y: places, z: places.flatMap((y) => places.map((x) => share(fromTop(y), x))) },
        colors: { label: { en: "share of the true class", ja: "正解クラスの中の割合" }, domain: [0, 1] },
      },
      ...lettered,
    ],
  };
}

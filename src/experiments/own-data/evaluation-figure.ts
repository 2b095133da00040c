import { largestOf, smallestOf } from "../../core/long-lists.ts";
import type { Text } from "../../core/text.ts";
import type { FigureSpec, Label, PlanePanel } from "../../figure/figure-spec.ts";
import { wholeRows } from "../../model/asked-table.ts";
import type { AnyModel } from "../../model/load.ts";
import type { ModelState, ModelTargets } from "../../model/model-state.ts";
import { measuredRows } from "../../model/questions.ts";
import type { Table } from "../../model/table.ts";
import type { AnswerPrediction, ClassPrediction, ValuePrediction } from "../../model/tasks.ts";

/** Cells that have room for a number. */
const mostLettered = 12;
/** Targets that have a panel each. */
const mostPanels = 6;

/** What a model told of rows and what is true of them, [rows] of classes' numbers or [rows, names] of values or 0 and 1. */
export interface Answered {
  readonly targets: ModelTargets;
  readonly told: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
}

/** What a model tells of a table's rows, beside what the table says. @throws as `evaluate` */
export function answeredRows(model: AnyModel, table: Table, state: ModelState): Answered {
  const whole = wholeRows(table, state, "inputs and answers");
  const { answers: truth } = measuredRows(whole, state);
  const { targets } = state;
  const predictions = model.predict(whole);
  if (targets.kind === "classes") {
    const places = new Map(targets.classNames.map((name, place) => [name, place]));
    const told = (predictions as ClassPrediction[]).map((one) => places.get(one.class) as number);
    return { targets, told, truth };
  }
  const { names } = targets;
  const told =
    targets.kind === "numbers"
      ? (predictions as ValuePrediction[]).flatMap(({ values }) => names.map((name) => values[name]))
      : (predictions as AnswerPrediction[]).flatMap(({ answers }) => names.map((name) => Number(answers[name])));
  return { targets, told, truth };
}

/** How what a model tells stands to what is true: a confusion matrix of classes and answers, values over values of numbers. */
export function evaluationFigure({ targets, told, truth }: Answered): FigureSpec {
  const names = targets.kind === "classes" ? [targets.name] : targets.names.slice(0, mostPanels);
  const width = targets.kind === "classes" ? 1 : targets.names.length;
  const columnOf = (values: ArrayLike<number>, k: number) =>
    Array.from({ length: values.length / width }, (_, i) => values[i * width + k]);
  const panels = names.map((name, k): PlanePanel => {
    const [ofTold, ofTruth] = [columnOf(told, k), columnOf(truth, k)];
    return targets.kind === "numbers"
      ? scatter(name, ofTold, ofTruth)
      : confusion(name, targets.kind === "classes" ? targets.classNames : [no, yes], ofTold, ofTruth);
  });
  const shown = panels.length === 1 ? panels : panels.map((panel) => ({ ...panel, aspect: 1 }));
  const title: Text =
    targets.kind === "numbers"
      ? { en: "Predicted over true values", ja: "予測値と正解" }
      : { en: "Confusion matrix", ja: "混同行列" };
  return { id: "figure", title, columns: Math.min(3, shown.length), panels: shown };
}

const [no, yes]: readonly Text[] = [
  { en: "no", ja: "いいえ" },
  { en: "yes", ja: "はい" },
];

/** Rows are the true classes, from the top; a cell's colour is its share of the row. */
function confusion(
  title: string,
  classes: readonly Text[],
  told: readonly number[],
  truth: readonly number[],
): PlanePanel {
  const size = classes.length;
  const counts = Array.from({ length: size }, () => new Array<number>(size).fill(0));
  truth.forEach((row, i) => {
    counts[row][told[i]]++;
  });
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

/** A point a row; on the line, what is told is true. */
function scatter(title: string, told: readonly number[], truth: readonly number[]): PlanePanel {
  const all = [...truth, ...told].filter(Number.isFinite);
  const [low, high] = [smallestOf(all), largestOf(all)];
  return {
    kind: "plane",
    title,
    x: { label: { en: "true", ja: "正解" } },
    y: { label: { en: "predicted", ja: "予測" } },
    layers: [
      {
        kind: "curve",
        name: { en: "predicted = true", ja: "予測 = 正解" },
        style: 7,
        role: "line",
        dash: "dashed",
        x: [low, high],
        y: [low, high],
      },
      { kind: "points", name: { en: "rows", ja: "行" }, style: 0, marker: "ring", x: truth, y: told },
    ],
  };
}

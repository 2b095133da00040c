import { csvText } from "../core/csv.ts";
import { HyperError } from "../core/errors.ts";
import { columnPlace, columnsIn } from "../data/csv/column-place.ts";
import type { CsvTable } from "../data/csv/csv-reader.ts";
import { columnNames } from "../data/csv/header.ts";
import type { ModelTargets } from "../model/model-state.ts";
import type { AnswerPrediction, ClassPrediction, ValuePrediction } from "../model/tasks.ts";

/** Columns of the rows that are asked about, to stand beside what is told of them. */
export interface KeptColumns {
  readonly names: readonly string[];
  /** Of a row of the table, from 0 behind the header. */
  readonly cells: (row: number) => readonly string[];
}

/**
 * The columns that a text names, parted by commas; `all` names each.
 * @param header how many rows name the columns  @throws CsvError on one that is not there
 */
export function keptColumns(csv: CsvTable, header: 0 | 1, text: string | undefined): KeptColumns {
  const { names } = columnNames(csv, header > 0);
  const what = { en: "a column to keep", ja: "出力に残す列" };
  const place = (one: string) => columnPlace({ file: csv.name, names, top: [] }, one, what);
  const all = text === "all" && !names.includes("all");
  const kept = text === undefined ? [] : all ? names : columnsIn(text, names);
  const places = kept.map(place);
  return {
    names: places.map((j) => names[j]),
    cells: (row) => places.map((j) => csv.cells[(header + row) * csv.columns + j]),
  };
}

/**
 * A row of cells for each prediction: `prediction`, and `probability` of classes, then that of each class where asked; of several
 * targets with their names. Of a row without a prediction these cells are empty.
 * @throws HyperError where each class is asked for, and the model knows none
 */
export function predictionsCsv(
  targets: ModelTargets,
  told: readonly unknown[],
  { kept, eachClass }: { readonly kept: KeptColumns; readonly eachClass: boolean },
): string {
  const { header, cells } = predictionCells(targets, eachClass);
  const rows = told.map((one, i) => [...kept.cells(i), ...(one === undefined ? header.map(() => "") : cells(one))]);
  return csvText([[...kept.names, ...header], ...rows]);
}

interface PredictionCells {
  readonly header: readonly string[];
  readonly cells: (prediction: unknown) => (string | number)[];
}

function predictionCells(targets: ModelTargets, eachClass: boolean): PredictionCells {
  if (targets.kind === "classes") {
    const words = eachClass ? targets.classNames : [];
    const cells = (one: ClassPrediction) => [
      one.class,
      one.probability,
      ...words.map((word) => one.probabilities[word]),
    ];
    const header = ["prediction", "probability", ...words.map((word) => `probability ${word}`)];
    return { header, cells: cells as PredictionCells["cells"] };
  }
  const { names } = targets;
  if (eachClass) {
    throw new HyperError({
      en: `--probabilities: must go with a model of classes, got one that tells ${names.join(", ")}. Leave it out.`,
      ja: `--probabilities: クラスを予測するモデルで使ってください(このモデルは ${names.join("、")} を予測します)。`,
    });
  }
  if (targets.kind === "numbers") {
    const cells = ({ values }: ValuePrediction) => names.map((name) => values[name]);
    const header = names.length === 1 ? ["prediction"] : names.map((name) => `prediction ${name}`);
    return { header, cells: cells as PredictionCells["cells"] };
  }
  const cells = ({ answers, probabilities }: AnswerPrediction) =>
    names.flatMap((name) => [String(answers[name]), probabilities[name]]);
  const header = names.flatMap((name) => [`prediction ${name}`, `probability ${name}`]);
  return { header, cells: cells as PredictionCells["cells"] };
}

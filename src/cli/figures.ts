import { csvText } from "../core/csv.ts";
import type { RunRecord } from "../core/record.ts";
import { reportOf } from "../experiments/report.ts";
import { seedBands, seedFigure } from "../experiments/seeds.ts";
import type { Experiment } from "../runs/experiment.ts";
import type { OutputFile } from "../runs/outputs.ts";
import type { CliContext } from "./context.ts";
import type { Drawing, Picture } from "./pictures.ts";
import { printFigureOf } from "./print-figure.ts";

/** The figures and the report of a run. */
export function runDrawing(experiment: Experiment, record: RunRecord, folder: string): Drawing {
  return { folder, pictures: picturesOf(experiment, record), report: () => reportOf([{ experiment, record }]) };
}

/** The experiment's figures; where they cannot even be made, one picture that says so. */
function picturesOf(experiment: Experiment, record: RunRecord): Picture[] {
  try {
    return experiment
      .figures(record)
      .map((figure, i) => ({ name: i === 0 ? "figure" : `figure-${figure.id}`, figure: () => figure }));
  } catch (error) {
    const figure = () => {
      throw error;
    };
    return [{ name: "figure", figure }];
  }
}

/** The figure of several seeds together. */
export function seedDrawing(experiment: Experiment, records: readonly RunRecord[], folder: string): Drawing {
  return { folder, pictures: [{ name: "figure", figure: () => seedFigure(experiment.title, records) }] };
}

/** Every series' median and band over the seeds as numbers: `seeds.csv`. */
export function seedsCsv(records: readonly RunRecord[]): OutputFile {
  const rows = seedBands(records).flatMap(({ name, metric, x, median, low, high }) =>
    x.map((at, i) => [name, metric, at, median[i] ?? null, low[i] ?? null, high[i] ?? null]),
  );
  return { name: "seeds.csv", contents: csvText([["run", "metric", "x", "median", "p10", "p90"], ...rows]) };
}

/** More panels than these would scroll the results away. */
const printedPanels = 4;

/** Prints the first figure in characters, under a run; not when it has many panels. */
export function printFigure(experiment: Experiment, record: RunRecord, context: CliContext): void {
  const first = () => {
    const [figure = null] = experiment.figures(record);
    return figure === null || figure.panels.length > printedPanels ? null : figure;
  };
  printFigureOf(first, { one: 14, several: 9 }, context);
}

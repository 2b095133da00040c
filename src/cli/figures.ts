import { csvText } from "../core/csv.ts";
import type { RunRecord } from "../core/record.ts";
import type { Experiment } from "../experiments/experiment.ts";
import type { OutputFile } from "../experiments/outputs.ts";
import { reportOf } from "../experiments/report.ts";
import { seedBands, seedFigure } from "../experiments/seeds.ts";
import { renderReport } from "../figure/report.ts";
import { renderSvg } from "../figure/svg.ts";
import { renderTerminal } from "../figure/terminal.ts";
import { newDocument } from "../node/document.ts";
import { renderPng } from "../node/png.ts";
import type { CliContext } from "./context.ts";

/** Pixels of figure.svg; figure.png has twice as many. */
const figureWidth = 860;

/** The figures and the report of a run, and what a reader should know of them. */
export function figureFiles(
  experiment: Experiment,
  record: RunRecord,
  { language }: Pick<CliContext, "language">,
): { files: OutputFile[]; notes: string[] } {
  const notes = new Set<string>();
  const files = experiment.figures(record).flatMap((figure, i): OutputFile[] => {
    const name = i === 0 ? "figure" : `figure-${figure.id}`;
    const { png, note } = renderPng(figure, { language, width: figureWidth });
    if (note !== undefined) {
      notes.add(note);
    }
    const svg = renderSvg(figure, { language, width: figureWidth, document: newDocument() });
    return [
      { name: `${name}.svg`, contents: `${svg}\n` },
      { name: `${name}.png`, contents: png },
    ];
  });
  return { files: [...files, reportFile([{ experiment, record }], language)], notes: [...notes] };
}

/** One page for one run or for a chapter of them. */
export function reportFile(
  runs: readonly { experiment: Experiment; record: RunRecord }[],
  language: CliContext["language"],
): OutputFile {
  return { name: "report.html", contents: renderReport(reportOf(runs), { language, document: newDocument() }) };
}

/** The figure of several seeds together, and every series' median and band as numbers. */
export function seedFiles(
  experiment: Experiment,
  records: readonly RunRecord[],
  { language }: Pick<CliContext, "language">,
): OutputFile[] {
  const figure = seedFigure(experiment.title, records);
  const rows = seedBands(records).flatMap(({ name, metric, x, median, low, high }) =>
    x.map((at, i) => [name, metric, at, median[i] ?? null, low[i] ?? null, high[i] ?? null]),
  );
  const svg = renderSvg(figure, { language, width: figureWidth, document: newDocument() });
  return [
    { name: "seeds.csv", contents: csvText([["run", "metric", "x", "median", "p10", "p90"], ...rows]) },
    { name: "figure.svg", contents: `${svg}\n` },
    { name: "figure.png", contents: renderPng(figure, { language, width: figureWidth }).png },
  ];
}

/** More panels than these would scroll the results away. */
const printedPanels = 4;

/** The first figure in characters, to be printed under a run; not when it has many panels. */
export function printFigure(experiment: Experiment, record: RunRecord, context: CliContext): void {
  const [figure] = experiment.figures(record);
  if (figure === undefined || figure.panels.length > printedPanels) {
    return;
  }
  const { language, color } = context;
  const columns = Math.min(context.columns, 100);
  const rows = figure.panels.length > 1 ? 9 : 14;
  context.print(renderTerminal(figure, { language, color, columns, rows }).trimEnd());
}

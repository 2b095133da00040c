import type { OutputFile } from "../experiments/outputs.ts";
import { renderReport } from "../figure/report.ts";
import { renderSvg } from "../figure/svg.ts";
import { newDocument } from "../node/document.ts";
import { renderPng } from "../node/png.ts";
import { studyViews } from "../search/views/index.ts";
import { studyReport, type WholeStudy } from "../search/views/report.ts";
import { studyJson } from "../search/views/study-json.ts";
import { trialsCsv } from "../search/views/trials-csv.ts";
import type { CliContext } from "./context.ts";

/** Pixels of the SVG files; PNG has twice as many. */
const figureWidth = 860;

/** `study.json`, `trials.csv`, every view as SVG and PNG, `report.html`, and what a reader should know of them. */
export function studyFiles(
  whole: WholeStudy,
  { language }: Pick<CliContext, "language">,
): { files: OutputFile[]; notes: string[] } {
  const notes = new Set<string>();
  const figures = studyViews.flatMap((view): OutputFile[] => {
    const figure = view.draw(whole.data);
    if (figure === null) {
      return [];
    }
    const { png, note } = renderPng(figure, { language, width: figureWidth });
    if (note !== undefined) {
      notes.add(note);
    }
    const svg = renderSvg(figure, { language, width: figureWidth, document: newDocument() });
    return [
      { name: `${view.id}.svg`, contents: `${svg}\n` },
      { name: `${view.id}.png`, contents: png },
    ];
  });
  const json = { name: "study.json", contents: `${JSON.stringify(studyJson(whole))}\n` };
  const csv = { name: "trials.csv", contents: trialsCsv(whole.data.trials) };
  return { files: [json, csv, ...figures, studyReportFile(whole, language)], notes: [...notes] };
}

/** The study's page. */
export function studyReportFile(whole: WholeStudy, language: CliContext["language"]): OutputFile {
  return { name: "report.html", contents: renderReport(studyReport(whole), { language, document: newDocument() }) };
}

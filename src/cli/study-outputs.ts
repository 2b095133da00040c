import { renderReport } from "../figure/report.ts";
import type { OutputFile } from "../runs/outputs.ts";
import { studyViews } from "../search/views/index.ts";
import { studyReport, type WholeStudy } from "../search/views/report.ts";
import { studyJson } from "../search/views/study-json.ts";
import { trialsCsv } from "../search/views/trials-csv.ts";
import type { CliContext } from "./context.ts";
import type { Drawing } from "./pictures.ts";

/** `study.json` and `trials.csv`: what a study is, before anything is drawn of it. */
export function studyNumbers(whole: WholeStudy): OutputFile[] {
  return [
    { name: "study.json", contents: `${JSON.stringify(studyJson(whole))}\n` },
    { name: "trials.csv", contents: trialsCsv(whole.data.trials) },
  ];
}

/** Every view of a study that has something to show, and its page. */
export function studyDrawing(whole: WholeStudy, folder: string): Drawing {
  return {
    folder,
    pictures: studyViews.map(({ id, draw }) => ({ name: id, figure: () => draw(whole.data) })),
    report: () => studyReport(whole),
  };
}

/** The study's page. */
export function studyPage(whole: WholeStudy, language: CliContext["language"]): string {
  return renderReport(studyReport(whole), { language });
}

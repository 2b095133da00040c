/** What a study shows, as the library has it. */

export { compareStudies } from "./compare.ts";
export { contourFigure } from "./contour.ts";
export { edgeFindings } from "./edge.ts";
export { studyViews } from "./index.ts";
export { type Importance, type PedAnovaOptions, pedAnova } from "./ped-anova.ts";
export { studyReport, type WholeStudy } from "./report.ts";
export type { StudyData, StudyView } from "./study-view.ts";
export { bestTable } from "./summary.ts";
export { trialsCsv } from "./trials-csv.ts";

import { contourView } from "./contour.ts";
import { edfView } from "./edf.ts";
import { historyView } from "./history.ts";
import { importancesView } from "./importances.ts";
import { intermediateView } from "./intermediate.ts";
import { parallelView } from "./parallel.ts";
import { sliceView } from "./slice.ts";
import type { StudyView } from "./study-view.ts";
import { timelineView } from "./timeline.ts";

/** Every view, in the order in which a page shows them. */
export const studyViews: readonly StudyView[] = [
  historyView,
  importancesView,
  sliceView,
  contourView,
  parallelView,
  intermediateView,
  edfView,
  timelineView,
];

import type { StudyStore } from "../store/studies/study-store.ts";

/** What a study asks of wherever its trials are kept. Every `StudyStore` is one; `MemoryStudyLog` forgets at the end. */
export type StudyLog = Pick<
  StudyStore,
  "createStudy" | "view" | "claim" | "suggest" | "report" | "finish" | "release"
> &
  Partial<Pick<StudyStore, "heartbeat" | "checkpoint">>;

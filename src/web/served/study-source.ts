import type { Text } from "../../core/text.ts";
import type { StudyData } from "../../search/views/study-view.ts";
import type { StudySpec } from "../../store/studies/study-store.ts";

/** A study in a list. */
export interface StudyItem {
  /** Unique in its source. */
  readonly id: string;
  readonly name: string;
  readonly direction: StudyData["direction"];
  readonly trials: number;
  readonly complete: number;
  readonly best: number | null;
  /** Milliseconds since 1970 of the last change; null when unknown. */
  readonly touchedAt: number | null;
  /** Whether trials of it are under way. */
  readonly running: boolean;
  /** Whether it goes on because a page asked for it, and can be stopped from one. */
  readonly here?: boolean;
}

/** A study with what it has recorded so far. */
export interface OpenStudy {
  readonly study: StudySpec;
  readonly data: StudyData;
  readonly running: boolean;
}

/**
 * The studies that the studio shows: of this browser (runs of the chapter's search, files that were opened), or of the
 * store of the machine that serves it. Errors are DataErrors with a sentence for the person.
 */
export interface StudySource {
  readonly place: "page" | "server";
  list(): Promise<StudyItem[]>;
  /** What the last list could not show; null for nothing. */
  readonly warning: Text | null;
  /**
   * Calls back with the study as it is, then whenever it has changed. `onTrouble` is told why it cannot be had, with null
   * when it can again. Gives the function that ends it.
   */
  watch(id: string, onStudy: (study: OpenStudy) => void, onTrouble: (error: unknown) => void): () => void;
  /** Calls back when the list may have changed. Gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  /** Goes on with a study that has stopped; absent where nothing can. */
  resume?(id: string, trials: number): Promise<void>;
  /** Ends what `resume` began; trials under way are given back. Absent where nothing can be. */
  stop?(id: string): Promise<void>;
  /** Forgets a study; absent where it cannot be. */
  delete?(id: string): Promise<void>;
}

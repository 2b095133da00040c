import type { RunEvent, RunRecord } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import type { RunEnd, RunFilter, RunInfo, RunMarks, StoredRun, StoredRunSummary } from "../../store/runs/run-store.ts";

export type { RunMarks };

/** A run on the shelf without what it measured. A `running` one goes on in this tab, in another, or on the server. */
export type ShelfSummary = Omit<StoredRunSummary, "origin">;

/** A run on the shelf with all that it recorded so far. */
export type ShelfRun = Omit<StoredRun, "origin" | "upTo">;

/** Records one run while it goes. */
export interface ShelfWriter {
  readonly id: string;
  /**
   * Takes events and returns at once; they are written some times a second, so that a tab closed in mid-run keeps all but
   * the last moments. Kinds that no record holds (`progress` and the like) are left out. Never throws: when they cannot be
   * kept, they stay in memory and {@link RunShelf.warning} says why.
   */
  append(events: readonly RunEvent[]): void;
  /** Writes what is left and marks the end. Never rejects, for the same reason. */
  finish(status: RunEnd, seconds: RunRecord["seconds"]): Promise<void>;
}

/**
 * The runs that the studio shows: in this browser (`openBrowserShelf` of run-shelf.ts) or of the machine that serves it
 * (server-shelf.ts). Errors are DataErrors with a sentence for the person (`saidBy` of core/errors.ts).
 */
export interface RunShelf {
  /** Where runs are kept. `memory`: until the page is closed. */
  readonly place: "browser" | "memory" | "server";
  /** Why runs may be lost (private window, full disk), or null. May change: see {@link subscribe}. */
  readonly warning: Text | null;
  /** The runs, newest first. */
  list(filter?: RunFilter): Promise<ShelfSummary[]>;
  /** One run, finished or not. @throws DataError when there is none of this id */
  get(id: string): Promise<ShelfRun>;
  /** Starts recording a run under a new id. Never rejects: where it cannot be kept, it stays in memory. */
  begin(info: RunInfo): Promise<ShelfWriter>;
  /** Renames or pins. @throws DataError when there is no such run, or it cannot be written */
  mark(id: string, marks: Partial<RunMarks>): Promise<void>;
  /** Forgets a run. @throws DataError when there is none, or it still runs */
  delete(id: string): Promise<void>;
  /** The runs of these ids as JSON text, for {@link import}. @throws DataError when one is not there */
  export(ids: readonly string[]): Promise<string>;
  /**
   * Adds the runs of an exported text, or of a `run.json`, and gives their ids; those already there are left as they are.
   * @throws DataError when the text is something else; then nothing is added
   */
  import(text: string): Promise<string[]>;
  /** Calls back when runs or the warning changed, here or in another tab. Gives the function that ends it. */
  subscribe(listener: () => void): () => void;
  close(): void;
}

import type { RunRecord } from "../../core/record.ts";
import type { RunInfo, RunMarks, RunStatus } from "../../store/runs/run-store.ts";

/** A run as it is kept, without what it measured. */
export interface RunRow extends RunMarks {
  readonly id: string;
  readonly info: RunInfo;
  readonly status: RunStatus;
  readonly seconds: RunRecord["seconds"];
}

/** Keeps runs: their rows, and beside each the texts of `encodeChunk` in the order in which they were written. */
export interface RunDb {
  rows(): Promise<RunRow[]>;
  row(id: string): Promise<RunRow | undefined>;
  chunks(id: string): Promise<string[]>;
  /**
   * Writes all of it or nothing: changes a row, or makes it, and puts chunks at the numbers from, from + 1, …
   * @param change of the row as it is now, which another tab may have changed since it was read
   */
  write(
    id: string,
    change: (row: RunRow | undefined) => RunRow,
    from: number,
    chunks: readonly string[],
  ): Promise<void>;
  delete(id: string): Promise<void>;
  close(): void;
}

/** Runs that live as long as the page. */
export function memoryRunDb(): RunDb {
  const kept = new Map<string, { row: RunRow; chunks: string[] }>();
  return {
    rows: async () => [...kept.values()].map(({ row }) => row),
    row: async (id) => kept.get(id)?.row,
    chunks: async (id) => [...(kept.get(id)?.chunks ?? [])],
    async write(id, change, from, chunks) {
      const run = kept.get(id);
      kept.set(id, { row: change(run?.row), chunks: [...(run?.chunks ?? []).slice(0, from), ...chunks] });
    },
    async delete(id) {
      kept.delete(id);
    },
    close() {},
  };
}

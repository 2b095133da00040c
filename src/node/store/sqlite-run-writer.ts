import type { DatabaseSync } from "node:sqlite";
import { DataError } from "../../core/errors.ts";
import { encodeChunk } from "../../store/runs/chunk.ts";
import type { RunEnd, RunWriter } from "../../store/runs/run-store.ts";
import type { SqliteHandle } from "./sqlite-dialect.ts";
import type { WatchedFile } from "./store-file.ts";

/** The store that a run is written into. */
export interface WrittenStore {
  readonly db: SqliteHandle;
  readonly file: WatchedFile;
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** One transaction: all of it or nothing. */
  write(action: () => void): void;
  /** The run's row, while this process records it. @throws DataError when it does not */
  recording(): number;
  status(): string | undefined;
}

/** Records a run in an SQLite file. A write that failed may be told again: what was kept after all is not kept twice. */
export function writerOf(id: string, attempts: number, store: WrittenStore): RunWriter {
  const { db, now } = store;
  const count = (change: 1 | -1) =>
    store.write(() => {
      const run = store.recording();
      db.prepare("UPDATE runs SET attempts = max(0, attempts + ?) WHERE sequence = ?").run(change, run);
    });
  let failed: { readonly chunk: string; readonly number: number } | null = null;
  let ending: RunEnd | null = null;
  const written = { from: 0, chunks: 0, bytes: 0 };
  const mustBeKept = (status: RunEnd) =>
    store.file.mustBeReadable((file) => mustHold(file, { id, status, path: store.path }, written));
  return {
    id,
    attempts,
    attempt: () => count(1),
    leave: () => count(-1),
    append: (events) => {
      const chunk = encodeChunk(events);
      store.write(() => {
        const run = store.recording();
        db.prepare("UPDATE runs SET touched_ms = ? WHERE sequence = ?").run(now(), run);
        if (chunk !== null) {
          const last = db
            .prepare("SELECT number, events FROM chunks WHERE run = ? ORDER BY number DESC LIMIT 1")
            .get(run) as { number: number; events: string } | undefined;
          if (failed !== null && failed.chunk === chunk && last?.number === failed.number && last.events === chunk) {
            return;
          }
          failed = { chunk, number: (last?.number ?? 0) + 1 };
          db.prepare("UPDATE runs SET attempts = 1 WHERE sequence = ? AND attempts > 1").run(run);
          db.prepare("INSERT INTO chunks (run, number, events) VALUES (?, ?, ?)").run(run, failed.number, chunk);
        }
      });
      if (failed !== null) {
        written.from ||= failed.number;
        written.chunks++;
        written.bytes += Buffer.byteLength(failed.chunk);
      }
      failed = null;
    },
    finish: (status, seconds) => {
      // An end that was kept unheard is seen without the lock that another may hold by now.
      if (ending !== status || store.status() !== status) {
        store.write(() => {
          ending = status;
          db.prepare(
            `UPDATE runs SET status = ?, seconds_total = ?, seconds_train = ?, touched_ms = ? WHERE sequence = ?`,
          ).run(status, seconds.total, seconds.train, now(), store.recording());
        });
      }
      mustBeKept(status);
      ending = null;
    },
    ended: (status) => {
      if (store.status() !== status) {
        return false;
      }
      mustBeKept(status);
      return true;
    },
  };
}

/**
 * Looks whether the disk holds what was written of a run: of a file that was cut off or written over, the open connection
 * may know nothing.
 * @throws DataError
 */
function mustHold(
  file: DatabaseSync,
  { id, status, path }: { readonly id: string; readonly status: RunEnd; readonly path: string },
  written: { readonly from: number; readonly chunks: number; readonly bytes: number },
): void {
  const found = file
    .prepare(
      `SELECT status, count(number) AS chunks, coalesce(sum(length(CAST(events AS BLOB))), 0) AS bytes,
              coalesce(min(json_valid(events)), 1) AS readable
       FROM runs LEFT JOIN chunks ON run = sequence AND number >= ?
       WHERE id = ?`,
    )
    .get(written.from, id);
  const { status: kept, chunks = 0, bytes = 0, readable } = found ?? {};
  const whole = Number(chunks) >= written.chunks && Number(bytes) >= written.bytes && readable === 1;
  if (kept !== status || !whole) {
    throw new DataError({
      en: `run store ${path}: must hold what was written of run ${id} (${written.chunks} parts, ${written.bytes} bytes), got ${chunks} parts, ${bytes} bytes. Something else wrote into the file; leave a store alone while it is written.`,
      ja: `run store ${path}: 実行 ${id} の記録(${written.chunks} 個、${written.bytes} バイト)がそろっていません(${chunks} 個、${bytes} バイト)。ほかの何かがファイルに書き込みました。書き込み中のストアには触れないでください。`,
    });
  }
}

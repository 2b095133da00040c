import { append } from "../../core/long-lists.ts";
import type { RunEvent, RunRecord } from "../../core/record.ts";
import { encodeChunk } from "../../store/runs/chunk.ts";
import type { RunEnd, RunInfo, RunMarks, RunStatus } from "../../store/runs/run-store.ts";
import type { RunDb, RunRow } from "./run-db.ts";

export interface RunRecordingOptions {
  readonly id: string;
  readonly info: RunInfo;
  /** Where it is written, as of now. */
  readonly db: () => RunDb;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called when something could not be written; it stays here and is tried again later. */
  readonly onTrouble: (error: unknown) => void;
  /** Called when everything is written after it could not be. */
  readonly onKept: () => void;
}

/** Milliseconds between two writes of a run that grows, and between two tries when they fail. */
const writeEvery = 300;
const retryEvery = 5000;

/** A run of this tab that is being recorded: its events wait here until they are written. */
export class RunRecording {
  private readonly options: RunRecordingOptions;
  private pending: RunEvent[] = [];
  /** Texts that are not written yet. */
  private chunks: string[] = [];
  /** All that was written, for a database that is lost while the page lives. */
  private written: string[] = [];
  private marks: Partial<RunMarks> = {};
  private status: RunStatus = "running";
  private seconds: RunRecord["seconds"] = { total: 0, train: 0 };
  private dirty = true;
  private failed = false;
  private triedAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private writing: Promise<void> = Promise.resolve();

  constructor(options: RunRecordingOptions) {
    this.options = options;
  }

  /** Whether everything is written. */
  get kept(): boolean {
    return !this.failed && !this.dirty;
  }

  get ended(): boolean {
    return this.status !== "running";
  }

  append(events: readonly RunEvent[]): void {
    append(this.pending, events);
    const now = this.options.now();
    const elapsed = Math.max(0, (now - Date.parse(this.options.info.startedAt)) / 1000);
    this.seconds = { total: elapsed, train: elapsed };
    this.dirty = true;
    const pause = this.failed ? retryEvery : writeEvery;
    // A hidden tab's timers come late; events do not.
    if (now - this.triedAt >= pause) {
      void this.flush();
    } else {
      this.timer ??= setTimeout(() => void this.flush(), pause);
    }
  }

  async finish(status: RunEnd, seconds: RunRecord["seconds"]): Promise<void> {
    this.status = status;
    this.seconds = { ...seconds };
    this.dirty = true;
    await this.flush();
  }

  mark(marks: Partial<RunMarks>): void {
    this.marks = { ...this.marks, ...marks };
    this.dirty = true;
  }

  /** The row as it is now. @param stored what another tab may have marked */
  row(stored: RunRow | undefined): RunRow {
    const { id, info } = this.options;
    const { label = null, pinned = false } = { ...stored, ...this.marks };
    return { id, info, status: this.status, seconds: this.seconds, label, pinned };
  }

  /** Everything recorded so far, as texts of `encodeChunk`. */
  all(): string[] {
    this.encode();
    return [...this.written, ...this.chunks];
  }

  /** The database was lost: everything has to be written anew. */
  moved(): void {
    this.chunks = [...this.written, ...this.chunks];
    this.written = [];
    this.dirty = true;
    void this.flush();
  }

  /** Writes what waits, one write after the other. Never rejects. */
  flush(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.triedAt = this.options.now();
    this.writing = this.writing.then(() => this.write());
    return this.writing;
  }

  private async write(): Promise<void> {
    const { id, db, onTrouble, onKept } = this.options;
    this.encode();
    if (!this.dirty) {
      return;
    }
    const { chunks, written } = this;
    /** Into another database meanwhile: how this write ended says nothing of that. */
    const isMoved = () => this.written !== written;
    this.dirty = false;
    try {
      await db().write(id, (row) => this.row(row), written.length, chunks);
      if (isMoved()) {
        return;
      }
      this.chunks = this.chunks.slice(chunks.length);
      append(written, chunks);
      if (this.failed) {
        this.failed = false;
        onKept();
      }
    } catch (error) {
      if (isMoved()) {
        return;
      }
      this.dirty = true;
      this.failed = true;
      onTrouble(error);
    }
  }

  private encode(): void {
    const events = this.pending;
    this.pending = [];
    try {
      const chunk = events.length === 0 ? null : encodeChunk(events);
      if (chunk !== null) {
        this.chunks = [...this.chunks, chunk];
      }
    } catch (error) {
      this.options.onTrouble(error);
    }
  }
}

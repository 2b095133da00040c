import { DataError, saidBy } from "../../core/errors.ts";
import type { RunEvent } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { encodeChunk } from "../../store/runs/chunk.ts";
import { makeRunId } from "../../store/runs/run-id.ts";
import type { RunFilter, RunInfo, RunMarks } from "../../store/runs/run-store.ts";
import { noStorage, openIndexedRunDb, otherTab } from "./indexed-db.ts";
import { LivingRuns } from "./living-runs.ts";
import { RunRecording } from "./recording.ts";
import { memoryRunDb, type RunDb, type RunRow } from "./run-db.ts";
import type { RunShelf, ShelfRun, ShelfSummary, ShelfWriter } from "./shelf.ts";
import { exportedRuns, importedRuns, wholeRun } from "./transfer.ts";

export interface BrowserShelfOptions {
  /** Of the database; `tanren` when absent. */
  readonly name?: string;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** A number in [0, 1), for ids. */
  readonly random?: () => number;
}

/**
 * The runs of this browser, in IndexedDB. Where that is not to be had (private windows, a newer studio in another tab) runs
 * live as long as the page, and the shelf's warning says so.
 */
export async function openBrowserShelf(options: BrowserShelfOptions = {}): Promise<RunShelf> {
  const { name = "tanren", now = Date.now, random = Math.random } = options;
  const shelf = new BrowserShelf({ name, now, random });
  await shelf.open();
  return shelf;
}

class BrowserShelf implements RunShelf {
  place: "browser" | "memory" = "browser";
  warning: Text | null = null;
  private readonly options: Required<BrowserShelfOptions>;
  private readonly living = new LivingRuns();
  private readonly recordings = new Map<string, RunRecording>();
  private readonly listeners = new Set<() => void>();
  private readonly others: BroadcastChannel;
  private db: RunDb = memoryRunDb();

  constructor(options: Required<BrowserShelfOptions>) {
    this.options = options;
    this.others = new BroadcastChannel(`${options.name}-shelf`);
    this.others.onmessage = () => this.notify();
    document.addEventListener("visibilitychange", this.onHide);
  }

  async open(): Promise<void> {
    try {
      const onOutdated = () => this.fallBack(otherTab);
      this.db = await openIndexedRunDb({ name: this.options.name, onOutdated });
      // That it opens does not mean that it can be read.
      await this.db.rows();
    } catch (error) {
      this.fallBack(error instanceof DataError ? error.text : noStorage(error));
    }
  }

  async list({ experiment, status, limit, before }: RunFilter = {}): Promise<ShelfSummary[]> {
    const rows = await this.rows();
    const newestFirst = rows.sort((a, b) => (a.info.startedAt < b.info.startedAt ? 1 : -1));
    const from = before === undefined ? 0 : newestFirst.findIndex(({ id }) => id === before) + 1;
    if (before !== undefined && from === 0) {
      throw noRun(before);
    }
    return newestFirst
      .slice(from)
      .filter(({ info }) => experiment === undefined || info.experiment === experiment)
      .filter((row) => status === undefined || row.status === status)
      .slice(0, limit)
      .map(({ info: { origin: _origin, ...info }, ...row }) => ({ ...info, ...row }));
  }

  async get(id: string): Promise<ShelfRun> {
    const recording = this.recordings.get(id);
    const stored = await this.db.row(id).catch((error) => {
      if (recording === undefined) {
        throw error;
      }
      return undefined;
    });
    const row = recording?.row(stored) ?? stored;
    if (row === undefined) {
      throw noRun(id);
    }
    const [seen] = await this.seen([row]);
    return wholeRun(seen, recording?.all() ?? (await this.db.chunks(id)));
  }

  async begin(info: RunInfo): Promise<ShelfWriter> {
    let id = makeRunId(info.startedAt, this.options.random);
    while (this.recordings.has(id) || (await this.db.row(id).catch(() => undefined)) !== undefined) {
      id = makeRunId(info.startedAt, this.options.random);
    }
    await this.living.hold(id);
    const recording = new RunRecording({
      id,
      info: structuredClone(info),
      db: () => this.db,
      now: this.options.now,
      onTrouble: (error) => this.warn(saidBy(error)),
      onKept: () => this.calm(),
    });
    this.recordings.set(id, recording);
    await recording.flush();
    this.changed();
    return {
      id,
      append: (events: readonly RunEvent[]) => recording.append(events),
      finish: async (status, seconds) => {
        await recording.finish(status, seconds);
        if (recording.kept) {
          this.recordings.delete(id);
        }
        this.living.release(id);
        this.changed();
      },
    };
  }

  async mark(id: string, marks: Partial<RunMarks>): Promise<void> {
    const recording = this.recordings.get(id);
    if (recording !== undefined) {
      recording.mark(marks);
      await recording.flush();
    } else {
      await this.db.write(id, (row) => ({ ...mustBe(row, id), ...marks }), 0, []);
    }
    this.changed();
  }

  async delete(id: string): Promise<void> {
    const row = (await this.rows()).find((one) => one.id === id);
    if (row === undefined) {
      throw noRun(id);
    }
    if (row.status === "running") {
      throw new DataError({
        en: `run: must have ended to be deleted, got ${id}, which still runs. Stop it first.`,
        ja: `実行中の ${id} は削除できません。先に停止してください。`,
      });
    }
    this.recordings.delete(id);
    await this.db.delete(id);
    await this.retry();
    this.changed();
  }

  async export(ids: readonly string[]): Promise<string> {
    const runs: ShelfRun[] = [];
    for (const id of ids) {
      runs.push(await this.get(id));
    }
    return exportedRuns(runs);
  }

  async import(text: string): Promise<string[]> {
    const runs = importedRuns(text, this.options.random);
    const there = new Set((await this.rows()).map(({ id }) => id));
    try {
      for (const { row, events } of runs) {
        if (!there.has(row.id)) {
          there.add(row.id);
          const chunk = encodeChunk(events);
          await this.db.write(row.id, () => row, 0, chunk === null ? [] : [chunk]);
        }
      }
    } finally {
      // Where one does not fit any more, those before it are there.
      this.changed();
    }
    return runs.map(({ row }) => row.id);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  close(): void {
    document.removeEventListener("visibilitychange", this.onHide);
    this.living.close();
    this.others.close();
    this.db.close();
  }

  /** The rows as a person should see them: those of this tab's runs as they are now, those of dead tabs as interrupted. */
  private async rows(): Promise<RunRow[]> {
    const rows = new Map((await this.db.rows()).map((row) => [row.id, row]));
    for (const [id, recording] of this.recordings) {
      rows.set(id, recording.row(rows.get(id)));
    }
    return this.seen([...rows.values()]);
  }

  private async seen(rows: readonly RunRow[]): Promise<RunRow[]> {
    const running = rows.filter(({ status }) => status === "running").map(({ id }) => id);
    const living = await this.living.among(running);
    for (const id of living) {
      this.living.watch(id, () => this.notify());
    }
    return rows.map((row) =>
      row.status === "running" && !living.has(row.id) ? { ...row, status: "interrupted" } : row,
    );
  }

  /** What could not be written may fit now. */
  private async retry(): Promise<void> {
    for (const [id, recording] of this.recordings) {
      await recording.flush();
      if (recording.ended && recording.kept) {
        this.recordings.delete(id);
      }
    }
  }

  /** A tab that is not seen may be ended at any moment, and then nothing more is written. */
  private readonly onHide = (): void => {
    for (const recording of this.recordings.values()) {
      void recording.flush();
    }
  };

  /** Goes on in memory, with what this tab still knows. */
  private fallBack(why: Text): void {
    this.place = "memory";
    this.db = memoryRunDb();
    for (const recording of this.recordings.values()) {
      recording.moved();
    }
    this.warn(why);
  }

  private warn(why: Text): void {
    this.warning = why;
    this.notify();
  }

  /** Everything is written again. */
  private calm(): void {
    if (this.warning !== null && this.place === "browser" && [...this.recordings.values()].every(({ kept }) => kept)) {
      this.warning = null;
      this.notify();
    }
  }

  private changed(): void {
    this.others.postMessage(null);
    this.notify();
  }

  private notify(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }
}

function mustBe(row: RunRow | undefined, id: string): RunRow {
  if (row === undefined) {
    throw noRun(id);
  }
  return row;
}

function noRun(id: string): DataError {
  return new DataError({
    en: `run: must be on the shelf, got ${id}, which is not there. It may have been deleted.`,
    ja: `実行 ${id} が見つかりません。削除された可能性があります。`,
  });
}

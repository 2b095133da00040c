import type { RunEvent } from "../../core/record.ts";
import type { RunEnd, RunInfo, RunStore, RunWriter, StoredRunSummary } from "../../store/runs/run-store.ts";
import { ApiError } from "../api-error.ts";

interface Recording {
  readonly writer: RunWriter;
  /** Number of the last append that was taken. */
  upTo: number;
  heardAt: number;
}

/** At most so many pages' runs are recorded at a time. */
const most = 200;
/** Milliseconds after which a page that says nothing is taken for closed. */
const silence = 120_000;

/**
 * Runs that pages execute themselves, or import, while this server keeps their records. One whose page is closed counts as
 * interrupted; one that outlives the server is gone on with by the next.
 */
export class PageRecordings {
  private readonly store: RunStore;
  private readonly now: () => number;
  private readonly open = new Map<string, Recording>();
  private readonly timer: NodeJS.Timeout;

  constructor(store: RunStore, now: () => number) {
    this.store = store;
    this.now = now;
    this.timer = setInterval(() => this.forget(), silence / 8);
    this.timer.unref();
  }

  begin(info: RunInfo, id?: string): StoredRunSummary {
    if (this.open.size >= most) {
      throw new ApiError("busy", {
        en: `recordings: at most ${most} may be open at a time, got one more. Close some pages.`,
        ja: `ページから同時に記録できる実行は${most}件までです。ほかのページを閉じてください。`,
      });
    }
    const writer = this.store.begin({ ...info, origin: "page" }, id);
    this.open.set(writer.id, { writer, upTo: 0, heardAt: this.now() });
    return this.store.summary(writer.id);
  }

  /** Takes events in once, however often they come. @throws ApiError when some before them are missing */
  append(id: string, number: number, events: readonly RunEvent[]): void {
    const recording = this.recording(id);
    recording.heardAt = this.now();
    if (events.length === 0 || number <= recording.upTo) {
      return;
    }
    if (number !== recording.upTo + 1) {
      throw new ApiError("conflict", {
        en: `number: must be ${recording.upTo + 1}, got ${number}. Send what is missing first.`,
        ja: `number: 次に受け取るのは ${recording.upTo + 1} ですが、${number} が届きました。抜けている分を先に送ってください。`,
      });
    }
    if (events.some(({ event }) => event.kind === "points" && event.x.length !== event.y.length)) {
      throw new ApiError("usage", {
        en: "events: points must have as many x as y, got others. Correct them.",
        ja: "events: 点の x と y の個数が一致していません。そろえて送ってください。",
      });
    }
    recording.writer.append(events);
    recording.upTo = number;
  }

  finish(id: string, status: RunEnd, seconds: StoredRunSummary["seconds"]): void {
    const known = this.store.summary(id);
    if (known.origin === "page" && known.status === status && !this.open.has(id)) {
      // The answer to the first such request was lost.
      return;
    }
    this.recording(id).writer.finish(status, seconds);
    this.open.delete(id);
  }

  /** Leaves the open ones to be gone on with: their pages may still be there when the next server starts. */
  close(): void {
    clearInterval(this.timer);
    this.open.clear();
  }

  private recording(id: string): Recording {
    const known = this.open.get(id);
    if (known !== undefined) {
      return known;
    }
    const { origin, status } = this.store.summary(id);
    if (origin !== "page" || !this.store.abandoned("page").some((run) => run.id === id)) {
      throw new ApiError("conflict", {
        en: `run: must be one that a page records, got one of origin ${origin} that is ${status}.`,
        ja: `ページが記録中の実行ではありません(開始元: ${origin}、状態: ${status})。`,
      });
    }
    const writer = this.store.resume(id);
    const { upTo } = this.store.get(id);
    const recording = { writer, upTo, heardAt: this.now() };
    this.open.set(id, recording);
    return recording;
  }

  private forget(): void {
    for (const [id, { writer, heardAt }] of this.open) {
      if (this.now() - heardAt > silence) {
        this.open.delete(id);
        try {
          writer.finish("interrupted", this.store.summary(id).seconds);
        } catch {
          // The store cannot be written now; when this process is gone, the run counts as interrupted all the same.
        }
      }
    }
  }
}

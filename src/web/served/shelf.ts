import { append } from "../../core/long-lists.ts";
import type { Text } from "../../core/text.ts";
import type { RunDetail, RunList, RunSummary, ServerInfo } from "../../server/api.ts";
import { makeRunId } from "../../store/runs/run-id.ts";
import {
  type DamagedRun,
  damagedText,
  type RunFilter,
  type RunInfo,
  type RunMarks,
} from "../../store/runs/run-store.ts";
import type { RunShelf, ShelfSummary, ShelfWriter } from "../shelf/shelf.ts";
import { exportedRuns, importedRuns } from "../shelf/transfer.ts";
import { RefusedError, type ServerClient, unreachable } from "./client.ts";
import { ServerRecording } from "./recording.ts";
import { serverStream } from "./stream.ts";

export interface ServerShelfOptions {
  readonly client: ServerClient;
  /** What the server said of itself. */
  readonly info: ServerInfo;
  /** A number in [0, 1), for ids. */
  readonly random?: () => number;
}

/** A shelf whose runs also tell how far the server is with them. */
export interface ServerShelf extends RunShelf {
  readonly place: "server";
  list(filter?: RunFilter): Promise<RunSummary[]>;
  get(id: string): Promise<RunDetail>;
}

/** The runs of the server's store: the command line's, the server's own, and those that pages execute and record there. */
export function openServerShelf(options: ServerShelfOptions): ServerShelf {
  return new HttpShelf(options);
}

/** Runs asked for at a time. */
const page = 500;

const inMemory: Text = {
  en: "The server cannot write its store: runs are lost when it ends.",
  ja: "サーバーがストアに書き込めないため、実行の記録はサーバーの終了時に失われます。",
};

class HttpShelf implements ServerShelf {
  readonly place = "server";
  private readonly client: ServerClient;
  private readonly random: () => number;
  private readonly lossy: boolean;
  private readonly listeners = new Set<() => void>();
  private readonly recordings = new Set<ServerRecording>();
  private watching: AbortController | null = null;
  private connected = true;
  /** What the last list left out because it cannot be read. */
  private damaged: readonly DamagedRun[] = [];

  constructor({ client, info, random = Math.random }: ServerShelfOptions) {
    this.client = client;
    this.lossy = info.store === "memory";
    this.random = random;
  }

  get warning(): Text | null {
    if (!this.connected) {
      return unreachable().text;
    }
    const troubled = [...this.recordings].find(({ trouble }) => trouble !== null);
    const [damaged] = this.damaged.values();
    return troubled?.trouble ?? (damaged !== undefined ? damagedText(damaged) : this.lossy ? inMemory : null);
  }

  async list({
    experiment,
    status,
    origin,
    limit = Number.POSITIVE_INFINITY,
    before,
  }: RunFilter = {}): Promise<RunSummary[]> {
    const found: RunSummary[] = [];
    const damaged: DamagedRun[] = [];
    let last = before;
    for (let more = true; more && found.length < limit; ) {
      const query = new URLSearchParams({ limit: String(Math.min(page, limit - found.length)) });
      for (const [name, value] of Object.entries({ experiment, status, before: last })) {
        if (value !== undefined) {
          query.set(name, value);
        }
      }
      const answer = await this.client.ask<RunList>("GET", `runs?${query}`);
      append(
        found,
        answer.runs.filter((run) => origin === undefined || run.origin === origin),
      );
      append(damaged, answer.damaged ?? []);
      last = answer.runs.at(-1)?.id;
      more = answer.more && last !== undefined;
    }
    this.damaged = damaged;
    return found;
  }

  get(id: string): Promise<RunDetail> {
    return this.client.ask("GET", `runs/${encodeURIComponent(id)}`);
  }

  async begin(info: RunInfo): Promise<ShelfWriter> {
    const recording: ServerRecording = new ServerRecording(
      this.client,
      makeRunId(info.startedAt, this.random),
      info,
      () => this.notify(),
    );
    this.recordings.add(recording);
    return recording;
  }

  async mark(id: string, marks: Partial<RunMarks>): Promise<void> {
    await this.client.ask("PATCH", `runs/${encodeURIComponent(id)}`, marks);
    this.notify();
  }

  async delete(id: string): Promise<void> {
    await this.client.ask("DELETE", `runs/${encodeURIComponent(id)}`);
    this.notify();
  }

  async export(ids: readonly string[]): Promise<string> {
    const runs: RunDetail[] = [];
    for (const id of ids) {
      runs.push(await this.get(id));
    }
    return exportedRuns(runs.map(({ live: _live, origin: _origin, upTo: _upTo, ...run }) => run));
  }

  async import(text: string): Promise<string[]> {
    const imported = importedRuns(text, this.random);
    const known = new Set((await this.list()).map(({ id }) => id));
    for (const { row, events } of imported.filter((run) => !known.has(run.row.id))) {
      const recording = new ServerRecording(this.client, row.id, row.info, () => {});
      recording.append(events);
      await recording.finish(row.status === "running" ? "interrupted" : row.status, row.seconds);
      if (recording.trouble !== null) {
        throw new RefusedError("fault", recording.trouble);
      }
      if (row.label !== null || row.pinned) {
        await this.mark(row.id, { label: row.label, pinned: row.pinned });
      }
    }
    this.notify();
    return imported.map(({ row }) => row.id);
  }

  subscribe(listener: () => void): () => void {
    this.listeners.add(listener);
    if (this.watching === null) {
      this.watching = new AbortController();
      void this.watch(this.watching.signal);
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) {
        this.close();
      }
    };
  }

  close(): void {
    this.watching?.abort();
    this.watching = null;
  }

  private async watch(signal: AbortSignal): Promise<void> {
    const onConnection = (connected: boolean) => {
      if (connected !== this.connected) {
        this.connected = connected;
        this.notify();
      }
    };
    try {
      for await (const { event } of serverStream(this.client, "events", { signal, onConnection })) {
        if (event !== "revision") {
          this.notify();
        }
      }
    } catch {
      // Refused: whoever asks for runs is told why.
      onConnection(false);
    }
  }

  private notify(): void {
    for (const listener of [...this.listeners]) {
      listener();
    }
  }
}

export type { ShelfSummary };

import type { RunNote } from "../../core/note.ts";
import type { RunEvent } from "../../core/record.ts";
import type { RunSummary } from "../api.ts";
import { frameOf } from "../streams/sse.ts";
import { type StreamSources, withLive } from "../streams/store-watch.ts";

/** Chunks read at a time: what one reader keeps in memory. */
const batch = 8;
/** Bytes of chunks that are kept for all who watch a run. */
const kept = 4 * 2 ** 20;

interface State {
  readonly summary: RunSummary;
  /** What its readers are told of when it changes. */
  readonly key: string;
  readonly ended: boolean;
}

/**
 * What all who watch one run read: each look at the store, and each text made of it, is made once for all that are as far.
 * Who is far behind reads the store by himself.
 */
export class RunFeed {
  private readonly sources: StreamSources;
  private readonly id: string;
  private readonly frames = new Map<number, Uint8Array>();
  private bytes = 0;
  private state: { readonly version: number; readonly of: State } | null = null;
  /** After this chunk there was none at that version of the store. */
  private last: { readonly version: number; readonly number: number } = { version: -1, number: -1 };
  private unrecorded: { readonly version: number; readonly after: Map<number, readonly Uint8Array[]> } = {
    version: -1,
    after: new Map(),
  };
  readers = 0;

  constructor(sources: StreamSources, id: string) {
    this.sources = sources;
    this.id = id;
  }

  /** As it was at that version of the store. @throws DataError when it was deleted */
  stateAt(version: number): State {
    if (this.state?.version !== version) {
      const { store, hub } = this.sources;
      const summary = withLive(hub, store.summary(this.id));
      const ended = summary.status !== "running" && summary.live === null;
      const key = JSON.stringify([summary.status, summary.live?.state, summary.label, summary.pinned]);
      this.state = { version, of: { summary, key, ended } };
    }
    return this.state.of;
  }

  /** The next chunk's event and number; null when there was none at that version. */
  chunkAfter(number: number, version: number): { readonly number: number; readonly frame: Uint8Array } | null {
    const known = this.frames.get(number + 1);
    if (known !== undefined) {
      return { number: number + 1, frame: known };
    }
    if (this.last.number === number && this.last.version === version) {
      return null;
    }
    const chunks = this.sources.store.chunks(this.id, number, batch);
    if (chunks.length < batch) {
      this.last = { version, number: chunks.at(-1)?.number ?? number };
    }
    const read = chunks.map(({ number: at, events }) => ({
      number: at,
      frame: frameOf({ event: "chunk", id: at, data: events.map(eventWithoutStack) }),
    }));
    for (const { number: at, frame } of read) {
      this.keep(at, frame);
    }
    // Where some are missing, the note in their place has the number of the last of them.
    return read.at(0) ?? null;
  }

  /** Progress and looks inside that no store keeps, said after one of their versions. */
  unrecordedAfter(after: number): { readonly version: number; readonly frames: readonly Uint8Array[] } {
    const { hub } = this.sources;
    const progress = hub.progress(this.id, after);
    if (this.unrecorded.version !== progress.version) {
      this.unrecorded = { version: progress.version, after: new Map() };
    }
    let frames = this.unrecorded.after.get(after);
    if (frames === undefined) {
      const snapshots = hub.snapshots(this.id, after);
      frames = [
        ...(progress.events.length > 0 ? [frameOf({ event: "progress", data: progress.events })] : []),
        ...(snapshots.length > 0 ? [frameOf({ event: "snapshots", data: snapshots.map(jsonOf) })] : []),
      ];
      this.unrecorded.after.set(after, frames);
    }
    return { version: progress.version, frames };
  }

  private keep(number: number, frame: Uint8Array): void {
    this.forget(number);
    this.frames.set(number, frame);
    this.bytes += frame.length;
    for (const oldest of this.frames.keys()) {
      if (this.bytes <= kept || this.frames.size <= batch) {
        break;
      }
      this.forget(oldest);
    }
  }

  private forget(number: number): void {
    this.bytes -= this.frames.get(number)?.length ?? 0;
    this.frames.delete(number);
  }
}

/** A snapshot's event with its typed arrays as text. */
function jsonOf(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return { typed: value.constructor.name, base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") };
  }
  if (Array.isArray(value)) {
    return value.map(jsonOf);
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, jsonOf(part)]));
  }
  return value;
}

/** A note without where in the code its task failed: that names folders of this machine. */
export function withoutStack(note: RunNote): RunNote {
  if (note.kind === "other") {
    const { stack: _stack, ...inner } = note.note;
    return { ...note, note: inner };
  }
  if (note.kind !== "failed" || note.stack === undefined) {
    return note;
  }
  const { stack: _stack, ...rest } = note;
  return rest;
}

/** As {@link withoutStack}, for an event. */
export function eventWithoutStack({ task, event }: RunEvent): RunEvent {
  return { task, event: event.kind === "note" ? { kind: "note", note: withoutStack(event.note) } : event };
}

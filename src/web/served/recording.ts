import { saidBy } from "../../core/errors.ts";
import { append } from "../../core/long-lists.ts";
import type { RunEvent, RunRecord, TaskEvent } from "../../core/record.ts";
import type { Text } from "../../core/text.ts";
import { rest } from "../../core/timers.ts";
import type { RecordedRequest, RecordingRequest } from "../../server/api.ts";
import { decodeChunk, encodeChunk } from "../../store/runs/chunk.ts";
import { infoOf, type RunEnd, type RunInfo } from "../../store/runs/run-store.ts";
import type { ShelfWriter } from "../shelf/shelf.ts";
import { type ServerClient, UnreachableError } from "./client.ts";

/** Milliseconds between two sendings, and between two signs of life of a run that says nothing. */
const sendEvery = 300;
const aliveEvery = 30_000;
/** Milliseconds before what did not reach the server is sent again. */
const retryAfter = 2000;
/** Milliseconds that `finish` waits for a server that does not answer; then it is tried on. */
const patience = 5000;
/** Characters of events in one request, well below the server's limit of 64 kB. */
const most = 40_000;

type Request = { readonly path: string; readonly body: unknown };

/** Sends a run of this page to the server's store: in order, each request until it is taken. */
export class ServerRecording implements ShelfWriter {
  readonly id: string;
  /** Why not everything is kept; null when it is, or only waits its turn. */
  trouble: Text | null = null;
  private readonly client: ServerClient;
  private readonly onTrouble: () => void;
  private readonly requests: Request[] = [];
  private readonly life = new AbortController();
  private pending: RunEvent[] = [];
  private number = 0;
  /** Calls off the sending that is to come. */
  private callOff: (() => void) | undefined;
  private pumping: Promise<void> | null = null;
  private lastSent = 0;

  /** @param onTrouble called when {@link trouble} has changed */
  constructor(client: ServerClient, id: string, info: RunInfo, onTrouble: () => void) {
    this.client = client;
    this.id = id;
    this.onTrouble = onTrouble;
    // Only what the server takes: a record may hold more, which comes as events.
    this.request("recordings", { id, info: infoOf(info) as RecordingRequest["info"] });
    this.beat();
  }

  append(events: readonly RunEvent[]): void {
    append(
      this.pending,
      events.filter(({ event }) => event.kind !== "progress" && event.kind !== "snapshot"),
    );
    if (this.pending.length > 0) {
      this.callOff ??= this.client.timers.after(sendEvery, () => this.send());
    }
  }

  async finish(status: RunEnd, seconds: RunRecord["seconds"]): Promise<void> {
    this.send();
    this.request(`recordings/${this.id}/finish`, { status, seconds });
    this.life.abort();
    const sent = new AbortController();
    const late = rest(this.client.timers, patience, sent.signal);
    await Promise.race([this.pumping, late]);
    sent.abort();
  }

  private send(): void {
    this.callOff?.();
    this.callOff = undefined;
    const events = this.pending;
    this.pending = [];
    for (const part of parts(events)) {
      const body: RecordedRequest = { number: ++this.number, events: part as RecordedRequest["events"] };
      this.request(`recordings/${this.id}/events`, body);
    }
  }

  private request(path: string, body: unknown): void {
    this.requests.push({ path, body });
    this.lastSent = performance.now();
    this.pumping ??= this.pump();
  }

  private async pump(): Promise<void> {
    while (this.requests.length > 0) {
      const { path, body } = this.requests[0];
      try {
        await this.client.ask("POST", path, body);
        this.requests.shift();
        this.say(null);
      } catch (error) {
        this.say(saidBy(error));
        if (error instanceof UnreachableError) {
          await rest(this.client.timers, retryAfter);
        } else {
          // Refused for good: what follows would be refused too.
          this.requests.length = 0;
        }
      }
    }
    // At once: what is asked before whoever awaits this hears of its end must begin another.
    this.pumping = null;
  }

  private say(trouble: Text | null): void {
    if (JSON.stringify(trouble) !== JSON.stringify(this.trouble)) {
      this.trouble = trouble;
      this.onTrouble();
    }
  }

  /** Says now and then that this page lives, or its run would count as interrupted. */
  private async beat(): Promise<void> {
    while (!this.life.signal.aborted) {
      await rest(this.client.timers, aliveEvery, this.life.signal);
      if (!this.life.signal.aborted && performance.now() - this.lastSent >= aliveEvery) {
        this.request(`recordings/${this.id}/events`, { number: 0, events: [] } satisfies RecordedRequest);
      }
    }
  }
}

/** Events in groups that fit into one request each; what is not a finite number is null, as the store has it. */
export function parts(events: readonly RunEvent[]): RunEvent[][] {
  const chunk = encodeChunk(events);
  const groups: RunEvent[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const event of (chunk === null ? [] : decodeChunk(chunk)).flatMap(pieces)) {
    const length = JSON.stringify(event).length;
    if (size + length > most) {
      groups.push([]);
      size = 0;
    }
    groups[groups.length - 1].push(event);
    size += length;
  }
  return groups;
}

/** Points of one event: a number takes at most some 25 characters. */
const pointsOfOne = 700;

function pieces({ task, event }: RunEvent): RunEvent[] {
  if (event.kind !== "points" || event.x.length <= pointsOfOne) {
    return [{ task, event }];
  }
  return Array.from({ length: Math.ceil(event.x.length / pointsOfOne) }, (_, i) => {
    const [low, high] = [i * pointsOfOne, (i + 1) * pointsOfOne];
    const part: TaskEvent = { ...event, x: event.x.slice(low, high), y: event.y.slice(low, high) };
    return { task, event: part };
  });
}

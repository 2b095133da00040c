import { ownTimers, rest } from "../../core/timers.ts";
import { refusal, type ServerClient, unreachable } from "./client.ts";

/** One server-sent event. */
export interface StreamMessage {
  readonly event: string;
  readonly id: string | null;
  readonly data: unknown;
}

export interface StreamOptions {
  readonly signal: AbortSignal;
  /** Told whenever the connection is lost or there again. */
  readonly onConnection?: (connected: boolean) => void;
  /** As if a message of this id had come last. */
  readonly lastId?: string;
}

/** Milliseconds before the next try, for each in a row that failed. */
const pauses = [250, 500, 1000, 2000, 5000];
/** The server says something at least every 5 s: so long without means that the connection is dead. */
const deadAfter = 20_000;
/** Milliseconds after which a page that nobody sees gives its connection up: a browser has only six for a server. */
const hiddenFor = 15_000;

/**
 * Messages of a stream of the server, through any number of lost connections: each is opened again where the last ended,
 * by the id of the last message. Ends when `signal` aborts or the consumer has enough.
 * @throws DataError when the server refuses the stream
 */
export async function* serverStream(
  client: ServerClient,
  path: string,
  options: StreamOptions,
): AsyncGenerator<StreamMessage, void, void> {
  const { signal, onConnection = () => {} } = options;
  const { timers } = client;
  let lastId = options.lastId ?? null;
  let failures = 0;
  while (!signal.aborted) {
    await untilSeen(signal);
    const connection = new AbortController();
    const giveUp = () => connection.abort();
    signal.addEventListener("abort", giveUp, { once: true });
    const unwatch = onHidden(giveUp);
    let callOff = () => {};
    const alive = () => {
      callOff();
      callOff = timers.after(deadAfter, giveUp);
    };
    try {
      alive();
      const headers: Record<string, string> = lastId === null ? {} : { "last-event-id": lastId };
      const answer = await client.fetch(`${client.base}${path}`, { headers, signal: connection.signal });
      if (!answer.ok) {
        const error = refusal(answer.status, await answer.text());
        if (error.name === "RefusedError") {
          throw error;
        }
        throw unreachable(error);
      }
      for await (const message of messagesOf(answer.body!, alive)) {
        if (failures >= 0) {
          failures = -1;
          onConnection(true);
        }
        lastId = message.id ?? lastId;
        yield message;
      }
    } catch (error) {
      if ((error as Error).name === "RefusedError") {
        throw error;
      }
    } finally {
      callOff();
      unwatch();
      signal.removeEventListener("abort", giveUp);
      connection.abort();
    }
    if (signal.aborted) {
      return;
    }
    failures = Math.max(0, failures) + 1;
    if (!isHidden()) {
      onConnection(false);
    }
    await rest(timers, pauses[Math.min(failures, pauses.length) - 1], signal);
  }
}

async function* messagesOf(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  alive: () => void,
): AsyncGenerator<StreamMessage, void, void> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return;
      }
      alive();
      text += value;
      const frames = text.split("\n\n");
      text = frames.pop() ?? "";
      for (const frame of frames) {
        const message = messageOf(frame);
        if (message !== null) {
          yield message;
        }
      }
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}

function messageOf(frame: string): StreamMessage | null {
  let event: string | null = null;
  let id: string | null = null;
  let data = "";
  for (const line of frame.split("\n")) {
    if (line.startsWith("event: ")) {
      event = line.slice(7);
    } else if (line.startsWith("id: ")) {
      id = line.slice(4);
    } else if (line.startsWith("data: ")) {
      data += line.slice(6);
    }
  }
  return event === null ? null : { event, id, data: JSON.parse(data) };
}

/** Node has no page. */
const page = globalThis.document as Document | undefined;

function isHidden(): boolean {
  return page?.visibilityState === "hidden";
}

function untilSeen(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (!isHidden() || signal.aborted) {
        page?.removeEventListener("visibilitychange", look);
        signal.removeEventListener("abort", look);
        resolve();
      }
    };
    page?.addEventListener("visibilitychange", look);
    signal.addEventListener("abort", look);
    look();
  });
}

/** Calls back when the page has been out of sight for a while. Gives the function that ends it. */
function onHidden(action: () => void): () => void {
  let callOff = () => {};
  const look = () => {
    callOff();
    if (isHidden()) {
      callOff = ownTimers.after(hiddenFor, action);
    }
  };
  page?.addEventListener("visibilitychange", look);
  look();
  return () => {
    callOff();
    page?.removeEventListener("visibilitychange", look);
  };
}

/** One event of a stream; `id` is what `Last-Event-ID` gives back. */
export interface SseEvent {
  readonly event: string;
  readonly data: unknown;
  readonly id?: number;
}

/** A line that says only that the connection lives. */
export const heartbeat = null;

const encoder = new TextEncoder();
const beat = encoder.encode(": \n\n");

/** An event as it travels: made once, it may be sent to many. */
export function frameOf({ event, id, data }: SseEvent): Uint8Array {
  const number = id === undefined ? "" : `id: ${id}\n`;
  return encoder.encode(`event: ${event}\n${number}data: ${JSON.stringify(data)}\n\n`);
}

/** Milliseconds after which a browser that lost its connection tries again. */
const retry = 1000;

/**
 * A stream of server-sent events. Events are made only as fast as the reader takes them: nothing queues up for a slow one.
 * @param events must end soon after its signal aborts
 * @param closing aborts when the server closes
 */
export function sseResponse(
  events: (signal: AbortSignal) => AsyncGenerator<Uint8Array | typeof heartbeat, void, void>,
  closing: AbortSignal,
): Response {
  const gone = new AbortController();
  const source = events(AbortSignal.any([gone.signal, closing]));
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        controller.enqueue(encoder.encode(`retry: ${retry}\n\n`));
      },
      async pull(controller) {
        try {
          const { done, value } = await source.next();
          if (done === true) {
            controller.close();
          } else {
            controller.enqueue(value ?? beat);
          }
        } catch {
          // A reader whose stream broke asks again and is told in an answer of its own.
          controller.close();
        }
      },
      async cancel() {
        gone.abort();
        await source.return();
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

/** Where a stream goes on: after the event that a reader says it got last, else after `from`. */
export function resumeAt(lastEventId: string | undefined, from: number): number {
  return lastEventId !== undefined && /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : from;
}

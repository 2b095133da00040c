/**
 * Returns to the event loop once: timers, messages and signals that wait there are handled, and in a page input and
 * drawing. By `setImmediate` where there is one (Node, Deno, Bun), else by a message to oneself (pages and their workers):
 * a timer of 0 ms would take 4 ms there.
 */
export function breathe(): Promise<void> {
  return new Promise((resolve) => {
    if (typeof setImmediate === "function") {
      setImmediate(resolve);
      return;
    }
    channel ??= openChannel();
    channel.waiting.push(resolve);
    channel.port.postMessage(null);
  });
}

let channel: { readonly port: MessagePort; readonly waiting: (() => void)[] } | undefined;

function openChannel() {
  const { port1, port2 } = new MessageChannel();
  const waiting: (() => void)[] = [];
  port1.onmessage = () => waiting.shift()?.();
  return { port: port2, waiting };
}

/**
 * Milliseconds of work after which the event loop must have a turn: less than a page's frame lasts, where there may be a page.
 * A turn takes some 0.1 ms after so long, for the caches are cold for it: 1% of 12 ms, and as much as all else that training
 * by a generator costs.
 */
const slice = typeof setImmediate === "function" ? 24 : 12;

/**
 * Says when it is time to breathe. The clock decides when the event loop has its turn and nothing else: results are the
 * same however fast the machine is.
 */
export class Breather {
  private last = performance.now();

  get due(): boolean {
    return performance.now() - this.last >= slice;
  }

  async breathe(): Promise<void> {
    await breathe();
    this.last = performance.now();
  }
}

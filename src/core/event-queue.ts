/** Events pushed by callbacks, pulled as an async iterable. */
export class EventQueue<T> implements AsyncIterable<T> {
  private readonly waiting: T[] = [];
  private closed = false;
  private failure: { error: unknown } | null = null;
  private wake: (() => void) | null = null;

  push(event: T): void {
    this.waiting.push(event);
    this.wake?.();
  }

  /** No more events come; those waiting are still given out. */
  close(): void {
    this.closed = true;
    this.wake?.();
  }

  /** As `close`, and then the consumer gets this error. */
  fail(error: unknown): void {
    this.failure ??= { error };
    this.close();
  }

  /**
   * What `run` pushes, until it has ended; its error is the consumer's.
   * @param leave called when the consumer has had all, or leaves before; given when `run` is over
   */
  async *during(run: () => Promise<void>, leave: (ran: Promise<void>) => Promise<void>): AsyncGenerator<T, void, void> {
    const ran = run().then(
      () => this.close(),
      (error: unknown) => this.fail(error),
    );
    try {
      yield* this;
    } finally {
      await leave(ran);
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      yield* this.waiting.splice(0);
      if (this.waiting.length > 0) {
        continue;
      }
      if (this.closed) {
        if (this.failure !== null) {
          throw this.failure.error;
        }
        return;
      }
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
      this.wake = null;
    }
  }
}

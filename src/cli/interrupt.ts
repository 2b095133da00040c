/** Exit code of a command that a person stopped. */
export const interruptedExit = 130;

/** Ctrl-C, an end asked for by another process, and a terminal that goes away. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Signals that come closer are of one key, in milliseconds. */
const sameKeyMs = 300;

/** Milliseconds that drawing may go on once a command was asked to end. */
const drawingMs = 1000;

/** Aborts when drawing must be over: soon after the command was asked to end, whatever is still being loaded then. */
export function drawingEnd(asked: AbortSignal): AbortSignal {
  const over = new AbortController();
  const soon = () => void setTimeout(() => over.abort(), drawingMs).unref();
  if (asked.aborted) {
    soon();
  } else {
    asked.addEventListener("abort", soon, { once: true });
  }
  return over.signal;
}

export interface InterruptOptions {
  /**
   * How long a command may take to end once it was asked to, in milliseconds; then the process ends as it stands. No
   * limit when absent.
   */
  readonly patienceMs?: number;
  /** Told before the process ends as it stands. */
  readonly onImpatient?: () => void;
}

export interface Interrupt {
  readonly signal: AbortSignal;
  /** What was asked to end has ended: what is still to be written may take its time. */
  ended(): void;
  /** Whoever interrupts from here on ends the process at once. */
  release(): void;
}

/**
 * Signals ask the command to end; a second one ends the process at once. Only for commands that have something to keep: the
 * others are ended by the system, even in the middle of a long calculation.
 */
export function interruptible({ patienceMs, onImpatient }: InterruptOptions = {}): Interrupt {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let first = 0;
  const onSignal = () => {
    if (controller.signal.aborted) {
      // npm hands on what the terminal has sent to all: one key, two signals.
      if (performance.now() - first > sameKeyMs) {
        end();
      }
      return;
    }
    first = performance.now();
    controller.abort();
    if (patienceMs !== undefined) {
      timer = setTimeout(() => {
        onImpatient?.();
        end();
      }, patienceMs);
      timer.unref();
    }
  };
  /** By a signal that nobody hears: `process.exit` would wait for threads that the system holds. A shell says 130. */
  const end = () => {
    for (const name of signals) {
      process.off(name, onSignal);
    }
    process.kill(process.pid, "SIGINT");
  };
  for (const name of signals) {
    process.on(name, onSignal);
  }
  return {
    signal: controller.signal,
    ended: () => clearTimeout(timer),
    release() {
      clearTimeout(timer);
      for (const name of signals) {
        process.off(name, onSignal);
      }
    },
  };
}

/** Exit code of a command that a person stopped. */
export const interruptedExit = 130;

/** Ctrl-C, an end asked for by another process, and a terminal that goes away. */
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const endAtOnce = () => process.exit(interruptedExit);

/** From now on a signal ends the process, with the exit code of a command that was stopped. */
export function endAtSignals(): void {
  for (const signal of signals) {
    process.on(signal, endAtOnce);
  }
  // What a terminal that went away does not take is nothing to fail of: files are still to be written.
  process.stderr.on("error", () => {});
}

/** Signals ask the command to end; a second one ends the process at once. */
export function interruptible(): { signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) {
      process.exit(interruptedExit);
    }
    controller.abort();
  };
  for (const name of signals) {
    process.off(name, endAtOnce);
    process.on(name, onSignal);
  }
  return {
    signal: controller.signal,
    release() {
      for (const name of signals) {
        process.on(name, endAtOnce);
        process.off(name, onSignal);
      }
    },
  };
}

import type { Trial } from "../../src/search/trial.ts";

/** Milliseconds; the thread sleeps, as one that computes would not answer either. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export const steps = 4;

/** Every value that an attempt reports tells which attempt it was. */
export function objective(trial: Trial): number {
  const x = trial.real("x", { min: -1, max: 1 });
  const kind = trial.category("kind", ["a", "b"]);
  for (let step = 0; step < steps; step++) {
    sleep(Number(process.env.TRIAL_MS ?? 40) / steps);
    trial.report(trial.attempt + step / 100, step);
  }
  return x * x + (kind === "a" ? 0 : 1);
}

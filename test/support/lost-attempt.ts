import { trialStream } from "../../src/search/streams.ts";
import { type Objective, Trial } from "../../src/search/trial.ts";

/** What came of an attempt. */
export interface Attempt {
  /** Null of one that was lost. */
  readonly value: unknown;
  readonly reports: readonly number[];
  /** Its last checkpoint. */
  readonly left: Uint8Array | null;
}

/**
 * One attempt of an objective at a trial whose parameters are all 0.025. It is lost at the report after so many epochs: a
 * checkpoint that it left is of the epoch before.
 */
export async function attemptAt(objective: Objective, epochs: number, resumed: Uint8Array | null): Promise<Attempt> {
  const reports: number[] = [];
  let left: Uint8Array | null = null;
  const trial = new Trial({
    number: 0,
    attempt: resumed === null ? 1 : 2,
    random: trialStream(0, 0, "objective"),
    signal: new AbortController().signal,
    resumed,
    suggest: () => 0.025,
    report: ({ value }) => reports.push(value ?? Number.NaN),
    shouldPrune: () => reports.length >= epochs,
    checkpoint(bytes) {
      left = bytes;
    },
    note() {},
  });
  const value = await Promise.resolve(objective(trial)).catch(() => null);
  return { value, reports, left };
}

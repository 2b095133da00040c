import { HyperError, saidBy } from "../../../core/errors.ts";
import type { Told } from "../../../core/text.ts";
import type { Timers } from "../../../core/timers.ts";
import type { Intermediate, TrialRecord } from "../../../core/trial.ts";
import { trialError, trialErrorText } from "../../../core/trial-errors.ts";
import type { TrialEnding as Outcome } from "../../../search/objective-result.ts";
import type { Study } from "../../../search/study.ts";
import type { Trial } from "../../../search/trial.ts";
import { SpaceChangedError } from "../../../search/trial-run.ts";
import { StaleAttemptError } from "../../../store/studies/study-store.ts";
import type { TrialRunner } from "../host.ts";

export interface AttemptOptions {
  readonly timers: Timers;
  /** A trial that takes longer fails, its thread with it, in milliseconds; no limit when absent. */
  readonly maxTimeMs?: number;
  /** How many attempts may be lost before the trial fails. */
  readonly maxAttempts?: number;
  /** Stops the attempt: the trial is given back. */
  readonly signal: AbortSignal;
  /** Ends the attempt because it no longer counts. */
  readonly revoked: AbortSignal;
  readonly onReport: (entry: Intermediate) => void;
}

export type AttemptEnd =
  | { readonly kind: "finished"; readonly trial: TrialRecord }
  /** It waits for another attempt (or has failed, when too many were lost). */
  | { readonly kind: "returned"; readonly reason: Told }
  /** Another attempt counts by now; whatever this one did is not in the record. */
  | { readonly kind: "refused"; readonly reason: Told };

/** How long an objective has to end by itself once its time is up, in milliseconds. */
const grace = 500;

/**
 * Runs one attempt at a trial in a thread and records what comes of it.
 * @throws SpaceChangedError when the objective draws otherwise than the study's earlier trials; the trial is given back
 * @throws DataError when the store can no longer be written
 */
export async function runAttempt(
  study: Study,
  trial: Trial,
  thread: TrialRunner,
  options: AttemptOptions,
): Promise<AttemptEnd> {
  const { timers, maxTimeMs, signal } = options;
  let broken: unknown;
  let late = false;
  let over = false;
  let callOff = () => {};
  const stop = () => void thread.terminate("the study was stopped");
  const refuse = (error: unknown) => {
    // Its thread may have the next trial by now.
    if (over) {
      return;
    }
    broken ??= error;
    void thread.terminate("its trial counts no longer");
  };
  if (maxTimeMs !== undefined) {
    callOff = timers.after(maxTimeMs, () => {
      late = true;
      thread.abort(`The trial's time is up: ${maxTimeMs} ms.`);
      callOff = timers.after(grace, () => void thread.terminate("its trial's time was up"));
    });
  }
  // Either may have come while the trial waited for its thread.
  whenAborted(signal, stop);
  whenAborted(options.revoked, () => refuse(options.revoked.reason));
  const begin = {
    number: trial.number,
    attempt: trial.attempt,
    seed: study.record.seed,
    resumed: study.checkpointOf(trial),
  };
  const end = await thread.run(begin, {
    async answer(question) {
      try {
        if (question.kind !== "suggest") {
          await study.written(trial);
          return question.kind === "should-prune" && trial.shouldPrune();
        }
        const value = trial.suggest(question.name, question.distribution);
        await study.written(trial);
        return value;
      } catch (error) {
        // A range that cannot be is the objective's own affair; the rest concerns the whole study.
        if (error instanceof SpaceChangedError || !(error instanceof HyperError)) {
          refuse(error);
        }
        throw error;
      }
    },
    report(entry) {
      trial.report(entry.value ?? Number.NaN, entry.step);
      options.onReport(entry);
    },
    note: (key, value) => trial.note(key, value),
    checkpoint: (bytes) => study.keepCheckpoint(trial, bytes),
  });
  over = true;
  callOff();
  signal.removeEventListener("abort", stop);

  if (broken instanceof SpaceChangedError) {
    await study.release(trial);
    throw broken;
  }
  try {
    if (broken !== undefined) {
      await study.release(trial);
      throw broken;
    }
    if (end.kind === "died" && !late) {
      const lost = !signal.aborted;
      const reason = lost ? trialError("lost", end.reason) : trialError("stopped");
      await study.release(trial, { lost, reason, maxAttempts: options.maxAttempts });
      return { kind: "returned", reason: trialErrorText(reason) };
    }
    const told: Outcome =
      end.kind === "value" && !late
        ? end.result
        : end.kind === "pruned" && !late
          ? { state: "pruned" }
          : {
              state: "failed",
              error: end.kind === "threw" && !late ? end.message : trialError("late", maxTimeMs),
            };
    return { kind: "finished", trial: await study.tell(trial, told) };
  } catch (error) {
    // `tell` of a trial that this process runs again by now finds another one in its place.
    if (error instanceof StaleAttemptError || error instanceof HyperError) {
      return { kind: "refused", reason: saidBy(error) };
    }
    throw error;
  }
}

function whenAborted(signal: AbortSignal, action: () => void): void {
  if (signal.aborted) {
    action();
  } else {
    signal.addEventListener("abort", action, { once: true });
  }
}

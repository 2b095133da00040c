import { allOrNone } from "../core/all-or-none.ts";
import { checkOptions, type OptionNames } from "../core/checks.ts";
import { HyperError } from "../core/errors.ts";
import { describeValue, isA, reasonOf } from "../core/foreign-value.ts";
import { every, ownTimers, waitableTime } from "../core/timers.ts";
import type { TrialRecord } from "../core/trial.ts";
import { trialError } from "../core/trial-errors.ts";
import type { Lease, ReleaseOptions } from "../store/studies/study-store.ts";
import { plainResult, type TrialEnding } from "./objective-result.ts";
import type { StudyLog } from "./study-log.ts";
import { type Objective, PrunedTrial, type Trial } from "./trial.ts";
import { SpaceChangedError } from "./trial-run.ts";

export interface OptimizeOptions {
  /** How many trials to run, those that fail or are pruned included; a sampler with an end may give fewer. */
  readonly trials: number;
  /** No trial begins after so many milliseconds, and those that run are given back. */
  readonly timeoutMs?: number;
  /** A trial that takes longer fails: its signal is aborted and nothing it does later counts. In milliseconds. */
  readonly maxTimePerTrialMs?: number;
  /** How many trials run at a time in this process; 1 unless told. Only objectives that wait gain by more. */
  readonly concurrency?: number;
  /** Stops the study: running trials are given back, `optimize` returns. */
  readonly signal?: AbortSignal;
  /** Told of every trial that ends. */
  readonly onTrial?: (trial: TrialRecord) => void;
}

const optionNames: OptionNames<OptimizeOptions> = {
  trials: true,
  timeoutMs: true,
  maxTimePerTrialMs: true,
  concurrency: true,
  signal: true,
  onTrial: true,
};

/** What it asks of a study. */
interface Study {
  /** Trials there are to try; absent when there is no end. */
  readonly limit?: number | undefined;
  /** Trials begun. */
  readonly begun: number;
  readonly leases: readonly Lease[];
  readonly leaseMs: number;
  readonly log: Pick<StudyLog, "heartbeat">;
  ask(options: { readonly signal: AbortSignal }): Promise<Trial>;
  tell(trial: Trial, told: TrialEnding): Promise<TrialRecord>;
  release(trial: Trial, options: ReleaseOptions): Promise<unknown>;
  abort(trial: Trial, reason: Error): void;
}

/** Runs trials of `study` until there are enough, time is up or it is stopped. */
export async function optimize(study: Study, objective: Objective, options: OptimizeOptions): Promise<void> {
  checkOptions("optimize", options, optionNames);
  const { trials, concurrency = 1 } = options;
  if (typeof objective !== "function") {
    throw new HyperError({
      en: `optimize: the objective must be a function of a trial, got ${describeValue(objective)}. Give (trial) => …`,
      ja: `optimize: 目的関数には (trial) => … のような関数を指定してください(指定された値: ${describeValue(objective)})。`,
    });
  }
  if (!Number.isSafeInteger(trials) || trials < 0) {
    throw new HyperError({
      en: `optimize: trials must be a whole number ≥ 0, got ${trials}. Say how many to run.`,
      ja: `optimize: trials には0以上の整数を指定してください(指定された値: ${trials})。実行する試行の数です。`,
    });
  }
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new HyperError({
      en: `optimize: concurrency must be a whole number ≥ 1, got ${concurrency}. Leave it out for 1.`,
      ja: `optimize: concurrency には1以上の整数を指定してください(指定された値: ${concurrency})。省くと1になります。`,
    });
  }
  const stop = new AbortController();
  const signals = [stop.signal, ...(options.signal === undefined ? [] : [options.signal])];
  const { timeoutMs, maxTimePerTrialMs } = options;
  waitableTime("optimize", "timeoutMs", timeoutMs);
  waitableTime("optimize", "maxTimePerTrialMs", maxTimePerTrialMs);
  const timeIsUp = new AbortController();
  const callOff = timeoutMs === undefined ? () => {} : ownTimers.after(timeoutMs, () => timeIsUp.abort());
  const signal = AbortSignal.any([...signals, timeIsUp.signal]);
  const endBeating = every(ownTimers, study.leaseMs / 3, () => beat(study));
  let left = trials;
  const work = async () => {
    while (left > 0 && !signal.aborted && !exhausted(study)) {
      left -= 1;
      await runOne(study, objective, signal, options);
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, Math.max(trials, 1)) }, () => work);
  await allOrNone(workers, () => stop.abort()).finally(() => {
    endBeating();
    callOff();
  });
}

function exhausted(study: Study): boolean {
  return study.limit !== undefined && study.begun >= study.limit;
}

function beat(study: Study): void {
  // A lease that no longer counts shows itself when the trial's next write is refused.
  study.log.heartbeat?.(study.leases, study.leaseMs).catch(() => {});
}

async function runOne(
  study: Study,
  objective: Objective,
  signal: AbortSignal,
  options: OptimizeOptions,
): Promise<void> {
  const trial = await study.ask({ signal });
  const { ended, stopped } = await outcome(study, trial, objective, signal, options.maxTimePerTrialMs);
  if (ended === undefined) {
    await study.release(trial, { reason: trialError("stopped") });
    if (stopped !== undefined) {
      throw stopped;
    }
    return;
  }
  const record = await study.tell(trial, ended.told);
  options.onTrial?.(record);
}

/** What came of the objective; nothing when the study was stopped before it ended. */
async function outcome(
  study: Study,
  trial: Trial,
  objective: Objective,
  signal: AbortSignal,
  maxTimeMs: number | undefined,
): Promise<{ ended?: { told: TrialEnding }; stopped?: unknown }> {
  let late: Error | undefined;
  const callOff =
    maxTimeMs === undefined
      ? () => {}
      : ownTimers.after(maxTimeMs, () => {
          late = new Error(trialError("overtime", maxTimeMs));
          study.abort(trial, late);
        });
  const aborted = Promise.withResolvers<never>();
  aborted.promise.catch(() => {});
  const onAbort = () => aborted.reject(trial.signal.reason);
  trial.signal.addEventListener("abort", onAbort, { once: true });
  try {
    // An objective that ignores its signal is left behind: nothing it does later counts.
    const given = await Promise.race([Promise.resolve().then(() => objective(trial)), aborted.promise]);
    const plain = plainResult(given);
    return { ended: { told: "reason" in plain ? { state: "failed", error: plain.reason } : plain.result } };
  } catch (error) {
    if (late !== undefined) {
      return { ended: { told: { state: "failed", error: late.message } } };
    }
    if (isA(error, PrunedTrial)) {
      return { ended: { told: { state: "pruned" } } };
    }
    if (isA(error, SpaceChangedError)) {
      return { stopped: error };
    }
    if (signal.aborted) {
      return {};
    }
    return { ended: { told: { state: "failed", error: reasonOf(error) } } };
  } finally {
    callOff();
    trial.signal.removeEventListener("abort", onAbort);
  }
}

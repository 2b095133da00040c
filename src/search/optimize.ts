import { allOrNone } from "../core/all-or-none.ts";
import { checkOptions, checkSignal, type OptionNames, oneOf } from "../core/checks.ts";
import { HyperError, TanrenError } from "../core/errors.ts";
import { describeValue, isA, reasonOf } from "../core/foreign-value.ts";
import { every, ownTimers, waitableTime } from "../core/timers.ts";
import type { TrialRecord } from "../core/trial.ts";
import { trialError, trialErrorText } from "../core/trial-errors.ts";
import type { Lease, ReleaseOptions } from "../store/studies/study-store.ts";
import type { StudyLog } from "./memory-study-log.ts";
import { plainResult, type TrialEnding } from "./objective-result.ts";
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
  /**
   * Which failures reject the promise, with an {@link ObjectiveError}: `all` (when absent) only that every trial has failed,
   * `first` the first trial that fails, which ends the run, `none` none. Each failure is recorded all the same.
   */
  readonly rejectOn?: RejectOn;
}

export type RejectOn = "all" | "first" | "none";
const rejections: readonly RejectOn[] = ["all", "first", "none"];

/** An objective fails where it should have given a number. Its `cause` is what the first trial that failed threw. */
export class ObjectiveError extends TanrenError {
  override name = "ObjectiveError";
}

const optionNames: OptionNames<OptimizeOptions> = {
  trials: true,
  timeoutMs: true,
  maxTimePerTrialMs: true,
  concurrency: true,
  signal: true,
  onTrial: true,
  rejectOn: true,
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

/** A trial that failed, with what its objective threw; `thrown` is absent of one that gave no number or took too long. */
interface Failure {
  readonly record: TrialRecord;
  readonly thrown?: unknown;
}

/** Runs trials of `study` until there are enough, time is up or it is stopped. @throws ObjectiveError as `rejectOn` says */
export async function optimize(study: Study, objective: Objective, options: OptimizeOptions): Promise<void> {
  checkOptions("optimize", options, optionNames);
  const { trials, concurrency = 1, rejectOn = "all" } = options;
  if (typeof objective !== "function") {
    throw new HyperError({
      en: `optimize: the objective must be a function of a trial, got ${describeValue(objective)}. Give (trial) => …`,
      ja: `optimize: 目的関数には (trial) => … のような関数を指定してください(指定された値: ${describeValue(objective)})。`,
    });
  }
  if (!Number.isSafeInteger(trials) || trials < 0) {
    throw new HyperError({
      en: `optimize: trials must be a whole number ≥ 0, got ${describeValue(trials)}. Say how many to run.`,
      ja: `optimize: trials には0以上の整数を指定してください(指定された値: ${describeValue(trials)})。実行する試行の数です。`,
    });
  }
  if (!Number.isSafeInteger(concurrency) || concurrency < 1) {
    throw new HyperError({
      en: `optimize: concurrency must be a whole number ≥ 1, got ${describeValue(concurrency)}. Leave it out for 1.`,
      ja: `optimize: concurrency には1以上の整数を指定してください(指定された値: ${describeValue(concurrency)})。省くと1になります。`,
    });
  }
  oneOf("optimize", "rejectOn", rejectOn, rejections);
  checkSignal("optimize", options.signal);
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
  let others = 0;
  const failures: Failure[] = [];
  const work = async () => {
    while (left > 0 && !signal.aborted && !exhausted(study)) {
      left -= 1;
      const trial = await askedOf(study, signal);
      if (trial === undefined) {
        return;
      }
      const failure = await runOne(study, trial, objective, signal, options);
      if (failure === undefined) {
        others += 1;
        continue;
      }
      failures.push(failure);
      if (rejectOn === "first") {
        throw objectiveError(failures);
      }
    }
  };
  const workers = Array.from({ length: Math.min(concurrency, Math.max(trials, 1)) }, () => work);
  await allOrNone(workers, () => stop.abort()).finally(() => {
    endBeating();
    callOff();
  });
  if (rejectOn === "all" && failures.length > 0 && others === 0) {
    throw objectiveError(failures);
  }
}

function objectiveError(failures: readonly Failure[]): ObjectiveError {
  const [{ record, thrown }] = failures;
  const { number, error = "" } = record;
  const why = trialErrorText(error);
  const [which, ja] =
    failures.length === 1
      ? [`trial ${number}, which failed`, `試行 ${number} が失敗しました`]
      : [
          `${failures.length} that all failed, the first of them trial ${number}`,
          `${failures.length} 個の試行がすべて失敗しました。最初は試行 ${number} です`,
        ];
  return new ObjectiveError(
    {
      en: `optimize: trials must end with a number, got ${which} (${why.en.replace(/\.$/, "")}). Correct the objective; study.trials tells of each, and rejectOn: "none" leaves it at that.`,
      ja: `optimize: ${ja}(${why.ja.replace(/。$/, "")})。目的関数を直してください。それぞれの理由は study.trials にあります(rejectOn: "none" なら記録するだけにします)。`,
    },
    thrown === undefined ? {} : { cause: thrown },
  );
}

function exhausted(study: Study): boolean {
  return study.limit !== undefined && study.begun >= study.limit;
}

function beat(study: Study): void {
  // A lease that no longer counts shows itself when the trial's next write is refused.
  study.log.heartbeat?.(study.leases, study.leaseMs).catch(() => {});
}

/** A trial; undefined where others that run beside this have taken the last. */
async function askedOf(study: Study, signal: AbortSignal): Promise<Trial | undefined> {
  try {
    return await study.ask({ signal });
  } catch (error) {
    if (isA(error, NoTrialLeftError)) {
      return undefined;
    }
    throw error;
  }
}

/** @returns the trial where it failed */
async function runOne(
  study: Study,
  trial: Trial,
  objective: Objective,
  signal: AbortSignal,
  options: OptimizeOptions,
): Promise<Failure | undefined> {
  const { ended, stopped } = await outcome(study, trial, objective, signal, options.maxTimePerTrialMs);
  if (ended === undefined) {
    await study.release(trial, { reason: trialError("stopped") });
    if (stopped !== undefined) {
      throw stopped;
    }
    return undefined;
  }
  const record = await study.tell(trial, ended.told);
  options.onTrial?.(record);
  return record.state === "failed" ? { record, thrown: ended.thrown } : undefined;
}

/** What came of the objective; nothing when the study was stopped before it ended. */
async function outcome(
  study: Study,
  trial: Trial,
  objective: Objective,
  signal: AbortSignal,
  maxTimeMs: number | undefined,
): Promise<{ ended?: { told: TrialEnding; thrown?: unknown }; stopped?: unknown }> {
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
    return { ended: { told: { state: "failed", error: reasonOf(error) }, thrown: error } };
  } finally {
    callOff();
    trial.signal.removeEventListener("abort", onAbort);
  }
}

/** A sampler with an end, as Grid is, has given all its trials. */
export class NoTrialLeftError extends HyperError {
  override name = "NoTrialLeftError";
}

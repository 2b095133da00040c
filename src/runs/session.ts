import { type DataOrigin, otherData } from "../core/data-origin.ts";
import { DataError } from "../core/errors.ts";
import { Recorder, type RunEvent, type RunRecord } from "../core/record.ts";
import type { Timers } from "../core/timers.ts";
import { version } from "../core/version.ts";
import { HeldWriter, type Written } from "../store/runs/held-writer.ts";
import type { RunEnd, RunInfo, RunStore } from "../store/runs/run-store.ts";
import { type DataShape, dataRead, type Experiment, type Settings, type Task } from "./experiment.ts";
import { Replay } from "./replay.ts";
import type { TaskRunner } from "./task-runner.ts";

/** Hears every event of a run as it comes. */
export interface RunObserver {
  update(event: RunEvent): void;
  /** Nothing more comes. */
  finish(): void;
}

export interface FinishedRun {
  /** Null when the store could not be written from the beginning to the end. */
  readonly id: string | null;
  /** Why the store holds the run only in part; the record here is whole. */
  readonly storeFailure: Error | null;
  readonly status: RunEnd;
  readonly record: RunRecord;
}

export interface SessionOptions {
  readonly experiment: Experiment;
  readonly preset: string;
  /** Complete: every setting has its value. */
  readonly settings: Settings;
  readonly seed: number;
  readonly runner: TaskRunner;
  readonly store: RunStore;
  readonly observe: (tasks: readonly Task[]) => RunObserver;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Told when the run has ended and waits, at most a minute, for another process to let go of the store. */
  readonly onWaiting?: () => void;
}

/** Runs one experiment once: every event goes to the store, the observer and the record. */
export async function runSession(options: SessionOptions): Promise<FinishedRun> {
  const { experiment, preset, settings, seed, runner, store, signal, now, onWaiting } = options;
  const info = runInfo({ experiment, preset, settings, seed }, runner, now());
  const data = await runner.origins(dataRead(experiment, settings));
  const tasks = experiment.plan(settings, seed, shapeOf(data));
  const writer = () => store.begin(info);
  const observer = () => options.observe(tasks);
  return recordRun({ info, tasks, data, runner, writer, observer, signal, now, onWaiting });
}

/** What a run began on is not what is there now. */
export class OtherDataError extends DataError {}

/** What the plan has to know of the data that a run reads; nothing where it reads none. */
export function shapeOf([origin]: readonly DataOrigin[]): DataShape | undefined {
  return origin?.inputs === undefined ? undefined : { inputSize: origin.inputs, classes: origin.classes };
}

/** What is known of a run when it starts. @param startedAt milliseconds since 1970 */
export function runInfo(
  what: Pick<SessionOptions, "experiment" | "preset" | "settings" | "seed">,
  { kernels, dtype, workers }: Pick<TaskRunner, "kernels" | "dtype" | "workers">,
  startedAt: number,
): RunInfo {
  const { experiment, preset, settings, seed } = what;
  const engine = { kernels, dtype, workers };
  return {
    tanren: version,
    experiment: experiment.id,
    preset,
    seed,
    settings,
    engine,
    startedAt: new Date(startedAt).toISOString(),
  };
}

export interface RecordingOptions {
  readonly info: RunInfo;
  /** All tasks of the plan. */
  readonly tasks: readonly Task[];
  /** What the tasks read. */
  readonly data: readonly DataOrigin[];
  readonly runner: TaskRunner;
  /** Begins the run's record, or goes on with it; asked again while another process holds the store. */
  readonly writer: () => Written;
  readonly observer: () => RunObserver;
  readonly signal: AbortSignal;
  readonly now: () => number;
  /** Milliseconds between two writes; 300 when absent. */
  readonly writeEvery?: number;
  /** What an earlier process recorded of this run, and how long it took; only what is missing is run. */
  readonly before?: { readonly events: readonly RunEvent[]; readonly seconds: RunRecord["seconds"] };
  /** The process's own unless told. */
  readonly timers?: Pick<Timers, "after">;
  /** Asked when `signal` has aborted: whether the run's end is left open, for another process to go on. */
  readonly leave?: () => boolean;
  /** Told at once when the store fails; the run goes on without. */
  readonly onStoreFailure?: (error: Error) => void;
  /** As in {@link SessionOptions}. */
  readonly onWaiting?: () => void;
}

/**
 * Runs the tasks that have not ended, and records what they say that is not recorded yet.
 * @throws OtherDataError before anything is done when the run began on other data
 */
export async function recordRun(options: RecordingOptions): Promise<FinishedRun> {
  const { info, runner, signal, now, before } = options;
  const began = now();
  const recorder = new Recorder();
  for (const event of before?.events ?? []) {
    recorder.add(event);
  }
  const writer = new HeldWriter({
    open: options.writer,
    every: options.writeEvery ?? 300,
    now,
    timers: options.timers,
    onFailure: (error) => options.onStoreFailure?.(error),
    onWaiting: () => options.onWaiting?.(),
  });
  const beganOn = recorder.recorded().data ?? [];
  const other = otherData(`run ${writer.id ?? ""}`, beganOn, options.data);
  if (other !== null) {
    writer.close();
    throw new OtherDataError(other);
  }
  const replay = new Replay(before?.events ?? []);
  const numbers = options.tasks.map((_, i) => i).filter((i) => !replay.ended(i));
  const observer = options.observer();
  const take = (event: RunEvent) => {
    recorder.add(event);
    writer.add(event);
    observer.update(event);
  };

  const tasks = numbers.map((i) => options.tasks[i]);
  if (beganOn.length === 0 && options.data.length > 0) {
    take({ task: 0, event: { kind: "data", data: options.data } });
  }
  try {
    for await (const { task, event } of runner.run(info.experiment, tasks, signal)) {
      const rest = replay.rest({ task: numbers[task], event });
      if (rest !== null) {
        take(rest);
      }
    }
  } catch (error) {
    writer.close();
    throw error;
  }
  const trained = (now() - began) / 1000 + (before?.seconds.train ?? 0);
  const leaves = signal.aborted && options.leave?.() === true;
  if (signal.aborted && !leaves) {
    take({ task: 0, event: { kind: "note", note: { kind: "interrupted", run: info.experiment, tags: {} } } });
  }
  observer.finish();
  const recorded = recorder.recorded();
  const failed = recorded.events.some(({ kind }) => kind === "failed");
  const status = signal.aborted ? "interrupted" : failed ? "failed" : "done";
  const seconds = { total: (now() - began) / 1000 + (before?.seconds.total ?? 0), train: trained };
  const storeFailure = await writer.finish(leaves ? null : { status, seconds }, signal);
  const { origin: _, ...facts } = info;
  return { id: writer.id, storeFailure, status, record: { ...facts, seconds, ...recorded } };
}

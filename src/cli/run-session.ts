import { type EngineInfo, Recorder, type RunEvent, type RunRecord } from "../core/record.ts";
import { version } from "../core/version.ts";
import type { Experiment, Settings } from "../experiments/experiment.ts";
import type { TaskRunner } from "../experiments/session.ts";
import type { RunEnd, RunStore } from "../store/run-store.ts";
import type { ProgressDisplay } from "./live-display.ts";

export interface SessionOptions {
  readonly experiment: Experiment;
  readonly preset: string;
  /** Complete: every setting has its value. */
  readonly settings: Settings;
  readonly seed: number;
  readonly runner: TaskRunner;
  readonly store: RunStore;
  readonly openDisplay: (tasks: ReturnType<Experiment["plan"]>) => ProgressDisplay;
  readonly signal: AbortSignal;
  readonly now: () => number;
}

export interface FinishedRun {
  readonly id: string;
  /** Why the store holds the run only in part; the record here is whole. */
  readonly storeFailure: Error | null;
  readonly status: RunEnd;
  readonly record: RunRecord;
}

/** Milliseconds between two writes to the store: each is a transaction that waits for the disk. */
const storeEvery = 300;

/** Runs one experiment once: every event goes to the store, the display and the record. */
export async function runSession(options: SessionOptions): Promise<FinishedRun> {
  const { experiment, preset, settings, seed, runner, store, signal, now } = options;
  const began = now();
  const engine: EngineInfo = { kernels: runner.kernels, dtype: runner.dtype, workers: runner.workers };
  const startedAt = new Date(began).toISOString();
  const info = { tanren: version, experiment: experiment.id, preset, seed, settings, engine, startedAt };
  const tasks = experiment.plan(settings, seed);
  const writer = store.begin(info);
  const display = options.openDisplay(tasks);
  const recorder = new Recorder();
  let pending: RunEvent[] = [];
  let writtenAt = began;
  let storeFailure: Error | null = null;
  /** A store that fails must not take hours of training with it: the run goes on without. */
  const toStore = (action: () => void) => {
    try {
      if (storeFailure === null) {
        action();
      }
    } catch (error) {
      storeFailure = error as Error;
    }
  };
  const write = () => {
    toStore(() => writer.append(pending));
    pending = [];
    writtenAt = now();
  };
  const take = (event: RunEvent) => {
    recorder.add(event);
    pending.push(event);
    display.update(event);
  };

  const trainingBegan = now();
  for await (const event of runner.run(experiment.id, tasks, signal)) {
    take(event);
    if (now() - writtenAt >= storeEvery) {
      write();
    }
  }
  const trained = now();
  if (signal.aborted) {
    take({ task: 0, event: { kind: "note", note: { kind: "interrupted", run: experiment.id, tags: {} } } });
  }
  display.finish();
  write();
  const recorded = recorder.recorded();
  const failed = recorded.events.some(({ kind }) => kind === "failed");
  const status = signal.aborted ? "interrupted" : failed ? "failed" : "done";
  const seconds = { total: (now() - began) / 1000, train: (trained - trainingBegan) / 1000 };
  toStore(() => writer.finish(status, seconds));
  return { id: writer.id, storeFailure, status, record: { ...info, seconds, ...recorded } };
}

import { checkOptions, type OptionNames, oneOf } from "../../core/checks.ts";
import { DataError, saidBy } from "../../core/errors.ts";
import { resolve } from "../../core/hyper.ts";
import { notesOf } from "../../core/note.ts";
import type { RunRecord } from "../../core/record.ts";
import type { Experiment, Settings, Task } from "../../runs/experiment.ts";
import { type RunObserver, runSession } from "../../runs/session.ts";
import type { TaskRunner } from "../../runs/task-runner.ts";
import { openMemoryStore } from "../../store/runs/memory.ts";

export interface RunExperimentOptions {
  readonly runner: TaskRunner;
  /** `book` when absent. */
  readonly preset?: string;
  /** Over the preset's values. */
  readonly settings?: Settings;
  /** 0 when absent. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Hears every event of the run as it comes; it is given the tasks that events are numbered by. */
  readonly observe?: (tasks: readonly Task[]) => RunObserver;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

const optionNames: OptionNames<RunExperimentOptions> = {
  runner: "openWorkerRunner({ … })",
  preset: true,
  settings: true,
  seed: true,
  signal: true,
  observe: true,
  now: true,
};

/**
 * Runs an experiment and gives its record, which nothing else keeps. A run that is aborted gives what it recorded until
 * then.
 * @throws HyperError on an unknown option, preset or setting, or a value out of range
 * @throws DataError with the reason when a task failed
 */
export async function runExperiment(experiment: Experiment, options: RunExperimentOptions): Promise<RunRecord> {
  checkOptions("runExperiment", options, optionNames);
  const { runner, preset = "book", settings = {}, seed = 0, now = Date.now } = options;
  oneOf("runExperiment", "preset", preset, Object.keys(experiment.presets));
  const { record } = await runSession({
    experiment,
    preset,
    settings: resolve(experiment.settings, { ...experiment.presets[preset], ...settings }),
    seed,
    runner,
    store: openMemoryStore({ now, random: () => 0 }),
    observe: options.observe ?? (() => ({ update: () => {}, finish: () => {} })),
    signal: options.signal ?? new AbortController().signal,
    now,
  });
  const [failure] = notesOf(record, "failed");
  if (failure !== undefined) {
    const { text, message } = failure;
    throw new DataError(typeof text === "object" ? text : saidBy(message));
  }
  return record;
}

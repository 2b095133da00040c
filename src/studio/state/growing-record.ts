import { Recorder, type RunEvent, type RunRecord } from "../../core/record.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";
import type { IterationClock } from "../figure/curve-options.ts";
import type { RunHandle } from "./engine.ts";

/** How far the tasks of a run are. */
export interface RunProgress {
  /** Runs of several seeds that are done, and the share of the one at hand. */
  readonly done: number;
  readonly total: number;
  /** Seconds since the run began to train. */
  readonly seconds: number;
}

/** What a run has told until now. */
export interface GrownRecord {
  readonly record: RunRecord;
  readonly progress: RunProgress;
  readonly clock: IterationClock;
}

/** Gathers what a run tells into a record that can be looked at while it grows. */
export class GrowingRecord {
  private readonly handle: Pick<RunHandle, "info" | "tasks">;
  private readonly place: { readonly index: number; readonly count: number };
  private readonly began = performance.now();
  private readonly recorder = new Recorder();
  private readonly tasks = new Map<number, { readonly done: number; readonly total: number }>();
  private readonly clock: [iteration: number, seconds: number][] = [];
  private readonly before: number;

  /** @param place which of several seeds' runs it is  @param before seconds that it has gone on without this page */
  constructor(
    handle: Pick<RunHandle, "info" | "tasks">,
    place: { readonly index: number; readonly count: number },
    before = 0,
  ) {
    this.handle = handle;
    this.place = place;
    this.before = before;
  }

  add({ task, event }: RunEvent): void {
    this.recorder.add({ task, event });
    if (event.kind === "progress") {
      this.tasks.set(task, { done: event.done, total: event.total });
      if (event.done > (this.clock.at(-1)?.[0] ?? -1)) {
        if (this.before > 0) {
          // When it reached what it tells anew nobody knows: it went evenly.
          this.clock.length = 0;
        }
        this.clock.push([event.done, this.seconds]);
      }
    }
  }

  /** A copy: the recorder's own arrays grow on, and a figure half made of them would have more x than y. */
  get now(): GrownRecord {
    const { handle, place, seconds } = this;
    const recorded = this.recorder.recorded();
    const series = recorded.series.map((one) => ({ ...one, x: one.x.slice(), y: one.y.slice() }));
    const parts = [...this.tasks.values()];
    const count = Math.max(handle.tasks, parts.length);
    const share = parts.reduce((sum, part) => sum + part.done / Math.max(1, part.total), 0) / Math.max(1, count);
    return {
      record: { ...handle.info, seconds: { total: seconds, train: seconds }, ...recorded, series },
      progress: { done: place.index + share, total: place.count, seconds },
      clock: this.clock.slice(),
    };
  }

  private get seconds(): number {
    return this.before + (performance.now() - this.began) / 1000;
  }
}

/** A record of nothing yet, for the figures' axes before the first run. */
export function emptyRecord(experiment: Experiment, settings: Settings, seed: number): RunRecord {
  return {
    tanren: "",
    experiment: experiment.id,
    preset: "book",
    seed,
    settings,
    engine: { kernels: "", dtype: "float32", workers: 0 },
    startedAt: "",
    seconds: { total: 0, train: 0 },
    series: [],
    histograms: [],
    checks: [],
    events: [],
  };
}

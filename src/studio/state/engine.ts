import type { RunEvent } from "../../core/record.ts";
import type { Dtype } from "../../core/tensor.ts";
import type { Text } from "../../core/text.ts";
import type { Backend } from "../../kernels/kernels.ts";
import type { Experiment, Settings } from "../../runs/experiment.ts";
import type { RunInfo } from "../../store/runs/run-store.ts";
import type { ShelfSummary } from "../../web/shelf/shelf.ts";

/** What is to be run. */
export interface RunRequest {
  readonly experiment: Experiment;
  readonly preset: string;
  readonly settings: Settings;
  readonly seed: number;
  readonly dtype: Dtype;
  readonly backend: Backend;
  /** What every task gets beside its plan: data that no setting can hold. Not recorded. */
  readonly attach?: Readonly<Record<string, unknown>>;
}

/** Holds, steps and slows a run that goes on. */
export interface PaceControl {
  pause(): void;
  resume(): void;
  step(iterations: number): void;
  /** Iterations a second; null is full speed. */
  speed(iterationsPerSecond: number | null): void;
}

/** A run that has begun. */
export interface RunHandle {
  /** On the shelf. */
  readonly id: string;
  readonly info: RunInfo;
  /** How many tasks the run has. */
  readonly tasks: number;
  readonly events: AsyncIterable<RunEvent>;
  readonly pace: PaceControl;
  /** Looks inside the networks from now on, or no longer. */
  watch(on: boolean): void;
  /** Why less is kept or seen than there is; null when all is. */
  readonly trouble: Text | null;
  /** What the place of the run last said of it; absent where this page decides how it ends. */
  readonly summary?: Pick<ShelfSummary, "status" | "seconds">;
  /** Ends a run that would go on without this page; absent where aborting the signal ends it. */
  stop?(): Promise<void>;
}

export interface StartOptions {
  readonly signal: AbortSignal;
  readonly onLoading: (loading: { readonly bytes: number; readonly total: number }) => void;
  /** Whether to look inside the networks from the start. */
  readonly watch: boolean;
  /** False: the run goes on no shelf. Of a page's own engine. */
  readonly kept?: boolean;
}

/** Where runs happen: Web Workers of this page, or the machine that serves it. */
export interface Engine {
  readonly kind: "page" | "server";
  /** Makes ready, before it is asked for, what such a run needs, so that it begins at once. Absent where all stands ready. */
  ready?(request: Omit<RunRequest, "preset" | "seed">): void;
  start(request: RunRequest, options: StartOptions): Promise<RunHandle>;
  /** Follows a run that goes on already, from its beginning; absent where none can. Aborting leaves the run going. */
  follow?(run: ShelfSummary, signal: AbortSignal): RunHandle;
}

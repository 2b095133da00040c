import type { DataOrigin } from "./data-origin.ts";
import type { HyperValue } from "./hyper.ts";
import { append } from "./long-lists.ts";
import type { RunNote, Tags } from "./note.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Dtype } from "./tensor.ts";

export type { RunNote, Tags };

/** Counts of values between edges, one more of these than of counts. */
export interface Bins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** One measured quantity of one run. A value that is not a finite number is null; an event says why. */
export interface Series {
  readonly run: string;
  readonly tags: Tags;
  readonly metric: string;
  readonly x: number[];
  readonly y: (number | null)[];
}

/** The outputs of one layer, counted between 0 and 1. What may be absent is so in records of others. */
export interface Histogram extends Bins {
  readonly activation: string;
  readonly std: number;
  /** From 1. */
  readonly layer: number;
  readonly mean: number;
  readonly stdOfOutputs: number;
  /** The smallest and the largest output. */
  readonly low?: number | null;
  readonly high?: number | null;
  /** Share of the outputs that [0, 1] leaves out. */
  readonly hiddenShare?: number | null;
  /** Share of the outputs in the first bin; null where none can be dead. */
  readonly deadShare?: number | null;
  /** Over all that the outputs take. */
  readonly whole?: Bins;
}

/** One parameter's backward gradient against its numerical gradient. */
export interface Check {
  readonly parameter: string;
  readonly meanAbsDiff: number;
  readonly maxRelError: number;
  readonly pass: boolean;
  /** Elements compared, and elements left out because the loss has a corner (a ReLU's) within the difference. */
  readonly checked?: number;
  readonly corners?: number;
  /** Largest |∂loss/∂parameter|: a check of gradients that are all 0 says nothing. */
  readonly largestGradient?: number;
  /** The gradients of the element compared whose backward gradient is the largest, by either way; 0 where none was. */
  readonly analytic?: number;
  readonly numerical?: number;
  /** Rows of the minibatch. */
  readonly rows?: number;
  /** Whether it says nothing: the gradients are all 0. */
  readonly vacuous?: boolean;
}

export interface EngineInfo {
  readonly kernels: string;
  readonly dtype: Dtype;
  readonly workers: number;
}

/** A finished run, as `run.json` holds it. */
export interface RunRecord {
  readonly tanren: string;
  readonly experiment: string;
  readonly preset: string;
  readonly seed: number;
  readonly settings: Readonly<Record<string, HyperValue>>;
  readonly engine: EngineInfo;
  /** The data sets it read; absent in records of versions that did not keep them. */
  readonly data?: readonly DataOrigin[];
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: { readonly total: number; readonly train: number };
  readonly series: readonly Series[];
  readonly histograms: readonly Histogram[];
  readonly checks: readonly Check[];
  readonly events: readonly RunNote[];
}

/**
 * What a task says while it runs; plain JSON, some tens a second. `points` append to the series of (run, tags, metric);
 * `progress` and `snapshot` are for the live display only and are not recorded. `ended`: the task came to its end; kept,
 * so that a resumed run does not repeat it. `data`: the data sets that the run reads; first of all.
 */
export type TaskEvent =
  | { readonly kind: "points"; run: string; tags: Tags; metric: string; x: number[]; y: (number | null)[] }
  | { readonly kind: "progress"; run: string; tags: Tags; done: number; total: number; loss: number | null }
  | { readonly kind: "snapshot"; snapshot: Snapshot }
  | { readonly kind: "note"; note: RunNote }
  | { readonly kind: "histogram"; histogram: Histogram }
  | { readonly kind: "check"; check: Check }
  | { readonly kind: "data"; data: readonly DataOrigin[] }
  | { readonly kind: "ended" };

/** A task's event with the task it came from; tasks are numbered from 0 in the order of the experiment's plan. */
export interface RunEvent {
  readonly task: number;
  readonly event: TaskEvent;
}

/** The recorded parts of a run. */
export type Recorded = Pick<RunRecord, "data" | "series" | "histograms" | "checks" | "events">;

interface TaskPart {
  series: Map<string, Series>;
  histograms: Histogram[];
  checks: Check[];
  events: RunNote[];
}

/** Gathers events into a record whose order is that of the plan, whichever task's events arrive first. */
export class Recorder {
  private readonly parts = new Map<number, TaskPart>();
  private readonly data: DataOrigin[] = [];

  add({ task, event }: RunEvent): void {
    const part = this.part(task);
    switch (event.kind) {
      case "points": {
        const key = JSON.stringify([event.run, event.tags, event.metric]);
        let series = part.series.get(key);
        if (series === undefined) {
          series = { run: event.run, tags: event.tags, metric: event.metric, x: [], y: [] };
          part.series.set(key, series);
        }
        for (let i = 0; i < event.x.length; i++) {
          series.x.push(event.x[i]);
          series.y.push(event.y[i]);
        }
        break;
      }
      case "note":
        part.events.push(event.note);
        break;
      case "histogram":
        part.histograms.push(event.histogram);
        break;
      case "check":
        part.checks.push(event.check);
        break;
      case "data": {
        const fresh = event.data.filter(({ fingerprint }) => !this.data.some((had) => had.fingerprint === fingerprint));
        append(this.data, fresh);
        break;
      }
      case "progress":
      case "snapshot":
      case "ended":
        break;
    }
  }

  /** What has been recorded so far. */
  recorded(): Recorded {
    const parts = [...this.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    return {
      data: [...this.data],
      series: parts.flatMap((p) => [...p.series.values()]),
      histograms: parts.flatMap((p) => p.histograms),
      checks: parts.flatMap((p) => p.checks),
      events: parts.flatMap((p) => p.events),
    };
  }

  private part(task: number): TaskPart {
    let part = this.parts.get(task);
    if (part === undefined) {
      part = { series: new Map(), histograms: [], checks: [], events: [] };
      this.parts.set(task, part);
    }
    return part;
  }
}

import type { HyperSet, HyperValue } from "../core/hyper.ts";
import type { RunRecord, Tags, TaskEvent } from "../core/record.ts";
import type { Watch } from "../core/snapshot.ts";
import type { Dtype } from "../core/tensor.ts";
import type { Text } from "../core/text.ts";
import { type Typed, typed, withDefaults } from "../core/typed.ts";
import type { Dataset, RowsNeeded } from "../data/dataset.ts";
import type { FigureSpec } from "../figure/figure-spec.ts";
import type { ShownCell } from "../figure/format-cell.ts";
import type { KernelSet } from "../kernels/kernels.ts";

export type Settings = Readonly<Record<string, HyperValue>>;

/** What a network has to know of the data it will learn from; MNIST's where nothing is said. */
export interface DataShape {
  /** Values of one row. */
  readonly inputSize: number;
  readonly classes: number;
}

/** One independent piece of an experiment, for one worker; plain JSON beside typed arrays (it is sent to the worker). */
export interface Task {
  /** Shown in the live display and written in the series. */
  readonly run: string;
  readonly tags: Tags;
  /** Tasks of one group are compared with one another and come along together; none: the task is on its own. */
  readonly group?: number;
  /** About so much memory it takes in float64; little when absent. */
  readonly bytes?: number;
  readonly [input: string]: unknown;
}

/** Holds a task back between two iterations, where a person may pause, step or slow it. */
export interface Pace {
  /** Whether the next iteration may begin at once; asked before each. */
  readonly open: boolean;
  /** Resolves when the next iteration may begin. */
  pass(): Promise<void>;
  /** Whether a person holds the run, so that what they see now stays for long. */
  readonly held?: boolean;
}

/** What a task may use while it runs. */
export interface TaskContext {
  readonly kernels: KernelSet;
  /** The same backend's kernels in another element type. */
  readonly kernelsIn: (dtype: Dtype) => KernelSet;
  /** A data set, with at least the rows needed; with all of them when `needed` is absent. */
  readonly dataset: (name: string, needed?: RowsNeeded) => Promise<Dataset>;
  readonly signal: AbortSignal;
  /** Absent where nobody can pause. */
  readonly pace?: Pace;
  /** What to look at inside the networks, asked after each iteration; absent where nobody can watch. */
  readonly watch?: () => Watch | null;
  /** Milliseconds, from anywhere: how often to show what is not recorded. Absent where nobody looks. */
  readonly now?: () => number;
}

/**
 * One experiment of the chapter: its settings, what it runs, how it is drawn. Command line, studio, report and notebook
 * are views of this definition.
 */
export interface Experiment<S extends HyperSet = HyperSet> {
  /** Kebab-case, as on the command line. */
  readonly id: string;
  /** Section of the book. */
  readonly section: string;
  readonly title: Text;
  /** One sentence: what it shows. */
  readonly summary: Text;
  readonly settings: S;
  /** Named values over the settings' defaults; `book` is always there and is the default. */
  readonly presets: Readonly<Record<string, Settings>>;
  /** Data sets that its tasks read, loaded before it starts. */
  readonly datasets: readonly string[];
  /** Those of them that a run with these settings reads; all when absent. */
  reads?(settings: Settings): readonly string[];

  /**
   * A task of each kind that such a run has, drawn from nothing: what cannot be is refused by them before it begins. The
   * network that `hiddenSizes` and `batchSize` describe when absent.
   */
  sketch?(settings: Settings): readonly Task[];
  /** The tasks, in the order of their results, each with its position in the random stream. Shares no state. */
  plan(settings: Settings, seed: number, data?: DataShape): Task[];
  /** Runs one task. Checks `context.signal` between steps. */
  execute(task: Task, context: TaskContext): AsyncGenerator<TaskEvent, void, void>;
  /** The formulas a reader needs beside the figure; none when absent. */
  formulas?(record: RunRecord): FormulaNote[];
  /** What is drawn of a record, finished or not. */
  figures(record: RunRecord): FigureSpec[];
  /** Rows of the result table: the numbers a reader wants first. */
  results(record: RunRecord): ResultTable;
  /** Further tables for the report: what a reader should see beyond the figure. */
  details?(record: RunRecord): DetailTable[];
  /** The command that gives the same numbers again, where it is not `tanren run`. */
  command?(record: RunRecord): string;
  /** What this record shows that a reader could miss, in sentences made from its numbers. */
  findings?(record: RunRecord): Text[];
}

/** Names of the data sets that a run with these settings reads. */
export function dataRead(experiment: Experiment, settings: Settings): readonly string[] {
  return experiment.reads?.(settings) ?? experiment.datasets;
}

/** An experiment that can be given its settings: `weightDecay({ iterations: 100 })`. */
export type TypedExperiment<S extends HyperSet> = Typed<Experiment<S>, S, Experiment<S>>;

/** Makes an experiment of its definition. */
export function defineExperiment<S extends HyperSet>(definition: Experiment<S>): TypedExperiment<S> {
  return typed(definition, (values) => {
    const given = values as Settings;
    return {
      ...definition,
      settings: withDefaults(definition.settings, given),
      presets: Object.fromEntries(
        Object.entries(definition.presets).map(([name, preset]) => [name, { ...preset, ...given }]),
      ),
      plan: (settings, seed, data) => definition.plan({ ...given, ...settings }, seed, data),
    };
  });
}

export interface FormulaNote {
  readonly name: string;
  readonly tex: string;
  /** Where it was published. */
  readonly source?: string;
}

export interface ResultTable {
  readonly columns: readonly Text[];
  /** As many cells as columns; numbers are formatted by the reader's locale. */
  readonly rows: readonly (readonly ShownCell[])[];
}

export interface DetailTable extends ResultTable {
  readonly title: Text;
}

import type { RunRecord } from "../core/record.ts";
import type { Text } from "../core/text.ts";
import type { Settings } from "../runs/experiment.ts";

/** A part of an experiment's figures that is looked at on its own. */
export interface LessonView {
  readonly id: string;
  readonly name: Text;
  /** The id of a figure of the experiment; `lab` is what the page has of its own for it. */
  readonly figure: string;
  /** Places of the panels that are shown; all when absent. */
  readonly panels?: readonly number[];
  /** Rows of panels that are shown, where the settings decide how many panels a row has. */
  readonly rows?: readonly number[];
}

/** One step of the story: what is said, and what of the figure it shows. */
export interface LessonStep {
  readonly title: Text;
  /**
   * What is to be seen, with the numbers of the run at hand. `[[SGD.lr=0.1]]` is a value that can be pressed: it is set, and
   * the experiment runs.
   */
  readonly text: (record: RunRecord) => Text;
  /** A {@link LessonView}; the first when absent. */
  readonly view?: string;
  /** Names, in English, of the curves that are meant. */
  readonly highlight?: readonly string[];
  /** The part of the figure that is shown, in units of its axes, in all of its panels. */
  readonly zoom?: { readonly x: readonly [number, number]; readonly y: readonly [number, number] };
}

/** What a reader says before they see it. */
export interface Prediction {
  readonly question: Text;
  /** The book's settings with these are run. */
  readonly set: Settings;
  readonly task: DrawnPrediction | OrderPrediction;
  /** What to take from it, whatever was predicted. */
  readonly lesson: (record: RunRecord) => Text;
}

/** Values at some places, drawn by hand: a curve, or the bars of a histogram. */
export interface DrawnPrediction {
  readonly kind: "curve" | "bars";
  /** Places on the x axis, as words. */
  readonly at: readonly Text[];
  readonly label: Text;
  readonly low: number;
  readonly high: number;
  /** What came, at the same places; null where there is no number. */
  readonly truth: (record: RunRecord) => readonly (number | null)[];
}

/** Things brought into an order, the first on top. */
export interface OrderPrediction {
  readonly kind: "order";
  readonly items: readonly { readonly id: string; readonly name: Text }[];
  /** The ids as they came. */
  readonly truth: (record: RunRecord) => readonly string[];
}

/** A run that went wrong, and what may have been the cause. */
export interface Fault {
  /** The book's settings with these are run, untold. */
  readonly set: Settings;
  readonly symptom: Text;
  /** Where to look. */
  readonly hint: Text;
  readonly causes: readonly Answer[];
}

/** Something to choose, and what is said to who chose it. */
export interface Answer {
  readonly text: Text;
  /** One of them is. */
  readonly right?: true;
  /** What the figure would look like if it were so, or why it does. */
  readonly why: Text;
}

/** Two runs from one seed that differ in one thing. */
export interface Contrast {
  readonly question: Text;
  readonly sides: readonly [ContrastSide, ContrastSide];
  readonly answers: readonly Answer[];
}

export interface ContrastSide {
  readonly name: Text;
  /** Over the book's settings. */
  readonly set: Settings;
}

/** How an experiment is taught: plain data beside its definition. */
export interface Lesson {
  readonly experiment: string;
  /** The two or three settings that matter most. */
  readonly controls: readonly string[];
  /** In the order they are offered. */
  readonly views: readonly LessonView[];
  /** What the figure shows, in a sentence made of its numbers. */
  readonly says: (record: RunRecord) => Text;
  /** Four to seven. */
  readonly steps: readonly LessonStep[];
  readonly prediction: Prediction;
  readonly fault: Fault;
  readonly contrast: Contrast;
}

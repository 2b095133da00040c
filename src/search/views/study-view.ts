import type { Text } from "../../core/text.ts";
import type { Direction, TrialRecord } from "../../core/trial.ts";
import type { FigureSpec } from "../../figure/figure-spec.ts";

/** What a view is drawn from. */
export interface StudyData {
  /** Each a plain record; the list may grow at its end, what stands in it stays. */
  readonly trials: readonly TrialRecord[];
  readonly direction: Direction;
  /** What the objective measures; "value" when absent. */
  readonly valueName?: Text;
  /** Milliseconds since 1970, to which a running trial is drawn; its start when absent. */
  readonly now?: number;
}

/** One way to look at a study. */
export interface StudyView {
  /** Kebab-case, as on the command line and in file names. */
  readonly id: string;
  readonly title: Text;
  /** What it takes, for a study that has it not. */
  readonly needs: Text;
  /** The figure; null when there is nothing to draw yet. */
  draw(study: StudyData): FigureSpec | null;
}

export const valueWord: Text = { en: "value", ja: "目的関数の値" };
export const trialWord: Text = { en: "trial", ja: "試行" };
export const needsTrials: Text = { en: "two completed trials", ja: "完了した試行が2件以上" };

/** What the objective measures. */
export function valueNameOf({ valueName = valueWord }: Pick<StudyData, "valueName">): Text {
  return valueName;
}

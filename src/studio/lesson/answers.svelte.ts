import { csvText } from "../../core/csv.ts";
import { keep, kept } from "../state/keep.ts";

/** What a reader answered or predicted: kept in this browser, sent nowhere. */
export interface GivenAnswer {
  readonly experiment: string;
  readonly kind: "prediction" | "fault" | "contrast" | "question";
  /** What the teacher's link asked; of questions only. */
  readonly question?: string;
  /** Words of the choice, or the predicted values. */
  readonly given: string;
  /** Whether it was right; null for predictions and a teacher's questions, which have no such thing. */
  readonly right: boolean | null;
  /** ISO 8601, UTC. */
  readonly at: string;
}

const name = "tanren.answers";
/** Answers kept at most; the oldest go. */
const most = 500;

class Answers {
  all = $state.raw<readonly GivenAnswer[]>(read());

  add(answer: Omit<GivenAnswer, "at">): void {
    this.all = [...this.all, { ...answer, at: new Date().toISOString() }].slice(-most);
    keep(name, JSON.stringify(this.all));
  }

  /** The last answer of a kind; undefined when there is none. */
  last(experiment: string, kind: GivenAnswer["kind"]): GivenAnswer | undefined {
    return this.all.findLast((answer) => answer.experiment === experiment && answer.kind === kind);
  }
}

function read(): GivenAnswer[] {
  try {
    const found: unknown = JSON.parse(kept(name) ?? "[]");
    return Array.isArray(found) ? (found as GivenAnswer[]) : [];
  } catch {
    return [];
  }
}

export const answers = new Answers();

/** All answers as CSV, a row each. */
export function answersCsv(given: readonly GivenAnswer[]): string {
  return csvText([
    ["at", "experiment", "kind", "question", "answer", "right"],
    ...given.map(({ at, experiment, kind, question = "", given: words, right }) => [
      at,
      experiment,
      kind,
      question,
      words,
      right === null ? "" : right ? "right" : "wrong",
    ]),
  ]);
}

import type { EventQueue } from "../../core/event-queue.ts";
import type { Told } from "../../core/text.ts";
import type { ParameterValue, TrialRecord } from "../../core/trial.ts";
import type { Study } from "../../search/study.ts";
import type { Trial } from "../../search/trial.ts";
import { ProgressCounter, type StudyProgress } from "./progress.ts";
import type { AttemptEnd } from "./trial/attempt.ts";

/** What happens while trials run. */
export type StudyEvent =
  | {
      readonly kind: "started";
      readonly number: number;
      readonly attempt: number;
      /** Drawn so far; an objective that draws as it goes has drawn nothing yet. */
      readonly params: Readonly<Record<string, ParameterValue>>;
    }
  | { readonly kind: "reported"; readonly number: number; readonly step: number; readonly value: number | null }
  /** A trial is in the record for good, whichever process ran it. */
  | { readonly kind: "finished"; readonly trial: TrialRecord; readonly progress: StudyProgress }
  /** The trial waits for another attempt. */
  | { readonly kind: "returned"; readonly number: number; readonly attempt: number; readonly reason: Told }
  /** The attempt had been given up before it ended: what it did is not in the record. */
  | { readonly kind: "refused"; readonly number: number; readonly attempt: number; readonly reason: Told };

/** Tells what happens to a study: of its own attempts at once, of trials that others finished when it looks. */
export class StudyTeller {
  private readonly study: Study;
  private readonly events: Pick<EventQueue<StudyEvent>, "push">;
  private readonly progress: ProgressCounter;
  private told: number;
  /** Trials asked for. */
  total = 0;

  constructor(study: Study, events: Pick<EventQueue<StudyEvent>, "push">) {
    this.study = study;
    this.events = events;
    this.progress = new ProgressCounter(study.direction);
    this.told = study.known.finished.length;
  }

  started(trial: Trial): void {
    const { number, attempt } = trial;
    this.events.push({ kind: "started", number, attempt, params: this.study.paramsOf(trial) });
  }

  reported(number: number, step: number, value: number | null): void {
    this.events.push({ kind: "reported", number, step, value });
  }

  ended({ number, attempt }: Trial, end: AttemptEnd): void {
    if (end.kind !== "finished") {
      this.events.push({ kind: end.kind, number, attempt, reason: end.reason });
    }
    this.look();
  }

  /** Tells of trials that have finished since the last look. */
  look(): void {
    const { known } = this.study;
    for (; this.told < known.finished.length; this.told++) {
      const progress = this.progress.look(known, this.told + 1, this.total);
      this.events.push({ kind: "finished", trial: known.finished[this.told], progress });
    }
  }
}

import type { Distribution, TrialRecord } from "../core/trial.ts";
import type { KnownTrials } from "../store/studies/study-store.ts";
import type { StudyLog } from "./memory-study-log.ts";

/** Reports of others that may be read for each of one's own. */
const readPerWritten = 16;

/** What this process knows of a study's trials: what the log showed when it was looked at last. */
export class StudyView {
  /** How each name was drawn first, in the trials that have ended. */
  readonly earlier = new Map<string, Distribution>();
  private known: KnownTrials = { finished: [], running: [] };
  private readonly log: StudyLog;
  private readonly study: number;
  private readonly own: () => readonly number[];
  /** Written since the last look. */
  private reports = 0;
  private learnt = 0;

  /** @param own numbers of the trials that run in this process: it knows more of them than the log does */
  constructor(log: StudyLog, study: number, own: () => readonly number[]) {
    this.log = log;
    this.study = study;
    this.own = own;
  }

  get finished(): readonly TrialRecord[] {
    return this.known.finished;
  }

  /** Those of other processes. */
  get running(): readonly TrialRecord[] {
    return this.known.running;
  }

  async refresh(): Promise<void> {
    this.reports = 0;
    this.see(await this.log.view(this.study, { except: this.own() }));
  }

  /**
   * Looks at what other processes have reported, as long as reading it costs no more than a few times what was written here
   * since the last look: with each report, it would cost as the square of the reports.
   */
  async lookAfter(reports: number): Promise<void> {
    this.reports += reports;
    const elsewhere = this.running.reduce((sum, { intermediate }) => sum + intermediate.length, 0);
    if (readPerWritten * this.reports >= elsewhere) {
      await this.refresh();
    }
  }

  /** Takes what another reading of the log has shown. */
  see({ finished, running }: KnownTrials): void {
    const own = new Set(this.own());
    this.known = { finished, running: running.filter(({ number }) => !own.has(number)) };
    for (; this.learnt < finished.length; this.learnt++) {
      for (const [name, distribution] of Object.entries(finished[this.learnt].distributions)) {
        if (!this.earlier.has(name)) {
          this.earlier.set(name, distribution);
        }
      }
    }
  }
}

import type { Distribution, Intermediate, ParameterValue } from "../core/trial.ts";
import type { Json, Lease, Outcome } from "../store/study-store.ts";
import type { StudyLog } from "./study-log.ts";

/**
 * Writes one attempt down in the order in which things happened. An objective draws and reports without waiting; what it
 * did between two waits is written in one go.
 */
export class TrialWriter {
  readonly lease: Lease;
  private readonly log: StudyLog;
  private readonly onReported: () => Promise<void>;
  private drawings: { name: string; distribution: Distribution; value: ParameterValue }[] = [];
  private entries: Intermediate[] = [];
  private attributes: Record<string, Json> = {};
  private tail: Promise<void> = Promise.resolve();
  private scheduled = false;
  private failure: { error: unknown } | undefined;

  constructor(log: StudyLog, lease: Lease, onReported: () => Promise<void>) {
    this.log = log;
    this.lease = lease;
    this.onReported = onReported;
  }

  drawn(name: string, distribution: Distribution, value: ParameterValue): void {
    this.drawings.push({ name, distribution, value });
    this.schedule();
  }

  reported(entry: Intermediate): void {
    this.entries.push(entry);
    this.schedule();
  }

  /** Attributes are written as the trial ends. */
  noted(key: string, value: Json): void {
    this.attributes[key] = value;
  }

  /** Ends the trial after all that came before is written. @throws what any write threw */
  async finish(outcome: Outcome): Promise<void> {
    await this.flushed();
    await this.log.finish(this.lease, { ...outcome, attributes: this.attributes });
  }

  /** Gives the trial back. @throws what any write threw */
  async release(reason?: string): Promise<void> {
    await this.flushed();
    await this.log.release(this.lease, { reason });
  }

  private async flushed(): Promise<void> {
    this.schedule();
    await Promise.resolve();
    await this.tail;
    if (this.failure !== undefined) {
      throw this.failure.error;
    }
  }

  private schedule(): void {
    if (this.scheduled) {
      return;
    }
    this.scheduled = true;
    // After the objective has given way once, so that one write holds all it did until then.
    this.tail = this.tail
      .then(() => this.flush())
      .catch((error: unknown) => {
        this.failure ??= { error };
      });
  }

  private async flush(): Promise<void> {
    const { drawings, entries } = this;
    this.scheduled = false;
    this.drawings = [];
    this.entries = [];
    if (drawings.length > 0) {
      await this.log.suggest(this.lease, {
        params: Object.fromEntries(drawings.map(({ name, value }) => [name, value])),
        distributions: Object.fromEntries(drawings.map(({ name, distribution }) => [name, distribution])),
      });
    }
    if (entries.length > 0) {
      await this.log.report(this.lease, entries);
      await this.onReported();
    }
  }
}

import type { Distribution, Intermediate, ParameterValue } from "../core/trial.ts";
import type { Json, Lease, Outcome, ReleaseOptions } from "../store/studies/study-store.ts";
import type { StudyLog } from "./memory-study-log.ts";

/**
 * Writes one attempt down in the order in which things happened. An objective draws and reports without waiting; what it
 * did between two waits is written in one go.
 */
export class TrialWriter {
  readonly lease: Lease;
  private readonly log: StudyLog;
  private readonly onReported: (entries: number) => Promise<void>;
  private drawings: { name: string; distribution: Distribution; value: ParameterValue }[] = [];
  private entries: Intermediate[] = [];
  private attributes: Record<string, Json> = {};
  private left: Uint8Array | undefined;
  private tail: Promise<void> = Promise.resolve();
  private scheduled = false;
  private failure: { error: unknown } | undefined;

  /** @param onReported told how many reports have been written */
  constructor(log: StudyLog, lease: Lease, onReported: (entries: number) => Promise<void>) {
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

  /** Written at once too: pruners of other processes judge by what running trials note. */
  noted(key: string, value: Json): void {
    this.attributes[key] = value;
    this.schedule();
  }

  /** Keeps what another attempt goes on from, with what has been reported until now. */
  checkpointed(bytes: Uint8Array): void {
    this.left = bytes;
    this.schedule();
  }

  /** Ends the trial after all that came before is written. @throws what any write threw */
  async finish(outcome: Outcome): Promise<void> {
    await this.flushed();
    await this.log.finish(this.lease, outcome);
  }

  /** Gives the trial back. @throws what any write threw */
  async release(options?: ReleaseOptions): Promise<void> {
    await this.flushed();
    await this.log.release(this.lease, options);
  }

  /** Waits until all that came before is written. @throws what any write threw */
  async flushed(): Promise<void> {
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
    const { drawings, entries, attributes, left } = this;
    this.scheduled = false;
    this.drawings = [];
    this.entries = [];
    this.attributes = {};
    this.left = undefined;
    if (this.failure !== undefined) {
      // What comes after a gap would hide it: a checkpoint says that all before it is kept.
      return;
    }
    if (drawings.length > 0 || Object.keys(attributes).length > 0) {
      await this.log.suggest(this.lease, {
        params: Object.fromEntries(drawings.map(({ name, value }) => [name, value])),
        distributions: Object.fromEntries(drawings.map(({ name, distribution }) => [name, distribution])),
        attributes,
      });
    }
    if (entries.length > 0) {
      await this.log.report(this.lease, entries);
      await this.onReported(entries.length);
    }
    if (left !== undefined) {
      await this.log.checkpoint?.(this.lease, left);
    }
  }
}

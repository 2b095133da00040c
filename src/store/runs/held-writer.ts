import type { RunEvent, RunRecord } from "../../core/record.ts";
import { ownTimers, rest, type Timers } from "../../core/timers.ts";
import { isBusy, mayPass } from "../sqlite-errors.ts";
import type { RunEnd, RunWriter } from "./run-store.ts";

/** How long a run that has ended waits for a store that another process holds, in milliseconds. */
export const lockPatience = 60_000;

/** The same once a person wants it to end. */
const hurriedPatience = 1_000;

/** Milliseconds between two tries of what was refused. */
const pauses = { first: 50, longest: 1_000 } as const;

/** What of a run's writer recording needs. */
export type Written = Pick<RunWriter, "id" | "append" | "finish" | "ended">;

export interface HeldWriterOptions {
  /** Begins the run, or goes on with it; asked again while another process holds the store. */
  readonly open: () => Written;
  /** Milliseconds between two writes: each is a transaction that waits for the disk. */
  readonly every: number;
  readonly now: () => number;
  /** The process's own unless told. */
  readonly timers?: Pick<Timers, "after">;
  /** Told once, when a store refuses for good. */
  readonly onFailure: (error: Error) => void;
  /** Told once, when the run has ended and the store is not free. */
  readonly onWaiting: () => void;
}

/**
 * Writes a run's events from time to time, and holds what the store does not take now: training neither waits for another
 * process's lock nor loses anything by it. When the run has ended, it waits for the lock for a minute.
 */
export class HeldWriter {
  private readonly options: HeldWriterOptions;
  private writer: Written | null = null;
  private held: RunEvent[] = [];
  /** What the store refused; told again as it was, since it may have been kept. */
  private refused: readonly RunEvent[] = [];
  private pause = 0;
  private triedAt = 0;
  private readonly timers: Pick<Timers, "after">;
  private callOff: (() => void) | undefined;
  private refusal: Error | null = null;
  private over: Error | null = null;

  /** @throws what the store refuses for good */
  constructor(options: HeldWriterOptions) {
    this.options = options;
    this.timers = options.timers ?? ownTimers;
    this.write();
    if (this.over !== null) {
      throw this.over;
    }
  }

  /** The run's id; null as long as the store could not be written at all. */
  get id(): string | null {
    return this.writer?.id ?? null;
  }

  add(event: RunEvent): void {
    this.held.push(event);
    const { every, now } = this.options;
    // Timers wait while events come one upon the other; and the next event may be long in coming.
    if (this.refusal === null && now() - this.triedAt >= every) {
      this.write();
    } else {
      this.callOff ??= this.timers.after(every, () => this.write());
    }
  }

  /** Writes what the store takes now, and nothing after it. */
  close(): void {
    this.write();
    this.callOff?.();
  }

  /**
   * Writes what is held and marks the run's end, waiting for a store that is not free.
   * @param end null leaves the run open, for another process to go on with
   * @param signal a person wants it to end soon
   * @returns why the store holds the run in part only, or null
   */
  async finish(
    end: { readonly status: RunEnd; readonly seconds: RunRecord["seconds"] } | null,
    signal: AbortSignal,
  ): Promise<Error | null> {
    this.write();
    // Apart: the disk may refuse what a lock has kept waiting for long.
    const waited = { lock: 0, disk: 0 };
    let told = false;
    while (this.waits(end)) {
      const busy = isBusy(this.refusal);
      // What the disk refused may have been kept all the same: told again, the store says so.
      const patience = busy && !signal.aborted ? lockPatience : hurriedPatience;
      const cause = busy ? "lock" : "disk";
      if (waited[cause] >= patience) {
        // The last try may have been kept, and its answer lost.
        if (!this.ended(end)) {
          this.fail(this.refusal as Error);
        }
        break;
      }
      if (busy && !told) {
        told = true;
        this.options.onWaiting();
      }
      const pause = Math.min(this.pause, signal.aborted ? pauses.first : pauses.longest);
      waited[cause] += pause;
      // Who comes to want it soon is not kept waiting; who wanted it before is, for a second.
      await rest(this.timers, pause, signal.aborted ? undefined : signal);
      this.write();
    }
    this.callOff?.();
    return this.over;
  }

  /** Whether something is still to be written; tries the end once all else is. */
  private waits(end: Parameters<HeldWriter["finish"]>[0]): boolean {
    if (this.over !== null) {
      return false;
    }
    if (this.writer === null || this.refusal !== null) {
      return true;
    }
    return end !== null && !this.attempt(() => this.writer?.finish(end.status, end.seconds));
  }

  private ended(end: Parameters<HeldWriter["finish"]>[0]): boolean {
    try {
      return end !== null && this.writer?.ended(end.status) === true;
    } catch {
      return false;
    }
  }

  /** Writes what is held, if the store takes it; otherwise tries again by and by. */
  private write(): void {
    this.callOff?.();
    this.callOff = undefined;
    if (this.over !== null) {
      this.held = [];
      return;
    }
    this.triedAt = this.options.now();
    const taken = this.attempt(() => {
      this.writer ??= this.options.open();
      if (this.refused.length === 0) {
        this.refused = this.held;
        this.held = [];
      }
      for (; this.refused.length > 0; this.refused = this.held, this.held = []) {
        this.writer.append(this.refused);
      }
    });
    if (!taken && this.over === null) {
      this.callOff = this.timers.after(this.pause, () => this.write());
    }
  }

  /** @returns whether the store did it */
  private attempt(action: () => void): boolean {
    try {
      action();
      this.refusal = null;
      this.pause = 0;
      return true;
    } catch (error) {
      this.refusal = error as Error;
      this.pause = this.pause === 0 ? pauses.first : Math.min(2 * this.pause, pauses.longest);
      if (!mayPass(error) || (this.writer === null && !isBusy(error))) {
        this.fail(this.refusal);
      }
      return false;
    }
  }

  private fail(error: Error): void {
    this.over = error;
    this.options.onFailure(error);
  }
}

/** A running trial's lease as its row has it. */
export interface LeaseRow {
  readonly number: number;
  readonly attempt: number;
  readonly lost: number;
  readonly lease_until: number | null;
  readonly worker: string | null;
}

export interface LeaseWatchOptions {
  /** Milliseconds from any beginning; never goes back and never jumps. */
  readonly monotonic: () => number;
  /** Whether the process of a worker lives; undefined where that cannot be told. */
  readonly alive: (worker: string) => boolean | "elsewhere" | undefined;
}

interface Sight {
  readonly attempt: number;
  readonly until: number;
  /** When it was first seen so, and what was left of it by the clock then. */
  readonly at: number;
  readonly left: number;
}

/**
 * Tells which leases have run out, though the clock that they are written by may be set.
 *
 * A lease is watched: how long it has stood unchanged is counted by a count of our own, which nobody sets. It has run out
 * when it has stood for what was left of it at first sight, or for two of our own leases if the clock says that more is left:
 * then the clock was set back. One of which little or nothing seems to be left may be that of a clock set forward: whoever
 * still works prolongs it three times within each lease, so that it is given half a lease to show itself, unless its
 * worker's process is known to be gone.
 */
export class LeaseWatch {
  private readonly options: LeaseWatchOptions;
  private readonly studies = new Map<number, Map<number, Sight>>();

  constructor(options: LeaseWatchOptions) {
    this.options = options;
  }

  /**
   * Looks at all running trials of a study.
   * @param now by the clock that leases are written by  @param leaseMs how long our own leases are
   * @returns those whose leases have run out
   */
  expired<R extends LeaseRow>(study: number, running: readonly R[], now: number, leaseMs: number): R[] {
    const before = this.studies.get(study);
    const seen = new Map<number, Sight>();
    const at = this.options.monotonic();
    const out = running.filter((row) => {
      const { number, attempt, lease_until: until } = row;
      if (until === null) {
        return false;
      }
      const last = before?.get(number);
      const same = last?.attempt === attempt && last.until === until;
      const sight = same ? last : { attempt, until, at, left: until - now };
      seen.set(number, sight);
      const stood = at - sight.at;
      return (
        (sight.left < 0 || stood > Math.min(sight.left, 2 * leaseMs)) &&
        (stood >= leaseMs / 2 || !this.mayLive(row.worker))
      );
    });
    this.studies.set(study, seen);
    return out;
  }

  /** Whether a worker's process is known to be gone. */
  isGone(worker: string | null): boolean {
    const { alive } = this.options;
    return worker !== null && alive(worker) === false;
  }

  /** Whether a worker may still be at work, as far as its name tells. */
  mayLive(worker: string | null): boolean {
    const { alive } = this.options;
    const known = worker === null ? undefined : alive(worker);
    return known === true || known === "elsewhere";
  }
}

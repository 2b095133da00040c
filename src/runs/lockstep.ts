/** How far tasks may go for now: a share of their iterations, growing; Infinity where nobody waits for them. */
export interface Limit {
  readonly now: number;
  /** Calls back whenever it has grown. Gives the function that ends it. */
  listen(listener: (limit: number) => void): () => void;
}

/** Share of their iterations by which the most advanced may lead the least advanced. */
const lead = 0.03;
/** The limit is told anew when it has grown by as much. */
const quantum = 0.005;

/** The limit of tasks that nobody waits for. */
export const unlimited: Limit = { now: Number.POSITIVE_INFINITY, listen: () => () => {} };

/**
 * Keeps runs in step that are compared with one another and train on different threads: none goes further than a little
 * ahead of the least advanced. What it knows is what they have told, so what is seen of them is in step as well.
 */
export class Lockstep implements Limit {
  private readonly shares = new Map<number, number>();
  private readonly listeners = new Set<(limit: number) => void>();
  private window = lead;
  private limit = lead;

  /** @param members numbers of the tasks */
  constructor(members: Iterable<number>) {
    for (const member of members) {
      this.shares.set(member, 0);
    }
  }

  get now(): number {
    return this.limit;
  }

  listen(listener: (limit: number) => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** A task told how many of its iterations are made. */
  saw(member: number, { done, total }: { readonly done: number; readonly total: number }): void {
    if (this.shares.has(member) && total > 0) {
      // One iteration at least, however few there are, of the limit that was told last: it may lack a quantum.
      this.window = Math.max(this.window, 1 / total + quantum);
      this.shares.set(member, done / total);
      this.grow();
    }
  }

  /** A task has ended, however: nobody waits for it. */
  ended(member: number): void {
    this.shares.delete(member);
    this.grow();
  }

  private grow(): void {
    let least = Number.POSITIVE_INFINITY;
    for (const share of this.shares.values()) {
      least = Math.min(least, share);
    }
    const limit = least + this.window;
    if (limit >= this.limit + quantum) {
      this.limit = limit;
      for (const listener of [...this.listeners]) {
        listener(limit);
      }
    }
  }
}

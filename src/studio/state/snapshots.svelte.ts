import type { Snapshot } from "../../core/snapshot.ts";
import { runName } from "../../experiments/series.ts";

/** Snapshots kept of one run, and of all runs together (some 130 kB each); past that every second one of a run goes. */
const most = 120;
const mostOfAll = 480;

/** What was seen inside the networks while they trained: in memory only, by run, in the order of the iterations. */
export class Snapshots {
  private kept = $state.raw<ReadonlyMap<string, readonly Snapshot[]>>(new Map());
  /** Every so many-th snapshot is kept, once a run has more than fit. */
  private readonly strides = new Map<string, { every: number; seen: number }>();

  /** Names of the runs that have been looked into. */
  get runs(): readonly string[] {
    return [...this.kept.keys()];
  }

  of(run: string): readonly Snapshot[] {
    return this.kept.get(run) ?? [];
  }

  add(snapshot: Snapshot): void {
    const name = runName(snapshot);
    const stride = this.strides.get(name) ?? { every: 1, seen: 0 };
    this.strides.set(name, stride);
    if (stride.seen++ % stride.every !== 0) {
      return;
    }
    const kept = new Map(this.kept).set(name, [...this.of(name), snapshot]);
    const limit = Math.min(most, Math.max(8, Math.floor(mostOfAll / kept.size)));
    for (const [run, list] of kept) {
      if (list.length > limit) {
        kept.set(
          run,
          list.filter((_, i) => i % 2 === 0),
        );
        this.strides.get(run)!.every *= 2;
      }
    }
    this.kept = kept;
  }

  clear(): void {
    this.kept = new Map();
    this.strides.clear();
  }
}

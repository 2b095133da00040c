import { every, type Timers } from "../../core/timers.ts";
import type { Lease, StudyStore } from "../../store/studies/study-store.ts";

/**
 * Takes back what other workers lost, and prolongs leases from the main thread, three times within each, whatever the objectives do in theirs.
 * @param leases those that run now
 * @param onStale told of a lease that no longer counts
 * @param options by whose time, the studies to look after, and how many attempts at a trial may be lost
 */
export function keepLeases(
  store: Pick<StudyStore, "heartbeat" | "reclaimExpired">,
  leases: () => readonly Lease[],
  leaseMs: number,
  onStale: (lease: Lease) => void,
  options: {
    readonly timers: Timers;
    readonly studies: () => readonly number[];
    readonly maxAttempts?: number;
  },
): { stop(): void } {
  let beating = false;
  const beat = async () => {
    if (beating) {
      return;
    }
    beating = true;
    try {
      for (const lease of await store.heartbeat(leases(), leaseMs)) {
        onStale(lease);
      }
      const { studies, maxAttempts } = options;
      for (const study of studies()) {
        await store.reclaimExpired(study, { leaseMs, ...(maxAttempts === undefined ? {} : { maxAttempts }) });
      }
    } catch {
      // The trial's next write meets the same trouble and tells of it; until then the next heartbeat tries again.
    } finally {
      beating = false;
    }
  };
  return { stop: every(options.timers, leaseMs / 3, () => void beat()) };
}

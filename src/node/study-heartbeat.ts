import type { Lease, StudyStore } from "../store/study-store.ts";

/**
 * Prolongs leases from the main thread, three times within each, whatever the objectives do in theirs.
 * @param leases those that run now
 * @param onStale told of a lease that no longer counts
 */
export function keepLeases(
  store: Pick<StudyStore, "heartbeat">,
  leases: () => readonly Lease[],
  leaseMs: number,
  onStale: (lease: Lease) => void,
): { stop(): void } {
  let beating = false;
  const timer = setInterval(async () => {
    if (beating) {
      return;
    }
    beating = true;
    try {
      for (const lease of await store.heartbeat(leases(), leaseMs)) {
        onStale(lease);
      }
    } catch {
      // The trial's next write meets the same trouble and tells of it; until then the next heartbeat tries again.
    } finally {
      beating = false;
    }
  }, leaseMs / 3);
  return { stop: () => clearInterval(timer) };
}

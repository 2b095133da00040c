import { wholeNumber } from "../core/checks.ts";
import { waitableTime } from "../core/timers.ts";

/** How long an attempt may be silent, and how often a trial may be begun. @throws HyperError */
export function checkLeases(
  where: string,
  { leaseMs, maxAttempts }: { readonly leaseMs?: number; readonly maxAttempts?: number },
): void {
  waitableTime(where, "leaseMs", leaseMs, 1);
  if (maxAttempts !== undefined) {
    wholeNumber(where, "maxAttempts", maxAttempts, { min: 1 });
  }
}

import { ownTimers, rest, type Timers } from "../../core/timers.ts";
import { tryAgain } from "../retry.ts";
import { isBusy } from "../sqlite-errors.ts";
import { lockPatience } from "./held-writer.ts";

/**
 * Does what needs a run store that another process may hold: again and again, for a minute at most, without holding up
 * anything else. What is done must change nothing when the store refuses it.
 * @param stop asked before each new try: whether nobody wants it any more
 * @param timers the process's own unless told
 * @throws what the action throws; DataError when the store is not free by then
 */
export function whenFree<T>(
  action: () => T,
  stop: () => boolean = () => false,
  timers: Pick<Timers, "after"> = ownTimers,
): Promise<T> {
  const pause = (milliseconds: number) => rest(timers, milliseconds);
  const patience = { totalMs: lockPatience, firstMs: 50, longestMs: 500, random: () => 0.5, pause };
  return tryAgain(
    patience,
    (error) => isBusy(error) && !stop(),
    async () => action(),
  );
}

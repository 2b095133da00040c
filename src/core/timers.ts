import { optionOf, refuse } from "./checks.ts";

/** What time is to code that waits. A process has its own; a simulation moves it by hand. */
export interface Timers {
  /** Milliseconds from any beginning, by a count that nobody sets. */
  monotonic(): number;
  /** Calls `action` once, so many milliseconds later. @returns calls it off */
  after(milliseconds: number, action: () => void): () => void;
}

/** The longest that `setTimeout` waits, 24.8 days: of anything longer it makes one millisecond. */
const longest = 2 ** 31 - 1;

/** Time as this process has it. However long it is: Infinity never comes. */
export const ownTimers: Timers = {
  monotonic: () => performance.now(),
  after(milliseconds, action) {
    let timer: ReturnType<typeof setTimeout>;
    const arm = (left: number) => {
      timer = left > longest ? setTimeout(() => arm(left - longest), longest) : setTimeout(action, left);
    };
    arm(milliseconds);
    return () => clearTimeout(timer);
  },
};

/**
 * Makes sure that a time can be waited for. @param min 0 unless told
 * @throws HyperError on what is no number of milliseconds; Infinity is one
 */
export function waitableTime(where: string, name: string, value: number | undefined, min = 0): void {
  if (value !== undefined && !(typeof value === "number" && value >= min)) {
    refuse(
      optionOf(where, name),
      { en: `a number of milliseconds of ${min} or more`, ja: `${min}以上のミリ秒数` },
      value,
      { en: "Leave it out for the usual time.", ja: "省くと通常の長さになります。" },
    );
  }
}

/** Calls `action` again and again, so many milliseconds apart. @returns ends it */
export function every(timers: Timers, milliseconds: number, action: () => void): () => void {
  let cancel = timers.after(milliseconds, beat);
  function beat() {
    cancel = timers.after(milliseconds, beat);
    action();
  }
  return () => cancel();
}

/** Waits so many milliseconds, or until `signal` aborts. Never rejects. */
export function rest(timers: Pick<Timers, "after">, milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const cancel = timers.after(milliseconds, done);
    if (signal?.aborted === true) {
      done();
    } else {
      signal?.addEventListener("abort", done, { once: true });
    }
  });
}

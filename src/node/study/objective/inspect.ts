import { DataError } from "../../../core/errors.ts";
import { ownTimers } from "../../../core/timers.ts";
import { TrialThread, type TrialThreadOptions } from "../trial/thread.ts";
import { type Declared, nameOf, type ObjectiveRef } from "./objective.ts";

/**
 * Loads an objective in a thread of its own, to see that it loads and what its module exports beside it: one that loops or
 * ends its process takes nothing else with it.
 * @param limits stop it when the person does, or when it has taken too long, in milliseconds
 * @throws DataError or HyperError when it does not load; the signal's reason when that came first
 */
export async function inspectObjective(
  objective: ObjectiveRef,
  options: TrialThreadOptions,
  limits: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<Declared> {
  const { signal, timeoutMs } = limits;
  signal.throwIfAborted();
  const thread = new TrialThread(objective, options);
  let late = false;
  const stop = () => void thread.terminate("it was stopped");
  const callOff =
    timeoutMs === undefined
      ? () => {}
      : ownTimers.after(timeoutMs, () => {
          late = true;
          stop();
        });
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await thread.ready();
  } catch (error) {
    signal.throwIfAborted();
    throw late ? tooSlow(objective, timeoutMs!) : error;
  } finally {
    callOff();
    signal.removeEventListener("abort", stop);
    await thread.terminate("it was only looked at");
  }
}

/** @param ms what it had, in milliseconds */
export function tooSlow(objective: ObjectiveRef, ms: number): DataError {
  return new DataError({
    en: `${nameOf(objective)}: must load within the time-out of ${ms / 1000} s, got a module that still loads. Look for a loop or a wait outside of its functions.`,
    ja: `${nameOf(objective)}: 制限時間 ${ms / 1000} 秒以内に読み込みが終わりませんでした。関数の外に無限ループや待ちがないか確かめてください。`,
  });
}

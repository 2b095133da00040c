import { reasonOf } from "../core/foreign-value.ts";
import { plainNumber } from "../core/plain-json.ts";
import type { TrialRecord } from "../core/trial.ts";
import { trialError } from "../core/trial-errors.ts";
import { plainResult, type TrialEnding } from "./objective-result.ts";

/** How a trial ended, checked: whatever is no number, a value of NaN, and constraints that are missing make it fail. */
export function outcomeOf(
  told: TrialEnding,
  trial: TrialRecord,
  constraints: number,
): { state: "complete" | "pruned" | "failed"; value: number | null; constraints?: readonly number[]; error?: string } {
  const fail = (error: string) => ({ state: "failed" as const, value: null, error });
  const state = stateOf(told);
  if (state === "pruned") {
    return { state, value: trial.intermediate.at(-1)?.value ?? null };
  }
  if (state === "failed") {
    return fail(reasonOf((told as { error: unknown }).error));
  }
  const plain = plainResult(told);
  if ("reason" in plain) {
    return fail(plain.reason);
  }
  const { value, constraints: given } = plain.result;
  if (Number.isNaN(value)) {
    return fail(trialError("noNumber", "NaN"));
  }
  if (given.length !== constraints) {
    return fail(trialError("otherConstraints", `[${given.join(", ")}] (${given.length} / ${constraints})`));
  }
  return {
    state: "complete",
    value: plainNumber(value),
    ...(constraints > 0 ? { constraints: given.map(plainNumber) } : {}),
  };
}

/** The state that was told by hand, if it was. */
function stateOf(told: TrialEnding): "pruned" | "failed" | undefined {
  if (typeof told !== "object" || told === null || !("state" in told)) {
    return undefined;
  }
  return told.state === "pruned" || told.state === "failed" ? told.state : undefined;
}

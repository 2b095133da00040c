import { describeValue, reasonOf } from "../core/foreign-value.ts";
import { trialError } from "../core/trial-errors.ts";
import type { ObjectiveResult } from "./trial.ts";

/** No study has more; a list with holes may say that it is four thousand million long. */
const mostConstraints = 10_000;

/** The number and the constraints of what an objective gave, nothing else of it; or why it is no such thing. Never throws. */
export function plainResult(
  given: unknown,
):
  | { readonly result: { readonly value: number; readonly constraints: readonly number[] } }
  | { readonly reason: string } {
  const refused = (what: string) => ({
    reason: trialError("noNumber", what),
  });
  if (typeof given === "number") {
    return { result: { value: given, constraints: [] } };
  }
  if (given === null || typeof given !== "object") {
    return refused(describeValue(given));
  }
  let value: unknown;
  let constraints: unknown;
  try {
    ({ value, constraints = [] } = given as { value?: unknown; constraints?: unknown });
    constraints =
      Array.isArray(constraints) && constraints.length <= mostConstraints ? Array.from(constraints) : constraints;
  } catch (error) {
    return refused(`an object that cannot be read (${reasonOf(error)})`);
  }
  if (typeof value !== "number") {
    return refused(describeValue(given));
  }
  if (
    !Array.isArray(constraints) ||
    constraints.length > mostConstraints ||
    constraints.some((each) => typeof each !== "number")
  ) {
    const got = describeValue(constraints);
    return { reason: trialError("noConstraints", got) };
  }
  return { result: { value, constraints } };
}

/** How a trial ended, as told by hand. */
export type TrialEnding =
  | ObjectiveResult
  | { readonly state: "pruned" }
  | { readonly state: "failed"; readonly error: string };

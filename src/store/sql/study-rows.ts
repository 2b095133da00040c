import type { Selectable } from "kysely";
import { fromJsonNumber, type JsonNumber, toJsonNumber } from "../../core/json-number.ts";
import { jsonText, plainNumber } from "../../core/plain-json.ts";
import type { Intermediate, SearchSpace, TrialRecord } from "../../core/trial.ts";
import type { StudyRecord } from "../study-store.ts";
import type { StudyRow, TrialRow } from "./tables.ts";

/** The columns that make a TrialRecord. */
export const trialColumns = [
  "number",
  "state",
  "attempt",
  "value",
  "feasible",
  "params",
  "distributions",
  "constraints",
  "attributes",
  "intermediate",
  "error",
  "started_at",
  "finished_at",
] as const;

export type TrialColumns = Pick<TrialRow, (typeof trialColumns)[number]>;

/** The columns that make a StudyRecord. */
export const studyColumns = [
  "id",
  "name",
  "direction",
  "seed",
  "sampler",
  "pruner",
  "space",
  "objective",
  "constraints",
  "created_at",
] as const;

export type StudyColumns = Pick<Selectable<StudyRow>, (typeof studyColumns)[number]>;

export function readStudy(row: StudyColumns): StudyRecord {
  return {
    id: row.id,
    name: row.name,
    direction: row.direction,
    seed: row.seed,
    sampler: JSON.parse(row.sampler),
    pruner: JSON.parse(row.pruner),
    space: JSON.parse(row.space),
    objective: JSON.parse(row.objective),
    constraints: row.constraints,
    createdAt: row.created_at,
  };
}

/** Reads the space of one trial after the other: equal ones, as most are, once. */
export function spaceReader(): (text: string) => SearchSpace {
  const known = new Map<string, SearchSpace>();
  return (text) => {
    let space = known.get(text);
    if (space === undefined) {
      space = JSON.parse(text) as SearchSpace;
      if (known.size < 100) {
        known.set(text, space);
      }
    }
    return space;
  };
}

/** @param reported what a running trial's attempt has reported; a finished trial's row holds its own */
export function readTrial(
  row: TrialColumns,
  reported: readonly Intermediate[] = [],
  spaceOf: (text: string) => SearchSpace = JSON.parse,
): TrialRecord {
  // Most of what looks at a study of many trials needs no reports: they are read when somebody does.
  let intermediate: readonly Intermediate[] | undefined;
  const { intermediate: packed } = row;
  return {
    number: row.number,
    state: row.state,
    value: row.value,
    params: JSON.parse(row.params),
    distributions: spaceOf(row.distributions),
    get intermediate() {
      intermediate ??= packed === null ? reported : unpackIntermediate(packed);
      return intermediate;
    },
    ...(row.constraints === null ? {} : { constraints: unpackConstraints(row.constraints, row.feasible) }),
    attributes: JSON.parse(row.attributes),
    attempt: row.attempt,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    ...(row.error === null ? {} : { error: row.error }),
  };
}

/** Steps and values as one short text. */
export function packIntermediate(values: readonly Intermediate[]): string {
  return jsonText([values.map(({ step }) => step), values.map(({ value }) => value)]);
}

export function unpackIntermediate(text: string): Intermediate[] {
  const [steps, values] = JSON.parse(text) as [number[], (JsonNumber | null)[]];
  return steps.map((step, i) => {
    const value = values[i];
    return { step, value: value === null ? null : fromJsonNumber(value, "intermediate") };
  });
}

/** Constraints as one text. */
export function packConstraints(constraints: readonly number[]): string {
  return JSON.stringify(constraints.map(toJsonNumber));
}

/** Tanren 0.1 wrote null for ±Infinity; which of them it was, the trial's feasibility tells. */
function unpackConstraints(text: string, feasible: number | null): number[] {
  const lost = feasible === 1 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return (JSON.parse(text) as (JsonNumber | null)[]).map((value) =>
    value === null ? lost : fromJsonNumber(value, "constraints"),
  );
}

/** A number as a column takes it: what is not a number is null. */
export function orNull(value: number | null): number | null {
  return value === null || Number.isNaN(value) ? null : plainNumber(value);
}

import type { Selectable } from "kysely";
import type { Intermediate, TrialRecord } from "../../core/trial.ts";
import type { StudyRecord, StudySpec } from "../study-store.ts";
import type { StudyRow, TrialRow } from "./tables.ts";

/** The columns that make a TrialRecord. */
export const trialColumns = [
  "number",
  "state",
  "attempt",
  "value",
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

/** The settings of a study as its row holds them; equal text is equal settings. */
export function studyTexts(spec: StudySpec) {
  return {
    direction: spec.direction,
    seed: spec.seed,
    sampler: canonical(spec.sampler),
    pruner: canonical(spec.pruner),
    // The order in which parameters are declared is part of a space: samplers draw in it.
    space: JSON.stringify(spec.space),
    objective: canonical(spec.objective),
    constraints: spec.constraints,
  };
}

/** JSON with the keys of objects in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

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

/** @param reported what a running trial's attempt has reported; a finished trial's row holds its own */
export function readTrial(row: TrialColumns, reported: readonly Intermediate[] = []): TrialRecord {
  return {
    number: row.number,
    state: row.state,
    value: row.value,
    params: JSON.parse(row.params),
    distributions: JSON.parse(row.distributions),
    intermediate: row.intermediate === null ? reported : unpackIntermediate(row.intermediate),
    ...(row.constraints === null ? {} : { constraints: JSON.parse(row.constraints) }),
    attributes: JSON.parse(row.attributes),
    attempt: row.attempt,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
    ...(row.error === null ? {} : { error: row.error }),
  };
}

/** Steps and values as one short text; JSON has no infinities, so they are words. */
export function packIntermediate(values: readonly Intermediate[]): string {
  return JSON.stringify([
    values.map(({ step }) => step),
    values.map(({ value }) => (value === Infinity || value === -Infinity ? String(value) : value)),
  ]);
}

export function unpackIntermediate(text: string): Intermediate[] {
  const [steps, values] = JSON.parse(text) as [number[], (number | string | null)[]];
  return steps.map((step, i) => {
    const value = values[i];
    return { step, value: typeof value === "string" ? Number(value) : value };
  });
}

/** A number as a column takes it: what is not a number is null. */
export function orNull(value: number | null): number | null {
  return value === null || Number.isNaN(value) ? null : value;
}

import type { Selectable } from "kysely";
import { DataError } from "../../core/errors.ts";
import { fromJsonNumber, type JsonNumber, toJsonNumber } from "../../core/json-number.ts";
import { jsonText, plainNumber } from "../../core/plain-json.ts";
import { type Intermediate, type SearchSpace, type TrialRecord, trialStates } from "../../core/trial.ts";
import { trialError } from "../../core/trial-errors.ts";
import type { DamagedStudy, StudyRecord } from "./study-store.ts";
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

/** A study whose row cannot be read; the others can. */
export class DamagedStudyError extends DataError {
  readonly damaged: DamagedStudy;

  constructor(damaged: DamagedStudy, ja: string = damaged.reason) {
    super({
      en: `study ${damaged.name}: its row in the store must be readable, got ${damaged.reason}. Restore a copy of the store, or delete this study; the others are not concerned.`,
      ja: `study ${damaged.name}: ストアにある study の行を読めません(${ja})。ストアの控えを復元するか、この study を削除してください。ほかの study には影響ありません。`,
    });
    this.damaged = damaged;
  }
}

/** @throws DamagedStudyError */
export function readStudy(row: StudyColumns): StudyRecord {
  const parsed = (column: "sampler" | "pruner" | "space" | "objective") => {
    try {
      return JSON.parse(row[column]);
    } catch {
      throw new DamagedStudyError(
        { name: row.name, reason: `a ${column} that is no JSON` },
        `${column} が JSON ではありません`,
      );
    }
  };
  const { id, name, direction, seed, constraints, created_at: createdAt } = row;
  const space = parsed("space");
  if (typeof space !== "object" || Array.isArray(space)) {
    throw new DamagedStudyError({ name, reason: "a space that is no object" }, "space がオブジェクトではありません");
  }
  return {
    ...{ id, name, direction, seed, constraints, createdAt, space },
    ...{ sampler: parsed("sampler"), pruner: parsed("pruner"), objective: parsed("objective") },
  };
}

/** Those that can be read; the others are handed to `onDamaged`. */
export function readable<Row extends StudyColumns>(
  rows: readonly Row[],
  onDamaged?: (damaged: DamagedStudy) => void,
): { readonly row: Row; readonly study: StudyRecord }[] {
  return rows.flatMap((row) => {
    try {
      return [{ row, study: readStudy(row) }];
    } catch (error) {
      if (!(error instanceof DamagedStudyError)) {
        throw error;
      }
      onDamaged?.(error.damaged);
      return [];
    }
  });
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

/**
 * A trial whose row cannot be read keeps its place as a failed one that says so: others finished after it, and samplers
 * have counted it.
 * @param reported what a running trial's attempt has reported; a finished trial's row holds its own
 */
export function readTrial(
  row: TrialColumns,
  reported: readonly Intermediate[] = [],
  spaceOf: (text: string) => SearchSpace = JSON.parse,
): TrialRecord {
  try {
    return wholeTrial(row, reported, spaceOf);
  } catch {
    return {
      ...{ number: row.number, state: "failed", value: null, attempt: row.attempt },
      ...{ params: {}, distributions: {}, intermediate: [], attributes: {} },
      ...{ startedAt: row.started_at, finishedAt: row.finished_at },
      error: trialError("damaged"),
    };
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** @throws an error of any kind on a damaged row */
function wholeTrial(
  row: TrialColumns,
  reported: readonly Intermediate[],
  spaceOf: (text: string) => SearchSpace,
): TrialRecord {
  const value: unknown = row.value;
  if (value === null ? row.state === "complete" : typeof value !== "number") {
    throw new DataError({
      en: "store: a complete trial must have a number, got another value.",
      ja: "store: 完了した試行の値が数値ではありません。",
    });
  }
  const { intermediate: packed } = row;
  if (packed !== null && !(packed.startsWith("[[") && packed.endsWith("]]"))) {
    throw new DataError({
      en: "store: a trial's reports must be two lists, got another text.",
      ja: "store: 試行の途中経過が2つのリストになっていません。",
    });
  }
  const trial: Mutable<TrialRecord> = {
    number: row.number,
    // The word of the code: to compare one that came with the row means to read its letters, each time.
    state: trialStates.find((state) => state === row.state) ?? row.state,
    value: row.value,
    params: objectOf(JSON.parse(row.params)),
    distributions: objectOf(spaceOf(row.distributions)),
    intermediate: reported,
    attributes: row.attributes === "{}" ? {} : objectOf(JSON.parse(row.attributes)),
    attempt: row.attempt,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
  if (row.constraints !== null) {
    trial.constraints = unpackConstraints(row.constraints, row.feasible);
  }
  if (row.error !== null) {
    trial.error = row.error;
  }
  if (packed !== null) {
    // Most of what looks at a study of many trials needs no reports: they are read when somebody does.
    let intermediate: readonly Intermediate[] | undefined;
    Object.defineProperty(trial, "intermediate", {
      enumerable: true,
      get: () => {
        intermediate ??= reportsOf(packed);
        return intermediate;
      },
    });
  }
  return trial;
}

/** Whether what a trial draws and notes can be read. */
export function isReadable(row: Pick<TrialRow, "params" | "distributions" | "attributes">): boolean {
  try {
    for (const text of [row.params, row.distributions, row.attributes]) {
      objectOf(JSON.parse(text));
    }
    return true;
  } catch {
    return false;
  }
}

/** Reports of a trial that has its result; damaged ones cost it no more than themselves. */
function reportsOf(packed: string): readonly Intermediate[] {
  try {
    return unpackIntermediate(packed);
  } catch {
    return [];
  }
}

/** @throws DataError when it is no object */
function objectOf<T>(value: T): T {
  if (value === null || typeof value !== "object" || Array.isArray(value)) {
    throw new DataError({
      en: "store: a trial's parameters must be an object, got another value.",
      ja: "store: 試行のパラメータがオブジェクトではありません。",
    });
  }
  return value;
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

import { DataError } from "./errors.ts";
import { fromJsonNumber, type JsonNumber, toJsonNumber } from "./json-number.ts";
import { isObject } from "./json-shape.ts";
import { type Intermediate, type TrialRecord, trialStates } from "./trial.ts";

/** A trial as JSON holds it, in `study.json` and between a server and a page: numbers that JSON has not are words. */
export type TrialJson = Omit<TrialRecord, "value" | "intermediate" | "constraints"> & {
  readonly value: JsonNumber | null;
  readonly intermediate: readonly { readonly step: number; readonly value: JsonNumber }[];
  readonly constraints?: readonly JsonNumber[];
};

export function toTrialJson({ value, intermediate, constraints, ...rest }: TrialRecord): TrialJson {
  return {
    ...rest,
    value: value === null ? null : toJsonNumber(value),
    intermediate: intermediate.map(({ step, value }) => ({ step, value: toJsonNumber(value ?? Number.NaN) })),
    ...(constraints === undefined ? {} : { constraints: constraints.map(toJsonNumber) }),
  };
}

/** A study's summary as JSON holds it. */
export function toSummaryJson<T extends { readonly best: { readonly number: number; readonly value: number } | null }>({
  best,
  ...rest
}: T): SummaryJson<T> {
  return { ...rest, best: best === null ? null : { number: best.number, value: toJsonNumber(best.value) } };
}

/** Whatever names the best trial, for JSON. */
export type SummaryJson<T> = Omit<T, "best"> & {
  readonly best: { readonly number: number; readonly value: JsonNumber } | null;
};

/**
 * The trial that {@link toTrialJson} was given; of a file of Tanren 0.1, null stands for a number that JSON has not.
 * @throws DataError when `given` is no trial
 */
export function fromTrialJson(given: unknown): TrialRecord {
  const trial = (given ?? {}) as Partial<TrialJson>;
  const { number, state, value = null, params, distributions, intermediate = [], constraints } = trial;
  if (
    !Number.isSafeInteger(number) ||
    !(trialStates as readonly unknown[]).includes(state) ||
    !isObject(params) ||
    !isObject(distributions) ||
    !Array.isArray(intermediate) ||
    !(constraints === undefined || Array.isArray(constraints))
  ) {
    const shown = JSON.stringify(number) ?? "none";
    throw new DataError({
      en: `trial: must have a number, a state, params and distributions, got number ${shown}. Export it anew.`,
      ja: `trial: number、state、params、distributions が必要です(number: ${shown})。書き出し直してください。`,
    });
  }
  const { attributes, attempt, startedAt, finishedAt } = trial;
  const where = `trial ${number}`;
  return {
    ...(trial as TrialRecord),
    value: value === null ? null : fromJsonNumber(value, `${where} value`),
    intermediate: intermediate.map((entry) => intermediateOf(entry, where)),
    ...(constraints === undefined
      ? {}
      : { constraints: constraints.map((each) => orNan(each, `${where} constraints`)) }),
    attributes: isObject(attributes) ? (attributes as TrialRecord["attributes"]) : {},
    attempt: attempt ?? 1,
    startedAt: startedAt ?? null,
    finishedAt: finishedAt ?? null,
  };
}

function intermediateOf(entry: unknown, where: string): Intermediate {
  const { step, value } = (entry ?? {}) as { step?: unknown; value?: unknown };
  if (!Number.isSafeInteger(step)) {
    const shown = JSON.stringify(step) ?? "none";
    throw new DataError({
      en: `${where} intermediate: must have whole numbers as steps, got ${shown}. Export it anew.`,
      ja: `${where} intermediate: step は整数でなければなりません(現在は ${shown})。書き出し直してください。`,
    });
  }
  const number = orNan(value, `${where} intermediate`);
  return { step: step as number, value: Number.isNaN(number) ? null : number };
}

function orNan(value: unknown, name: string): number {
  return value === null ? Number.NaN : fromJsonNumber(value, name);
}

import { csvText } from "../../core/csv.ts";
import { jsonText } from "../../core/plain-json.ts";
import type { TrialRecord } from "../../core/trial.ts";
import { parametersOf } from "./parameter.ts";

const own = ["number", "state", "value", "attempt", "started", "finished", "seconds", "error"];

/**
 * A row a trial: `number,state,value,<parameters>,constraint:0 …,note:<name> …,attempt,started,finished,seconds,error`;
 * columns of constraints and notes only where there are some. Times in ISO 8601, UTC; a constraint ≤ 0 is met; a note that
 * is neither text nor a number is JSON. A parameter named as one of the other columns is written `param:<name>`; text that
 * a spreadsheet would run as a formula has an apostrophe before it.
 */
export function trialsCsv(trials: readonly TrialRecord[]): string {
  const names = parametersOf(trials).map(({ name }) => name);
  const constraints = trials.reduce((most, trial) => Math.max(most, trial.constraints?.length ?? 0), 0);
  const notes = new Set<string>();
  for (const { attributes } of trials) {
    for (const name of Object.keys(attributes)) {
      if (!isKeptBySearch(name)) {
        notes.add(name);
      }
    }
  }
  const head = [
    ...own.slice(0, 3),
    ...names.map((name) => (own.includes(name) || /^(param|constraint|note):/.test(name) ? `param:${name}` : name)),
    ...Array.from({ length: constraints }, (_, i) => `constraint:${i}`),
    ...[...notes].map((name) => `note:${name}`),
    ...own.slice(3),
  ];
  return csvText(rows());

  function* rows() {
    yield head;
    for (const trial of trials) {
      const { number, state, value, params, attributes, attempt, startedAt, finishedAt, error } = trial;
      yield [
        number,
        state,
        value,
        ...names.map((name) => (Object.hasOwn(params, name) ? (params[name] ?? "null") : null)),
        ...Array.from({ length: constraints }, (_, i) => trial.constraints?.[i] ?? null),
        ...Array.from(notes, (name) => (Object.hasOwn(attributes, name) ? noteCell(attributes[name]) : null)),
        attempt,
        time(startedAt),
        time(finishedAt),
        startedAt === null || finishedAt === null ? null : (finishedAt - startedAt) / 1000,
        error ?? null,
      ];
    }
  }
}

/** What samplers and pruners keep with a trial, to go on from. */
function isKeptBySearch(name: string): boolean {
  return name === "seen" || /^(sampler|pruner):/.test(name);
}

function noteCell(note: unknown): string | number {
  return typeof note === "string" || typeof note === "number" ? note : jsonText(note);
}

function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}

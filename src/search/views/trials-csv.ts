import type { TrialRecord } from "../../core/trial.ts";
import { parametersOf } from "./parameter.ts";

/**
 * A row a trial: `number,state,value,<parameters>,attempt,started,finished,seconds,error`, times in ISO 8601. A parameter
 * named as one of the other columns is written `param:<name>`.
 */
export function trialsCsv(trials: readonly TrialRecord[]): string {
  const own = ["number", "state", "value", "attempt", "started", "finished", "seconds", "error"];
  const names = parametersOf(trials).map(({ name }) => name);
  const head = [
    ...own.slice(0, 3),
    ...names.map((name) => (own.includes(name) ? `param:${name}` : name)),
    ...own.slice(3),
  ];
  const time = (milliseconds: number | null) => (milliseconds === null ? "" : new Date(milliseconds).toISOString());
  const rows = trials.map(({ number, state, value, params, attempt, startedAt, finishedAt, error }) => [
    number,
    state,
    value ?? "",
    ...names.map((name) => (Object.hasOwn(params, name) ? params[name] : "")),
    attempt,
    time(startedAt),
    time(finishedAt),
    startedAt === null || finishedAt === null ? "" : (finishedAt - startedAt) / 1000,
    error ?? "",
  ]);
  return `${[head, ...rows].map((row) => row.map((cell) => field(String(cell))).join(",")).join("\n")}\n`;
}

function field(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

import type { OpenModel } from "./open-model.svelte.ts";

/** One line of an answer: a class or answer with its probability, or a target with its value. */
export interface ToldRow {
  readonly name: string;
  /** A fraction; null of numbers. */
  readonly probability: number | null;
  readonly value: number | null;
  /** The class told, or an answer that is yes. */
  readonly told: boolean;
}

/** A row as a person gave it. */
export type AskedRow = Record<string, string> | readonly number[] | Uint8Array;

/** What a model tells of one row. @throws TanrenError on a row unlike those it learnt from */
export function toldRows({ model, state }: OpenModel, row: AskedRow): ToldRow[] {
  const { targets } = state;
  const { predict } = model as { predict(questions: unknown): unknown };
  const asked =
    row instanceof Uint8Array
      ? { images: { data: row, count: 1, width: row.length } }
      : Array.isArray(row)
        ? { x: [row] }
        : [row];
  const [answer] = predict.call(model, asked) as {
    class: string;
    probabilities: Record<string, number>;
    answers: Record<string, boolean>;
    values: Record<string, number>;
  }[];
  switch (targets.kind) {
    case "classes":
      return targets.classNames.map((name) => ({
        name,
        probability: answer.probabilities[name],
        value: null,
        told: name === answer.class,
      }));
    case "labels":
      return targets.names.map((name) => ({
        name,
        probability: answer.probabilities[name],
        value: null,
        told: answer.answers[name],
      }));
    case "numbers":
      return targets.names.map((name) => ({ name, probability: null, value: answer.values[name], told: true }));
  }
}

import type { ModelColumn, ModelInputs } from "../../model/model-state.ts";

/** One field of a form that a row is typed into. */
export interface RowField {
  readonly name: string;
  readonly kind: ModelColumn["kind"];
  /** Of a category. */
  readonly words: readonly string[];
  /** What the form begins with: a row as those the model learnt from were on average. */
  readonly first: string;
}

/** More columns than a form has room for. */
export const mostFields = 200;

/** The fields of a model's table, in order; of numbers alone: one for all of them. */
export function rowFields({ columns, scales, decimal }: ModelInputs): RowField[] {
  let at = 0;
  return columns.map(({ name, kind, words = [], fill }) => {
    const mean = scales?.mean[at] ?? 0;
    // Dates that lie days apart are days to a person.
    const days = (scales?.std[at] ?? 0) >= 86_400;
    at += Math.max(1, words.length);
    const first = firstOf(kind, words, fill, { mean, days });
    // As the model's tables write it: what is typed is read so too.
    return { name, kind, words, first: kind === "number" && decimal === "comma" ? first.replace(".", ",") : first };
  });
}

function firstOf(
  kind: RowField["kind"],
  words: readonly string[],
  fill: ModelColumn["fill"],
  { mean, days }: { readonly mean: number; readonly days: boolean },
): string {
  switch (kind) {
    case "category":
      return typeof fill === "string" ? fill : (words[0] ?? "");
    case "boolean":
      return "true";
    case "date":
      return new Date(Math.round(mean) * 1000).toISOString().slice(0, days ? 10 : 19);
    default:
      return String(Number(mean.toPrecision(4)));
  }
}

/** Numbers typed in one line, parted by commas, blanks or tabs; null where one of them is none. */
export function numbersOf(text: string): number[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== "");
  const numbers = words.map(Number);
  return numbers.length === 0 || numbers.some((number) => !Number.isFinite(number)) ? null : numbers;
}

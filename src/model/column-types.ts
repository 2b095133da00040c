import type { ColumnKind } from "../data/csv/read-options.ts";
import type { AnyRow } from "./row.ts";

/** What a column holds: numbers, yes or no, dates, words, or one of the words listed. */
export type ColumnType = ColumnKind | readonly string[];

/** Columns by name; those that are not named are not used. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;

/** What a cell of such a column is. */
export type CellOf<C extends ColumnType> = C extends "number"
  ? number
  : C extends "boolean"
    ? boolean
    : C extends "date"
      ? Date | string
      : C extends readonly (infer W)[]
        ? W
        : string;

/** A row of such columns. */
export type RowOf<C extends ColumnTypes> = { readonly [K in keyof C]: CellOf<C[K]> };

/** What is told of rows `R` by their column `T`: its words where they are known. */
export type ToldOf<R, T> = T extends keyof R ? (R[T] extends string ? R[T] : string) : string;

/** A row without what is told of it. */
export type AskedOf<R, T> = string extends T ? AnyRow : Omit<R, T & PropertyKey>;

/** The reader's options of declared columns. */
export function declaredColumns(columns: ColumnTypes, targets: readonly string[], weights: string | undefined) {
  const entries = Object.entries(columns);
  const beside = [...targets, ...(weights === undefined ? [] : [weights])];
  return {
    features: entries.map(([name]) => name).filter((name) => !beside.includes(name)),
    kinds: Object.fromEntries(
      entries
        .filter(([name]) => !beside.includes(name))
        .map(([name, type]): [string, ColumnKind] => [name, typeof type === "string" ? type : "category"]),
    ),
    words: Object.fromEntries(
      entries.filter((entry): entry is [string, readonly string[]] => typeof entry[1] !== "string"),
    ),
  };
}

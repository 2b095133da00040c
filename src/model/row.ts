/** A cell of a row that a program made. */
export type Cell = string | number | bigint | boolean | Date | null | undefined;

/** A row by the names of its columns. */
export type Row = Readonly<Record<string, Cell>>;

/** A row of a table whose columns are not declared. Columns named as the other forms of data, `x` and `images`, are cells too. */
export interface AnyRow {
  readonly [column: string]: unknown;
  readonly x?: Cell;
  readonly images?: Cell;
}

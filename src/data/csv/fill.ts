import { isAbsent } from "./column-facts.ts";
import type { Decimal } from "./numeral.ts";
import { type InputColumn, writeInputs } from "./table-schema.ts";

/** What stands in for a missing value of a column: the mean of its numbers or dates, its most frequent word or answer. */
export function fillOf(column: InputColumn, cells: readonly string[], decimal: Decimal): number | string | null {
  const present = cells.filter((cell) => !isAbsent(cell, column.absent));
  if (present.length === 0) {
    return null;
  }
  if (column.words !== undefined || column.kind === "boolean") {
    const counts = new Map<string, number>();
    for (const cell of present) {
      counts.set(cell, (counts.get(cell) ?? 0) + 1);
    }
    const [word] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
    return column.words === undefined ? numberIn(column, word, decimal) : word;
  }
  const values = present.map((cell) => numberIn(column, cell, decimal)).filter(Number.isFinite);
  // Each by itself: dates in seconds and numbers near the end of float64 do not overflow the sum.
  return values.reduce((mean, value, i) => mean + (value - mean) / (i + 1), 0);
}

function numberIn(column: InputColumn, cell: string, decimal: Decimal): number {
  const value = new Float64Array(1);
  writeInputs(column, cell, decimal, value, 0, null);
  return value[0];
}

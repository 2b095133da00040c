/** What a spreadsheet would take for a formula: text that begins so is written with an apostrophe before it. */
const formula = /^'*[=+\-@\t\r]/;
const guarded = /^''*[=+\-@\t\r]/;

/**
 * A cell of the tables that Tanren writes (RFC 4180, comma). Numbers stay numbers, ±Infinity and NaN among them; null is
 * an empty cell. Text that a spreadsheet would run as a formula gets an apostrophe before it, which {@link csvRows} takes
 * away again.
 */
export function csvCell(cell: string | number | boolean | null): string {
  if (typeof cell !== "string") {
    return cell === null ? "" : String(cell);
  }
  // A class such as "-1" is a number to a spreadsheet, and runs nothing.
  const text = formula.test(cell) && !isNumeral(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The lines of a table, each with its end. */
export function csvText(rows: Iterable<readonly (string | number | boolean | null)[]>): string {
  const lines: string[] = [];
  for (const row of rows) {
    lines.push(`${row.map(csvCell).join(",")}\n`);
  }
  return lines.join("");
}

/**
 * The cells of a table that {@link csvText} wrote, as text: quotes undone, apostrophes before formulas taken away. In tables
 * of others a quote within a cell is one like any sign, and the last line may have no end.
 */
export function csvRows(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^,\n]*))(,|\n|$)/y;
  while (cell.lastIndex < text.length) {
    // It fits everywhere: what is no cell in quotes is one without.
    const [, quoted, plain, end] = cell.exec(text)!;
    const value = quoted === undefined ? plain : quoted.replaceAll('""', '"');
    row.push(guarded.test(value) ? value.slice(1) : value);
    if (end !== ",") {
      rows.push(row);
      row = [];
    }
  }
  if (row.length > 0) {
    rows.push([...row, ""]);
  }
  return rows;
}

/** Whether a text is a number as programs write it: a point, no grouping, no blanks; the same number in every table. */
export function isNumeral(text: string): boolean {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text);
}

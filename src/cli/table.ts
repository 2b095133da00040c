import type { ResultTable } from "../experiments/experiment.ts";
import { displayWidth, padEnd, padStart } from "../figure/text-width.ts";
import type { CliContext } from "./context.ts";

/** Numbers with the digits a reader needs: 4 significant, whole numbers whole; – for what is missing. */
export function formatCell(cell: string | number | null): string {
  if (cell === null) {
    return "–";
  }
  if (typeof cell === "string" || Number.isInteger(cell)) {
    return String(cell);
  }
  const size = Math.abs(cell);
  return size >= 1e-3 && size < 1e6
    ? cell.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size))))
    : cell.toExponential(2);
}

/** The lines of a table, its numbers to the right. */
export function tableLines({ columns, rows }: ResultTable, context: Pick<CliContext, "text">): string[] {
  const head = columns.map((column) => context.text(column));
  const cells = rows.map((row) => row.map(formatCell));
  const widths = head.map((title, j) => Math.max(displayWidth(title), ...cells.map((row) => displayWidth(row[j]))));
  const numeric = head.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, j) => (numeric[j] ? padStart(cell, widths[j]) : padEnd(cell, widths[j]))).join("  ")}`.trimEnd();
  return [line(head), `  ${widths.map((width) => "─".repeat(width)).join("  ")}`, ...cells.map(line)];
}

import { largestOf } from "../core/long-lists.ts";
import { printable } from "../core/printable.ts";
import { formatCell } from "../figure/format-cell.ts";
import { displayWidth, padEnd, padStart } from "../figure/text-width.ts";
import type { ResultTable } from "../runs/experiment.ts";
import type { CliContext } from "./context.ts";

/** The lines of a table, its numbers to the right. */
export function tableLines({ columns, rows }: ResultTable, context: Pick<CliContext, "text" | "language">): string[] {
  const head = columns.map((column) => printable(context.text(column)));
  const cells = rows.map((row) => row.map((cell) => printable(formatCell(cell, context.language))));
  const widths = head.map((title, j) =>
    largestOf(
      cells.map((row) => displayWidth(row[j])),
      displayWidth(title),
    ),
  );
  const numeric = head.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  const line = (row: readonly string[]) =>
    `  ${row.map((cell, j) => (numeric[j] ? padStart(cell, widths[j]) : padEnd(cell, widths[j]))).join("  ")}`.trimEnd();
  return [line(head), `  ${widths.map((width) => "─".repeat(width)).join("  ")}`, ...cells.map(line)];
}

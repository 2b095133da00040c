import { largestOf } from "../core/long-lists.ts";
import { printable } from "../core/printable.ts";
import { formatCell } from "../figure/format-cell.ts";
import { displayWidth, leastWidth, padEnd, padStart, wrapped } from "../figure/text-width.ts";
import type { ResultTable } from "../runs/experiment.ts";
import type { CliContext } from "./context.ts";

/** The lines of a table, its numbers to the right. In a narrower terminal its texts go on below, within their columns. */
export function tableLines(
  { columns, rows }: ResultTable,
  context: Pick<CliContext, "text" | "language" | "live" | "columns">,
): string[] {
  const head = columns.map((column) => printable(context.text(column)));
  const cells = rows.map((row) => row.map((cell) => printable(formatCell(cell, context.language))));
  const texts = head.map((title, j) => [title, ...cells.map((row) => row[j])]);
  // What a program reads is one line a row, however long.
  const room = context.live ? context.columns - margin.length : Number.POSITIVE_INFINITY;
  const { gap, breaks, widths } = layoutOf(texts, room);
  const numeric = head.map((_, j) => rows.some((row) => typeof row[j] === "number"));
  const joined = (row: readonly string[]) => `${margin}${row.join(" ".repeat(gap))}`.trimEnd();
  const line = (row: readonly string[]) =>
    joined(row.map((cell, j) => (numeric[j] ? padStart(cell, widths[j]) : padEnd(cell, widths[j]))));
  const linesOf = (row: readonly string[]) => {
    const parts = row.map((cell, j) => (displayWidth(cell) <= widths[j] ? [cell] : wrapped(cell, widths[j], breaks)));
    const height = largestOf(parts.map((lines) => lines.length));
    return Array.from({ length: height }, (_, i) => line(parts.map((lines) => lines[i] ?? "")));
  };
  return [...linesOf(head), joined(widths.map((width) => "─".repeat(width))), ...cells.flatMap(linesOf)];
}

/** Prints them. */
export function printTable(table: ResultTable, context: CliContext): void {
  for (const line of tableLines(table, context)) {
    context.print(line);
  }
}

const margin = "  ";

interface Layout {
  /** Terminal cells between two columns. */
  readonly gap: number;
  /** Where texts may break. */
  readonly breaks: "words" | "parts";
  readonly widths: readonly number[];
}

/** The roomiest layout that fits; where none does, the closest. @param texts of each column, its title among them */
function layoutOf(texts: readonly (readonly string[])[], room: number): Layout {
  const natural = texts.map((column) => largestOf(column.map(displayWidth)));
  const within = (gap: number, breaks: Layout["breaks"]): Layout => {
    // What stands first names the row, and is what one copies.
    const least = texts.map((column, j) =>
      largestOf(column.map((text) => leastWidth(text, j === 0 ? "words" : breaks))),
    );
    return { gap, breaks, widths: narrowed(natural, least, room - gap * (texts.length - 1)) };
  };
  const roomy = within(2, "words");
  return totalOf(roomy.widths) + 2 * (texts.length - 1) <= room ? roomy : within(1, "parts");
}

/** Widths that take at most `room` together, if their least ones do: none is wider than another that gave. */
function narrowed(natural: readonly number[], least: readonly number[], room: number): number[] {
  const under = (cap: number) => natural.map((width, j) => Math.min(width, Math.max(least[j], cap)));
  let [low, high] = [0, largestOf(natural, 0)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    [low, high] = totalOf(under(middle)) <= room ? [middle, high] : [low, middle - 1];
  }
  const widths = under(low);
  let spare = room - totalOf(widths);
  return widths.map((width, j) => (width < natural[j] && spare-- > 0 ? width + 1 : width));
}

const totalOf = (widths: readonly number[]) => widths.reduce((sum, width) => sum + width, 0);

import { booleansOf } from "./boolean-text.ts";
import { shortened } from "./csv-error.ts";
import type { CsvTable } from "./csv-reader.ts";
import { dateOf } from "./date-text.ts";
import { type Decimal, isLoss, numberOf, unitOf } from "./numeral.ts";

/** Rows that are looked at. */
const looked = 1000;

/**
 * Whether the first row names the columns. Each column votes: a word above numbers, dates or answers is a name; a number
 * among the numbers below, or a word that comes again below, is a value; a word that stands once above words that come
 * again and again is a name. Where nothing tells, a row without numbers is a header.
 */
export function looksHeaded(table: CsvTable, decimal: Decimal): boolean {
  const { cells, columns, rows } = table;
  const end = Math.min(rows, looked);
  let votes = 0;
  for (let j = 0; j < columns; j++) {
    const below: string[] = [];
    for (let row = 1; row < end; row++) {
      if (cells[row * columns + j] !== "") {
        below.push(cells[row * columns + j]);
      }
    }
    votes += voteOf(cells[j], below, decimal);
  }
  const top = cells.slice(0, columns);
  const numbers = top.filter((cell) => isPlainNumber(cell, decimal) && unitOf(cell, decimal) === "");
  if (numbers.length === columns) {
    return counted(numbers.map((cell) => numberOf(cell, decimal))) && votes > -columns;
  }
  return votes > 0 || (votes === 0 && numbers.length === 0);
}

function voteOf(top: string, below: readonly string[], decimal: Decimal): number {
  if (top === "" || below.length === 0) {
    return 0;
  }
  const numbers = below.map((cell) => numberOf(cell, decimal)).filter(Number.isFinite);
  const unit = unitOf(top, decimal);
  // "25%" above plain numbers is a name, and "(3)" above any.
  const isValue = isPlainNumber(top, decimal) && (unit === "" || below.some((cell) => unitOf(cell, decimal) === unit));
  const own = isValue ? numberOf(top, decimal) : Number.NaN;
  if (2 * numbers.length > below.length) {
    if (!Number.isFinite(own)) {
      return isPlaceholder(top) ? 0 : 2;
    }
    const low = numbers.reduce((least, x) => Math.min(least, x), Number.POSITIVE_INFINITY);
    const high = numbers.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
    if (own >= low && own <= high) {
      return -1;
    }
    return Number.isInteger(own) && !numbers.every(Number.isInteger) ? 0.5 : -0.25;
  }
  const isDate = (cell: string) => (dateOf(cell, "mdy") ?? dateOf(cell, "dmy")) !== null;
  if (2 * below.filter(isDate).length > below.length) {
    return isDate(top) ? -1 : 2;
  }
  const distinct = new Set(below);
  if (distinct.has(top)) {
    return -2;
  }
  if (Number.isFinite(own)) {
    return 0;
  }
  if (booleansOf(distinct) !== null) {
    return booleansOf([...distinct, top]) === null ? 2 : -1;
  }
  return 3 * distinct.size <= below.length ? 1.5 : 0;
}

function isPlainNumber(cell: string, decimal: Decimal): boolean {
  return Number.isFinite(numberOf(cell, decimal)) && !isLoss(cell, decimal);
}

function isPlaceholder(cell: string): boolean {
  return /^(?:na|n\/a|nan|null|none|\?|-)$/i.test(cell);
}

/** 0, 1, 2, … as programs number columns, or years in a row. */
function counted(values: readonly number[]): boolean {
  return values.length >= 3 && values.every((value, i) => Number.isInteger(value) && value === values[0] + i);
}

/** The columns' names, each once: of the header, or by number; `renamed` are those that are not the header's own. */
export function columnNames({ cells, columns }: CsvTable, header: boolean): { names: string[]; renamed: string[] } {
  const used = new Set<string>();
  const renamed: string[] = [];
  const names = Array.from({ length: columns }, (_, j) => {
    const own = header ? shortened(cells[j]) : "";
    const wanted = own === "" ? `#${j + 1}` : own;
    let name = wanted;
    for (let copy = 2; used.has(name); copy++) {
      name = `${wanted} (${copy})`;
    }
    used.add(name);
    if (header && name !== own) {
      renamed.push(name);
    }
    return name;
  });
  return { names, renamed };
}

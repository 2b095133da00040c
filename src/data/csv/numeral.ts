import { isNumeral } from "../../core/csv.ts";

/** How a table writes its numbers. */
export type Decimal = "point" | "comma";

const comma = /^[+-]?(?:\d+,?\d*|,\d+)(?:e[+-]?\d+)?$/i;
/** Thousands in groups of three: of `.` or `,`, of blanks (no-break ones too) or of apostrophes. */
const groups = /^[+-]?[1-9]\d{0,2}(?:([.,\u0020\u00a0\u202f'’])\d{3})(?:\1\d{3})*(?:([.,])\d+)?$/;
/** Lakhs and crores, as India groups them: 12,34,567.89. */
const lakhs = /^[+-]?[1-9]\d?(?:,\d\d)+,\d{3}(?:\.\d+)?$/;

/** What may stand beside a number for what it counts: a currency's sign on either side, others behind. */
const unitSign = /\p{Sc}|[%‰°円]/u;
const measured = /^([+-]?)(\p{Sc}?)\s?([+-]?[\d.,].*?)\s?(\p{Sc}|[%‰円]|°[CF]?|)$/u;

/**
 * A negative number as accountants write it: in brackets, with a triangle in front in Japanese, or with its minus apart or
 * behind. A triangle may be an arrow upward too, so the reader says how it took it.
 */
const negative = /^(?:(\p{Sc}?)\s?\(\s?([^()+-]+?)\s?\)\s?([%‰円]?)|(?:[▲△]\s?|-\s)([^+-].*)|([^+-].*?)\s?-)$/u;

/** Signs and digits as people type them in Japanese, and the real minus, as in a program. */
function plain(cell: string): string {
  return /[\uff01-\uff5e\uffe0-\uffe6\u2103\u2109\u2212]/.test(cell)
    ? cell.normalize("NFKC").replaceAll("\u2212", "-")
    : cell;
}

/** A cell's numeral, and the sign beside it that says what it counts; "" where there is none. */
function partsOf(cell: string): { readonly numeral: string; readonly unit: string } {
  const [, sign, before, numeral, behind] = (unitSign.test(cell) && measured.exec(cell)) || [];
  return numeral === undefined || (before !== "" && behind !== "")
    ? { numeral: cell, unit: "" }
    : { numeral: sign + numeral, unit: before + behind };
}

/** The amount of a loss as accountants write it, and what it counts; null where a cell is none. */
function lossOf(cell: string, decimal: Decimal): { readonly amount: number; readonly unit: string } | null {
  const found = /[)▲△-]/.test(cell) ? negative.exec(cell) : null;
  if (found === null) {
    return null;
  }
  const [, before = "", enclosed, behind = "", marked, trailed] = found;
  const { numeral, unit } = partsOf(before + (enclosed ?? marked ?? trailed) + behind);
  const amount = plainNumber(numeral, decimal);
  return Number.isNaN(amount) ? null : { amount, unit };
}

/** What the number in a cell counts, as its sign says: "%", "$", "円"; "" where it is plain, or no number. */
export function unitOf(given: string, decimal: Decimal = "point"): string {
  const cell = plain(given);
  const { numeral, unit } = partsOf(cell);
  return unit !== "" && !Number.isNaN(plainNumber(numeral, decimal)) ? unit : (lossOf(cell, decimal)?.unit ?? "");
}

/** Whether a cell holds a negative number as accountants write it: "(1,200)", "▲1,200" or "1,200-". */
export function isLoss(given: string, decimal: Decimal = "point"): boolean {
  const cell = plain(given);
  return Number.isNaN(plainNumber(partsOf(cell).numeral, decimal)) && lossOf(cell, decimal) !== null;
}

/**
 * The number a cell holds, or NaN: decimal numerals only, thousands grouped or not, with a unit's sign or without, negative
 * ones as accountants write them too. Exact in float64.
 */
export function numberOf(given: string, decimal: Decimal = "point"): number {
  const cell = plain(given);
  const value = plainNumber(partsOf(cell).numeral, decimal);
  return Number.isNaN(value) ? 0 - (lossOf(cell, decimal)?.amount ?? Number.NaN) : value;
}

function plainNumber(cell: string, decimal: Decimal): number {
  if (decimal === "point" ? isNumeral(cell) : comma.test(cell)) {
    return Number(decimal === "point" ? cell : cell.replace(",", "."));
  }
  if (decimal === "point" && lakhs.test(cell)) {
    return Number(cell.replaceAll(",", ""));
  }
  const [, group, fraction] = groups.exec(cell) ?? [];
  const mark = decimal === "point" ? "." : ",";
  if (group === undefined || group === mark || (fraction !== undefined && fraction !== mark)) {
    return Number.NaN;
  }
  return Number(cell.replaceAll(group, "").replace(",", "."));
}

/** What one cell says of how numbers are written: a number only one way, or either way. */
function evidenceOf(cell: string): Decimal | "either" | null {
  if (!/[.,]/.test(cell)) {
    return null;
  }
  const [asPoint, asComma] = [numberOf(cell, "point"), numberOf(cell, "comma")].map(Number.isFinite);
  if (asPoint && asComma) {
    return "either";
  }
  return asPoint ? "point" : asComma ? "comma" : null;
}

export interface DecimalFound {
  readonly decimal: Decimal;
  /** A cell it was told from; null when no number has a `.` or `,`. */
  readonly sample: string | null;
  /** False when the other way would give numbers too. */
  readonly sure: boolean;
}

/** Cells that are looked at for how numbers are written. */
const lookedCells = 200_000;

/**
 * How the numbers of a table are written: as the first cells say that can be read one way only; more of them decide, and the
 * others are refused later by their line. Where each can be read both ways ("1,234"), a comma is a decimal one only where
 * cells are not parted by commas.
 */
export function decimalOf(cells: Iterable<string>, separator: string): DecimalFound {
  const votes = { point: 0, comma: 0 };
  const samples: { point?: string; comma?: string; either?: string } = {};
  let looked = 0;
  for (const cell of cells) {
    if (looked++ === lookedCells) {
      break;
    }
    const said = evidenceOf(cell);
    if (said !== null) {
      samples[said] ??= cell;
      if (said !== "either") {
        votes[said]++;
      }
    }
  }
  if (votes.point > 0 || votes.comma > 0) {
    const decimal = votes.comma > votes.point ? "comma" : "point";
    const grouped = decimal === "point" && samples.either?.includes(",") ? samples.either : undefined;
    return { decimal, sample: grouped ?? samples[decimal] ?? null, sure: true };
  }
  if (samples.either === undefined) {
    return { decimal: "point", sample: null, sure: true };
  }
  const decimal = samples.either.includes(",") && separator !== "," ? "comma" : "point";
  return { decimal, sample: samples.either, sure: false };
}

import { inLanguage, type Language, type Text } from "../core/text.ts";

/** What stands in a table: words, a number, or nothing. */
export type ShownCell = Text | number | null;

export function formatCell(cell: ShownCell, language: Language): string {
  return cell === null || typeof cell === "number" ? formatNumber(cell) : inLanguage(cell, language);
}

/** The digits a reader needs: 4 significant, whole numbers whole; – for what is missing. */
export function formatNumber(value: number | null): string {
  if (value === null) {
    return "–";
  }
  if (Number.isInteger(value)) {
    return String(value);
  }
  const size = Math.abs(value);
  return size >= 1e-3 && size < 1e6
    ? value.toFixed(Math.max(0, 3 - Math.floor(Math.log10(size))))
    : value.toExponential(2);
}

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

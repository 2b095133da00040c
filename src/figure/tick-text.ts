/** A number at an axis: three significant digits, powers of ten where it would be long. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  return size !== 0 && (size < 1e-3 || size >= 1e5)
    ? value.toExponential(1).replace(".0e", "e")
    : String(Number(value.toPrecision(3)));
}

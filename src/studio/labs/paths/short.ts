/** A number in as few characters as a moving display allows: three digits, a true minus sign. */
export function short(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  }
  if (value === 0) {
    return "0";
  }
  const size = Math.abs(value);
  const text =
    size >= 1e-3 && size < 1e5 ? String(Number(value.toPrecision(3))) : value.toExponential(1).replace("e+", "e");
  return text.replaceAll("-", "−");
}
